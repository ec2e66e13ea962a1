public import Envelope
import Synchronization

/// Keeps the key hierarchy in the store and seals what the other tables hold.
///
/// Root key → key-encryption keys by purpose and tenant → data keys by kind. Keys are made when they are first needed, inside the
/// transaction that needs them. Every transaction that seals checks that no key has changed since the cache was
/// read, so that a rotation on another node takes effect at once.
///
///     let keeper = try await KeyKeeper.open(store, root: root, tables: [people])
///     try await store.write { transaction in
///         let email = try keeper.seal(Array(address.utf8), at: people.place("email", row: id), in: transaction)
///         try transaction.run("INSERT INTO people (id, email) VALUES (\(id), \(email))")
///     }
public final class KeyKeeper: Sendable {
    /// The store that the keys are kept in.
    public let store: Store
    let roots: [any KeyWrapper]
    let tables: [SealedTable]
    let clock: @Sendable () -> Int64
    let shared = Mutex(Shared())

    /// Counts values that are sealed outside the store: by the twelve bytes that name key and version.
    public typealias OutsideValues = @Sendable () throws -> [[UInt8]: Int]

    struct Shared {
        var recorder: Recorder?
        var outside: [OutsideValues] = []
        var snapshot = KeyView.Snapshot()
        var credits: [KeyID: KeyView.Credit] = [:]
    }

    /// Opens the hierarchy, making its tables where there are none.
    ///
    /// - Parameters:
    ///   - root: wraps new key-encryption keys.
    ///   - formerRoots: may still unwrap, until ``moveToRoot()`` has run.
    ///   - tables: everything that is sealed in this store.
    ///   - clock: milliseconds since 1970.
    /// - Throws: ``StoreError``; ``EnvelopeError`` with code `unavailable` when the root is not the one that wrapped the keys.
    public static func open(
        _ store: Store, root: any KeyWrapper, formerRoots: [any KeyWrapper] = [], tables: [SealedTable],
        clock: @escaping @Sendable () -> Int64 = { Store.milliseconds() }
    ) async throws -> KeyKeeper {
        try await store.migrate([KeyTables.migrations], now: clock())
        let keeper = KeyKeeper(store: store, roots: [root] + formerRoots, tables: tables + [registers], clock: clock)
        try await store.write { transaction in
            for table in keeper.tables {
                for column in table.columns {
                    try transaction.run(
                        """
                        INSERT INTO sealed_columns (table_name, column_name) VALUES (\(table.name), \(column.name))
                        ON CONFLICT (table_name, column_name) DO NOTHING
                        """)
                }
            }
            try keeper.checkRoot(in: transaction)
        }
        return keeper
    }

    /// True where a store already holds keys, which only the root that wrapped them opens.
    ///
    /// - Throws: ``StoreError``.
    public static func hasKeys(in store: Store) async throws -> Bool {
        try await store.read { try $0.hasTable("keys") && $0.row("SELECT 1 FROM keys") != nil }
    }

    private init(store: Store, roots: [any KeyWrapper], tables: [SealedTable], clock: @escaping @Sendable () -> Int64) {
        self.store = store
        self.roots = roots
        self.tables = tables
        self.clock = clock
    }

    /// Seals a value for its place.
    ///
    /// - Throws: ``EnvelopeError`` with code `exhausted` when the key has been used too often, ``StoreError``.
    public func seal(_ value: [UInt8], at place: Place, in transaction: Transaction) throws -> [UInt8] {
        let view = try view(in: transaction)
        let ring = try view.ring(KeyName(.record, purpose: place.purpose, tenant: place.tenant))
        try use(ring, view, transaction)
        var generator = SystemRandomNumberGenerator()
        return try RecordSeal(material: view.material(ring.id, ring.primary), key: ring.id, version: ring.primary)
            .seal(value, at: place, using: &generator)
    }

    /// Opens a value in its place, whichever version sealed it.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic`, `malformed` or `unknownKey`.
    public func open(_ sealed: [UInt8], at place: Place, in transaction: Transaction) throws -> [UInt8] {
        let record = try SealedRecord(sealed)
        let view = try view(in: transaction)
        try expect(record.key, KeyName(.record, purpose: place.purpose, tenant: place.tenant), view)
        return try RecordSeal(material: view.material(record.key, record.version), key: record.key, version: record.version)
            .open(record, at: place)
    }

    /// Seals a value so that equal values of one purpose, tenant, table and column look equal. The row is not bound.
    ///
    /// Assumes: equality and frequency may be seen; not for columns of few different values.
    /// - Throws: as ``seal(_:at:in:)``.
    public func sealDeterministically(_ value: [UInt8], at place: Place, in transaction: Transaction) throws -> [UInt8] {
        let view = try view(in: transaction)
        let ring = try view.ring(KeyName(.deterministic, purpose: place.purpose, tenant: place.tenant))
        try use(ring, view, transaction)
        return try deterministic(value, place, ring.id, ring.primary, view)
    }

    /// Opens what ``sealDeterministically(_:at:in:)`` sealed.
    ///
    /// - Throws: as ``open(_:at:in:)``.
    public func openDeterministic(_ sealed: [UInt8], at place: Place, in transaction: Transaction) throws -> [UInt8] {
        let header = try SealedHeader(sealed, format: .deterministic)
        let view = try view(in: transaction)
        try expect(header.key, KeyName(.deterministic, purpose: place.purpose, tenant: place.tenant), view)
        return try view.material(header.key, header.version).withBytes { key in
            try AESSIV(key: key).open(
                Array(sealed.dropFirst(SealedHeader.count)), authenticating: [SealedHeader.label(sealed), place.columnLabel])
        }
    }

    /// Every form that a value may have in a deterministic column: one per version in use, the primary's first.
    ///
    /// - Throws: ``EnvelopeError``, ``StoreError``.
    public func deterministicForms(of value: [UInt8], at place: Place, in transaction: Transaction) throws -> [[UInt8]] {
        try forms(KeyName(.deterministic, purpose: place.purpose, tenant: place.tenant), in: transaction) { id, version, view in
            try self.deterministic(value, place, id, version, view)
        }
    }

    /// A blind index of a value: 16 bytes of HMAC-SHA-256 behind a 13-byte header. Equal values have equal indexes.
    ///
    /// - Throws: as ``seal(_:at:in:)``.
    public func index(_ value: [UInt8], at place: Place, in transaction: Transaction) throws -> [UInt8] {
        let view = try view(in: transaction)
        let ring = try view.ring(KeyName(.index, purpose: place.purpose, tenant: place.tenant))
        return try blindIndex(value, place, ring.id, ring.primary, view)
    }

    /// Every index that a value may have: one per version in use, for `WHERE email_index IN (\(list: forms))`.
    ///
    /// - Throws: ``EnvelopeError``, ``StoreError``.
    public func indexForms(of value: [UInt8], at place: Place, in transaction: Transaction) throws -> [[UInt8]] {
        try forms(KeyName(.index, purpose: place.purpose, tenant: place.tenant), in: transaction) { id, version, view in
            try self.blindIndex(value, place, id, version, view)
        }
    }

    /// The material of a key for another use than sealing columns, such as signing; made where there is none.
    ///
    /// - Parameter version: nil for the primary.
    /// - Throws: ``EnvelopeError``, ``StoreError``.
    public func material(_ name: KeyName, version: UInt32? = nil, in transaction: Transaction) throws -> (
        material: KeyMaterial, id: KeyID, version: UInt32
    ) {
        let view = try view(in: transaction)
        let ring = try view.ring(name)
        let version = version ?? ring.primary
        return (try view.material(ring.id, version), ring.id, version)
    }

    /// The hierarchy as the transaction sees it; read once per transaction.
    func view(in transaction: Transaction) throws -> KeyView {
        if let view = transaction.attachments[ObjectIdentifier(self)] as? KeyView { return view }
        let cached = shared.withLock { $0.snapshot }
        let view = try KeyView(cached: cached, transaction: transaction, roots: roots, now: clock()) { try self.tell($0, in: transaction) }
        transaction.attachments[ObjectIdentifier(self)] = view
        if transaction.isWritable {
            transaction.onCommit { self.commit(view) }
        } else {
            shared.withLock { $0.snapshot = view.snapshot }
        }
        return view
    }

    private func commit(_ view: KeyView) {
        shared.withLock { shared in
            if view.isChanged {
                shared.snapshot.epoch = -1
            } else if view.snapshot.epoch >= shared.snapshot.epoch {
                shared.snapshot = view.snapshot
            }
            for (id, credit) in view.credits {
                if let known = shared.credits[id], known.version == credit.version {
                    shared.credits[id]?.left += credit.left
                } else {
                    shared.credits[id] = credit
                }
            }
        }
    }

    /// Counts one use of a key: from what is reserved, or else from a new reservation in this transaction.
    func use(_ ring: KeyRing, _ view: KeyView, _ transaction: Transaction) throws {
        if var credit = view.credits[ring.id], credit.version == ring.primary, credit.left > 0 {
            credit.left -= 1
            view.credits[ring.id] = credit
            return
        }
        let isPaid = shared.withLock { shared in
            guard let credit = shared.credits[ring.id], credit.version == ring.primary, credit.left > 0 else { return false }
            shared.credits[ring.id]?.left -= 1
            return true
        }
        guard !isPaid else { return }
        try reserve(ring, view, transaction)
    }

    private func reserve(_ ring: KeyRing, _ view: KeyView, _ transaction: Transaction) throws {
        let row = try transaction.row("SELECT uses FROM key_versions WHERE key_id = \(ring.id.bytes) AND version = \(ring.primary)")
        var fresh = ring
        let used = UInt64(try row?.integer("uses") ?? 0)
        fresh = KeyRing(
            id: ring.id, name: ring.name, versions: [ring.primary: .init(state: .active, created: 0, uses: used)], primary: ring.primary)
        try fresh.reserve(KeyView.block, at: clock())
        try transaction.run(
            """
            UPDATE key_versions SET uses = uses + \(Int64(KeyView.block)), last_use = \(clock())
            WHERE key_id = \(ring.id.bytes) AND version = \(ring.primary)
            """)
        view.credits[ring.id] = KeyView.Credit(version: ring.primary, left: KeyView.block - 1)
        try tell(KeyEvent(action: .used, name: ring.name, version: ring.primary, uses: KeyView.block), in: transaction)
    }

    /// Adds a place outside the store where values are sealed, such as files; `retire` then counts them too.
    public func countOutside(_ values: @escaping OutsideValues) { shared.withLock { $0.outside.append(values) } }

    var outsideValues: [OutsideValues] { shared.withLock { $0.outside } }

    /// Uses that are reserved and not made, by key.
    var unusedCredits: [KeyID: KeyView.Credit] { shared.withLock { $0.credits } }

    private func checkRoot(in transaction: Transaction) throws {
        let view = try view(in: transaction)
        for ring in view.snapshot.rings.values where ring.name.kind == .keyEncryption { _ = try view.material(ring.id, ring.primary) }
    }

    /// Refuses: a value sealed under the key of another purpose or tenant.
    func expect(_ id: KeyID, _ name: KeyName, _ view: KeyView) throws {
        guard let ring = view.snapshot.rings[id] else { throw EnvelopeError(.unknownKey, "no key \(id)") }
        guard ring.name == name else { throw EnvelopeError(.notAuthentic, "the value was sealed for another purpose") }
    }

    func forms(
        _ name: KeyName, in transaction: Transaction, _ form: (KeyID, UInt32, KeyView) throws -> [UInt8]
    ) throws -> [[UInt8]] {
        let view = try view(in: transaction)
        guard let id = view.snapshot.names[name], let ring = view.snapshot.rings[id] else { return [] }
        let versions = ring.versions.filter { $0.value.state == .active }.keys.sorted(by: >)
        return try versions.map { try form(ring.id, $0, view) }
    }

    private func deterministic(_ value: [UInt8], _ place: Place, _ id: KeyID, _ version: UInt32, _ view: KeyView) throws -> [UInt8] {
        let header = SealedHeader(.deterministic, id, version).bytes
        return try view.material(id, version).withBytes { key in
            header + (try AESSIV(key: key).seal(value, authenticating: [header, place.columnLabel]))
        }
    }

    private func blindIndex(_ value: [UInt8], _ place: Place, _ id: KeyID, _ version: UInt32, _ view: KeyView) throws -> [UInt8] {
        let header = SealedHeader(.index, id, version).bytes
        return header + (try view.material(id, version).withBytes { Derivation.code(of: place.columnLabel + value, key: $0, count: 16) })
    }
}
