/// Statements that happen together or not at all; valid inside the closure it is given to and never after.
///
/// Not `Sendable` on purpose: it belongs to the database's thread for as long as the closure runs.
public final class Transaction {
    /// The database that the statements go to.
    public let dialect: SQLDialect
    /// True where the transaction may change data.
    public let isWritable: Bool
    /// What else belongs to this transaction, such as the key epoch that its seals were made under.
    var attachments: [ObjectIdentifier: Any] = [:]

    /// What happens once the transaction is on disk, such as handing reserved key uses to other transactions.
    private var commitHooks: [() -> Void] = []

    /// What is left to do before the transaction is committed; such work may leave more.
    private var closingWork: [() throws -> Void] = []

    private let execute: (SQL.Rendered) throws -> StatementResult
    private var isOpen = true

    init(dialect: SQLDialect, isWritable: Bool, execute: @escaping (SQL.Rendered) throws -> StatementResult) {
        self.dialect = dialect
        self.isWritable = isWritable
        self.execute = execute
    }

    /// All rows of a query.
    ///
    /// - Throws: ``StoreError``.
    public func rows(_ sql: SQL) throws -> [Row] { try result(of: sql).rows }

    /// The first row of a query, nil where there is none.
    ///
    /// - Throws: ``StoreError``.
    public func row(_ sql: SQL) throws -> Row? { try result(of: sql).rows.first }

    /// Runs a statement; returns how many rows it changed, which makes compare-and-set one line:
    ///
    ///     try transaction.run("UPDATE grants SET used = \(true) WHERE code = \(code) AND used = \(false)") == 1
    ///
    /// - Throws: ``StoreError``.
    @discardableResult
    public func run(_ sql: SQL) throws -> Int { try result(of: sql).changes }

    /// True where the database has a table of this name.
    ///
    /// - Throws: ``StoreError``.
    public func hasTable(_ name: String) throws -> Bool {
        switch dialect {
        case .sqlite: try row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = \(name)") != nil
        case .postgres:
            try row("SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = \(name)") != nil
        }
    }

    func close() { isOpen = false }

    func onCommit(_ hook: @escaping () -> Void) { commitHooks.append(hook) }

    func beforeCommit(_ work: @escaping () throws -> Void) { closingWork.append(work) }

    /// Does what is left to do, and closes the transaction.
    func finish() throws {
        while !closingWork.isEmpty {
            let work = closingWork
            closingWork = []
            for step in work { try step() }
        }
    }

    func committed() { for hook in commitHooks { hook() } }

    private func result(of sql: SQL) throws -> StatementResult {
        guard isOpen else { throw StoreError(.misuse, "the transaction has ended") }
        return try execute(sql.rendered(for: dialect))
    }
}

/// What a statement gave back.
struct StatementResult {
    var rows: [Row] = []
    var changes = 0
}

/// One of the databases below a store.
protocol StoreBackend: Sendable {
    var dialect: SQLDialect { get }
    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T
    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T
    func close() async throws
}
