import Foundation

extension Store {
    /// Brings the tables of every set up to date, in one transaction: all steps or none.
    ///
    /// - Parameter now: the time written to the ledger, in milliseconds since 1970; default the system's.
    /// - Returns: how many steps ran.
    /// - Throws: ``StoreError`` with code `newerData` when the ledger has steps that this program does not know, and
    ///   `migration` when a recorded step is not the one that the program has.
    @discardableResult
    public func migrate(_ sets: [MigrationSet], now: Int64 = Store.milliseconds()) async throws -> Int {
        try await Ledger.create(in: self)
        return try await write { transaction in
            try Ledger.lock(in: transaction)
            return try sets.reduce(0) { try $0 + Ledger.apply($1, in: transaction, now: now) }
        }
    }

    /// The system's time in milliseconds since 1970.
    public static func milliseconds() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) }
}

/// The table that says which steps have run.
enum Ledger {
    /// Makes the ledger where there is none; another node may be making it at the same moment.
    ///
    /// PostgreSQL looks whether the table exists before it makes it, so of two nodes one may fail, on the type's unique name or on the
    /// table itself. By then the table is there, and the statement does nothing when it is repeated.
    static func create(in store: Store) async throws {
        do {
            try await store.run(table)
        } catch let error as StoreError where error.code == .constraint || error.code == .statement {
            try await store.run(table)
        }
    }

    private static let table: SQL = """
        CREATE TABLE IF NOT EXISTS gatehouse_migrations (
            owner TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL,
            sqlite TEXT NOT NULL, postgres TEXT NOT NULL, applied BIGINT NOT NULL,
            PRIMARY KEY (owner, number))
        """

    /// Lets one node migrate at a time. First in its transaction: `LOCK` alone takes no snapshot, so what follows
    /// sees what the last holder wrote.
    static func lock(in transaction: Transaction) throws {
        guard transaction.dialect == .postgres else { return }
        try transaction.run("LOCK TABLE gatehouse_migrations IN EXCLUSIVE MODE")
    }

    static func recorded(in transaction: Transaction) throws -> [RecordedMigration] {
        try transaction.rows("SELECT owner, number, name, sqlite, postgres FROM gatehouse_migrations ORDER BY owner, number")
            .map { try RecordedMigration($0) }
    }

    /// Runs the steps of `set` that have not run.
    static func apply(_ set: MigrationSet, in transaction: Transaction, now: Int64) throws -> Int {
        let known = try set.migrations.enumerated().map { try RecordedMigration($1, owner: set.owner, number: $0 + 1) }
        let done = try recorded(in: transaction).filter { $0.owner == set.owner }
        guard done.count <= known.count else {
            throw StoreError(
                .newerData, "the data of `\(set.owner)` is at version \(done.count), this program knows \(known.count): use a newer program"
            )
        }
        for (was, now) in zip(done, known) where was != now {
            throw StoreError(.migration, "migration \(now.number) of `\(set.owner)` differs from the one that was applied")
        }
        for migration in known.dropFirst(done.count) { try apply(migration, in: transaction, now: now) }
        return known.count - done.count
    }

    /// Runs one step and writes it down.
    static func apply(_ migration: RecordedMigration, in transaction: Transaction, now: Int64) throws {
        for statement in migration.statements(for: transaction.dialect) {
            try transaction.run(SQL(recorded: statement))
        }
        let (sqlite, postgres) = (
            migration.sqlite.joined(separator: String(RecordedMigration.separator)),
            migration.postgres.joined(separator: String(RecordedMigration.separator))
        )
        try transaction.run(
            """
            INSERT INTO gatehouse_migrations (owner, number, name, sqlite, postgres, applied)
            VALUES (\(migration.owner), \(migration.number), \(migration.name), \(sqlite), \(postgres), \(now))
            """)
    }
}

extension SQL {
    /// A statement of the ledger, which was a literal when it was written down. Not for any other text.
    fileprivate init(recorded text: String) { pieces = [.literal(text)] }
}
