/// The tables of one service, as the ordered list of the changes that made them.
///
/// Migrations go forward only. Once released, a migration is never edited: a change is a new one at the end.
public struct MigrationSet: Sendable {
    /// The service whose tables these are, such as `identity`; part of the ledger's key.
    public let owner: String
    /// The changes, oldest first; the first has number 1.
    public let migrations: [Migration]

    /// The tables of `owner`.
    public init(owner: String, _ migrations: [Migration]) {
        self.owner = owner
        self.migrations = migrations
    }
}

/// One step: a name for the ledger, and statements without parameters.
public struct Migration: Sendable {
    /// What the step does, a few words.
    public let name: String
    /// The statements, one each, in order.
    public let statements: [SQL]

    /// A step of one or more statements.
    public init(_ name: String, _ statements: SQL...) {
        self.name = name
        self.statements = statements
    }
}

/// A migration as it stands in the ledger, in both dialects, so that a backup can be restored into either.
struct RecordedMigration: Sendable, Hashable {
    var owner: String
    var number: Int
    var name: String
    var sqlite: [String]
    var postgres: [String]

    /// - Throws: ``StoreError`` with code `migration` where a statement has parameters.
    init(_ migration: Migration, owner: String, number: Int) throws(StoreError) {
        self.owner = owner
        self.number = number
        name = migration.name
        sqlite = []
        postgres = []
        for statement in migration.statements {
            let (left, right) = (try statement.rendered(for: .sqlite), try statement.rendered(for: .postgres))
            guard left.parameters.isEmpty else {
                throw StoreError(.migration, "migration \(number) of `\(owner)` has parameters")
            }
            sqlite.append(left.text)
            postgres.append(right.text)
        }
    }

    /// - Throws: ``StoreError`` with code `decoding`.
    init(_ row: Row) throws(StoreError) {
        owner = try row.text("owner")
        number = try row.int("number")
        name = try row.text("name")
        sqlite = try row.text("sqlite").split(separator: Self.separator).map(String.init)
        postgres = try row.text("postgres").split(separator: Self.separator).map(String.init)
    }

    func statements(for dialect: SQLDialect) -> [String] { dialect == .sqlite ? sqlite : postgres }

    /// Stands between statements in the ledger; no SQL literal holds it.
    static let separator: Character = "\u{1e}"
}
