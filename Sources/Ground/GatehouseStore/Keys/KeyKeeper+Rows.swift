import Envelope

/// Finds rows that were put back as they once were, or removed, behind the program's back.
///
/// A seal binds a value to its row's revision, but the revision stands in the row: whoever can write the database can put a whole old row back.
/// Against that a table may keep *registers*: 64 sealed sums (XOR of HMAC-SHA-256 over row and revision) that every recorded change updates in its own
/// transaction, and that ``verifyRows(of:changesAtLeast:)`` recomputes. The number of changes grows for ever; kept elsewhere, such as in
/// the audit log, it shows that registers were put back too.
extension KeyKeeper {
    static let registers = SealedTable("sealed_registers", row: "id", revision: "revision", columns: [.record("content", purpose: "rows")])
    private static let buckets = 64

    /// Records that a row went from one revision to another, in the transaction that changes it.
    ///
    /// - Parameters:
    ///   - old: the revision before; nil for a new row.
    ///   - new: the revision after; nil for a row that is removed.
    /// - Throws: ``EnvelopeError`` with code `notAuthentic` for a register that was tampered with, ``StoreError``.
    public func recordChange(
        of table: SealedTable, row: String, from old: Int64?, to new: Int64?, in transaction: Transaction
    ) throws {
        let key = try registerKey(of: table, in: transaction)
        let id = "\(table.name)#\(Self.bucket(of: row, key))"
        let register = try register(id, in: transaction)
        var sum = register?.content ?? [UInt8](repeating: 0, count: 32)
        for revision in [old, new].compactMap({ $0 }) { sum = Self.xor(sum, Self.mark(row, revision, key)) }
        try put(sum, id: id, revision: (register?.revision ?? 0) + 1, isNew: register == nil, in: transaction)
    }

    /// Compares a table's rows with its registers.
    ///
    /// - Parameter changesAtLeast: a number of changes that this function once returned.
    /// - Returns: how many changes were ever recorded.
    /// - Throws: ``EnvelopeError`` with code `notAuthentic` when rows or registers were put back, removed or added without being recorded.
    @discardableResult
    public func verifyRows(of table: SealedTable, changesAtLeast: Int64 = 0) async throws -> Int64 {
        guard let revision = table.revision else { throw StoreError(.misuse, "the table `\(table.name)` has no revisions") }
        return try await store.read { transaction in
            let known = try transaction.row("SELECT COUNT(*) AS n FROM sealed_registers WHERE id = \(table.name + "#key")")?.int("n") ?? 0
            let rows = try transaction.rows("SELECT \(SQL(name: table.row)), \(SQL(name: revision)) FROM \(SQL(name: table.name))")
            guard known > 0 else {
                guard rows.isEmpty, changesAtLeast == 0 else {
                    throw EnvelopeError(.notAuthentic, "the table `\(table.name)` has lost its registers")
                }
                return 0
            }
            let key = try self.registerKey(of: table, in: transaction)
            var sums = [[UInt8]](repeating: [UInt8](repeating: 0, count: 32), count: Self.buckets)
            for row in rows {
                let id = try row.key(table.row)
                let bucket = Self.bucket(of: id, key)
                sums[bucket] = Self.xor(sums[bucket], Self.mark(id, try row.integer(revision), key))
            }
            var changes: Int64 = 0
            for bucket in 0..<Self.buckets {
                let register = try self.register("\(table.name)#\(bucket)", in: transaction)
                guard sums[bucket] == register?.content ?? [UInt8](repeating: 0, count: 32) else {
                    throw EnvelopeError(.notAuthentic, "rows of `\(table.name)` were changed without being recorded")
                }
                changes += register?.revision ?? 0
            }
            guard changes >= changesAtLeast else { throw EnvelopeError(.notAuthentic, "the registers of `\(table.name)` were put back") }
            return changes
        }
    }

    /// The code key of a table's registers: random, and sealed beside them, so that it is rewrapped like any value.
    private func registerKey(of table: SealedTable, in transaction: Transaction) throws -> [UInt8] {
        let id = "\(table.name)#key"
        if let register = try register(id, in: transaction) { return register.content }
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        try put(key, id: id, revision: 1, isNew: true, in: transaction)
        return key
    }

    private func register(_ id: String, in transaction: Transaction) throws -> (content: [UInt8], revision: Int64)? {
        guard let row = try transaction.row("SELECT revision, content FROM sealed_registers WHERE id = \(id)") else { return nil }
        let revision = try row.integer("revision")
        return (try open(row.blob("content"), at: Self.registers.place("content", row: id, revision: revision), in: transaction), revision)
    }

    private func put(_ content: [UInt8], id: String, revision: Int64, isNew: Bool, in transaction: Transaction) throws {
        let sealed = try seal(content, at: Self.registers.place("content", row: id, revision: revision), in: transaction)
        if isNew {
            try transaction.run("INSERT INTO sealed_registers (id, revision, content) VALUES (\(id), \(revision), \(sealed))")
        } else {
            try transaction.run("UPDATE sealed_registers SET revision = \(revision), content = \(sealed) WHERE id = \(id)")
        }
    }

    private static func bucket(of row: String, _ key: [UInt8]) -> Int { Int(Derivation.code(of: Array(row.utf8), key: key)[0]) % buckets }

    private static func mark(_ row: String, _ revision: Int64, _ key: [UInt8]) -> [UInt8] {
        Derivation.code(of: bigEndianBytes(UInt64(bitPattern: revision)) + row.utf8, key: key)
    }

    private static func xor(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { zip(left, right).map { $0 ^ $1 } }
}
