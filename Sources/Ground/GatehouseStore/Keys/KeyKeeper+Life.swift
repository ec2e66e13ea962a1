public import Envelope

/// What a version of a key has done and is still needed for.
public struct KeyVersionReport: Sendable, Hashable {
    /// The key.
    public var name: KeyName
    /// The key's identifier.
    public var id: KeyID
    /// The version.
    public var version: UInt32
    /// Whether it is the one that seals.
    public var isPrimary: Bool
    /// Whether it still opens anything.
    public var state: KeyRing.State
    /// When it was made, in milliseconds since 1970.
    public var created: Int64
    /// When it last sealed, to the nearest reservation of 4,096 uses.
    public var lastUse: Int64?
    /// How often it has sealed; never too few.
    public var uses: UInt64
    /// How many stored values, or wrapped keys, only this version opens.
    public var liveValues: Int
}

extension KeyKeeper {
    /// Every version of every key, with what it has done and is needed for.
    ///
    /// - Throws: ``StoreError``.
    public func inventory() async throws -> [KeyVersionReport] {
        try await store.read { transaction in
            let live = try LiveValues(self.tables, outside: self.outsideValues, in: transaction)
            let credits = self.unusedCredits
            return try KeyTables.rings(in: transaction).flatMap { ring in
                ring.versions.map { version, known in
                    let credit = credits[ring.id].flatMap { $0.version == version ? $0.left : nil } ?? 0
                    return KeyVersionReport(
                        name: ring.name, id: ring.id, version: version, isPrimary: version == ring.primary, state: known.state,
                        created: known.created, lastUse: known.lastUse, uses: known.uses - min(credit, known.uses),
                        liveValues: live.count(ring.id, version))
                }
            }.sorted { ($0.name.description, $0.version) < ($1.name.description, $1.version) }
        }
    }

    /// Makes the next version of a key the one that seals; all others go on opening. Returns its number.
    ///
    /// - Throws: ``StoreError``, ``EnvelopeError``.
    @discardableResult
    public func rotate(_ name: KeyName) async throws -> UInt32 {
        try await store.write { try self.view(in: $0).rotate(name) }
    }

    /// Makes new versions of the keys of sealed columns, and of the keys that wrap them, whose version that seals is too old or has been
    /// used too often. Nodes that do so at once make one new version, not two.
    ///
    /// - Parameter age: milliseconds; 0 for no limit by age.
    /// - Returns: the keys that have a new version.
    /// - Throws: ``StoreError``, ``EnvelopeError``.
    public func rotateDue(olderThan age: Int64) async throws -> [KeyName] {
        let now = clock()
        let columns = Set(tables.flatMap(\.columns).map { KeyName($0.kind, purpose: $0.purpose) })
        let isDue: @Sendable (KeyRing) -> Bool = { ring in
            guard ring.name.kind == .keyEncryption || columns.contains(KeyName(ring.name.kind, purpose: ring.name.purpose)) else {
                return false
            }
            let made = ring.versions[ring.primary]?.created ?? now
            return ring.isRotationDue || (age > 0 && made + age <= now)
        }
        guard try await store.read({ try KeyTables.rings(in: $0).contains(where: isDue) }) else { return [] }
        return try await store.write { transaction in
            let view = try self.view(in: transaction)
            return try KeyTables.rings(in: transaction).filter(isDue).map { ring in
                _ = try view.rotate(ring.name)
                return ring.name
            }
        }
    }

    /// The twelve bytes that name a version of a key; nil where there is no such key.
    ///
    /// - Throws: ``StoreError``.
    public func label(of name: KeyName, version: UInt32? = nil) async throws -> [UInt8]? {
        try await store.read { transaction in
            guard let ring = try KeyTables.rings(in: transaction).first(where: { $0.name == name }) else { return nil }
            return SealedHeader(.record, ring.id, version ?? ring.primary).label
        }
    }

    /// Wraps every key-encryption key under the current root, in one transaction; former roots are not needed afterwards.
    ///
    /// - Returns: how many keys moved.
    /// - Throws: ``StoreError``, ``EnvelopeError``.
    @discardableResult
    public func moveToRoot() async throws -> Int {
        try await store.write { try self.view(in: $0).rewrapAll(under: self.roots[0]) }
    }

    /// Ends a version's life and destroys its material.
    ///
    /// Refuses: the version that seals; one that a stored value or wrapped key still needs; any, while a sealed table is known to
    /// the store that this program does not know, since its values could not be counted; one that is lent to a running program.
    /// - Throws: ``EnvelopeError`` with code `state` or `unknownKey`.
    public func retire(_ name: KeyName, version: UInt32) async throws {
        try await store.write { transaction in
            try self.refuseUnknownTables(in: transaction)
            guard var ring = try KeyTables.rings(in: transaction).first(where: { $0.name == name }) else {
                throw EnvelopeError(.unknownKey, "no key \(name)")
            }
            try ring.retire(
                version, liveValues: LiveValues(self.tables, outside: self.outsideValues, in: transaction).count(ring.id, version))
            try self.refuseLent(ring, version, in: transaction)
            try transaction.run(
                """
                UPDATE key_versions SET state = \(KeyRing.State.retired.rawValue), wrapped = \([UInt8]?.none)
                WHERE key_id = \(ring.id.bytes) AND version = \(version)
                """)
            try self.view(in: transaction).put(ring)
            try self.tell(KeyEvent(action: .retired, name: name, version: version), in: transaction)
        }
    }

    private func refuseLent(_ ring: KeyRing, _ version: UInt32, in transaction: Transaction) throws {
        let row = try transaction.row("SELECT lent_until FROM key_versions WHERE key_id = \(ring.id.bytes) AND version = \(version)")
        guard let until = try row?.optionalInteger("lent_until"), until > clock() else { return }
        throw EnvelopeError(
            .state, "version \(version) of \(ring.name) is lent to a running program for \((until - clock()) / 1000 + 1) more seconds")
    }

    private func refuseUnknownTables(in transaction: Transaction) throws {
        let known = Set(tables.flatMap { table in table.columns.map { [table.name, $0.name] } })
        for row in try transaction.rows("SELECT table_name, column_name FROM sealed_columns") {
            let name = [try row.text("table_name"), try row.text("column_name")]
            guard known.contains(name) else {
                throw EnvelopeError(
                    .state, "the sealed column `\(name.joined(separator: "."))` is unknown to this program, so its values cannot be counted"
                )
            }
        }
    }
}

/// How many values each key version alone opens, counted from the values' own headers.
struct LiveValues {
    private var counts: [[UInt8]: Int] = [:]

    init(_ tables: [SealedTable], outside: [KeyKeeper.OutsideValues], in transaction: Transaction) throws {
        for count in outside { try counts.merge(count(), uniquingKeysWith: +) }
        for table in tables where try transaction.hasTable(table.name) {
            for column in table.columns {
                let name = SQL(name: column.name)
                let rows = try transaction.rows(
                    """
                    SELECT substr(\(name), 2, 12) AS label, COUNT(*) AS n FROM \(SQL(name: table.name))
                    WHERE \(name) IS NOT NULL GROUP BY substr(\(name), 2, 12)
                    """)
                for row in rows { counts[try row.blob("label"), default: 0] += try row.int("n") }
            }
        }
        let wrapped = try transaction.rows(
            """
            SELECT parent, parent_version, COUNT(*) AS n FROM key_versions
            WHERE wrapped IS NOT NULL AND parent_version > 0 GROUP BY parent, parent_version
            """)
        for row in wrapped {
            let label = try row.blob("parent") + bigEndianBytes(UInt64(row.int("parent_version"))).suffix(4)
            counts[label, default: 0] += try row.int("n")
        }
    }

    func count(_ id: KeyID, _ version: UInt32) -> Int { counts[id.bytes + bigEndianBytes(UInt64(version)).suffix(4)] ?? 0 }
}

/// A version of a key lent for use outside transactions, with the uses that were reserved for it.
public struct KeyLease: Sendable {
    /// The key's material.
    public let material: KeyMaterial
    /// The key.
    public let id: KeyID
    /// The version.
    public let version: UInt32
    /// How often it may be used.
    public let uses: UInt64
    /// When it ends, in milliseconds since 1970 by the lender's clock. Values sealed before are stored by then, or not at all.
    public let until: Int64

    /// How long a lease lasts, in milliseconds.
    public static let duration: Int64 = 60_000
}

extension KeyKeeper {
    /// Lends the primary of a key, for no use only to know it, made where there is none, for a number of uses that count as made. The version cannot be retired
    /// before the lease has ended.
    ///
    /// - Throws: ``EnvelopeError`` with code `exhausted`, ``StoreError``.
    public func lease(_ name: KeyName, uses: UInt64) async throws -> KeyLease {
        try await store.write { transaction in
            let (material, id, version) = try self.material(name, in: transaction)
            let row = try transaction.row("SELECT uses FROM key_versions WHERE key_id = \(id.bytes) AND version = \(version)")
            let used = UInt64(try row?.integer("uses") ?? 0)
            guard used + uses <= KeyRing.useLimit else {
                throw EnvelopeError(.exhausted, "version \(version) of \(name) has been used up: rotate it")
            }
            let until = self.clock() + KeyLease.duration
            guard uses > 0 else { return KeyLease(material: material, id: id, version: version, uses: 0, until: until) }
            try transaction.run(
                """
                UPDATE key_versions SET uses = uses + \(Int64(uses)), last_use = \(self.clock()), lent_until = \(until)
                WHERE key_id = \(id.bytes) AND version = \(version)
                """)
            try self.tell(KeyEvent(action: .used, name: name, version: version, uses: uses), in: transaction)
            return KeyLease(material: material, id: id, version: version, uses: uses, until: until)
        }
    }
}
