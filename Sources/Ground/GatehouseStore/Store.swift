/// The store that every service keeps its tables in: SQLite in a file, or PostgreSQL for a fleet, behind one interface.
///
/// Statements are ``SQL`` literals. Work runs on the database's own threads, never on the caller's, so an event loop may
/// await it. Transactions are serializable on both databases. What a finished `write` has done is on disk: it outlives
/// `kill -9` and, where the disk keeps its promises, a power cut.
///
///     let store = try await Store.open(.file("data/gatehouse.sqlite"))
///     try await store.migrate([accounts])
///     let name = try await store.read { try $0.row("SELECT name FROM accounts WHERE id = \(id)")?.text("name") }
public struct Store: Sendable {
    let backend: any StoreBackend
    /// Where the data lies.
    public let location: StoreLocation

    /// The database below.
    public var dialect: SQLDialect { backend.dialect }

    /// Opens a store, creating the file where there is none.
    ///
    /// - Parameter connections: the most connections to PostgreSQL, or readers of SQLite, at a time; default 8.
    /// - Throws: ``StoreError`` with code `unavailable`.
    public static func open(_ location: StoreLocation, connections: Int = 8) async throws -> Store {
        switch location {
        case .file(let path):
            return Store(backend: try SQLiteBackend(path: path, readers: connections), location: location)
        case .memory:
            return Store(backend: try SQLiteBackend(), location: location)
        case .postgres(let address):
            return Store(backend: try await PostgreSQLBackend(address: address, connections: connections), location: location)
        }
    }

    /// Runs queries against one snapshot of the data.
    ///
    /// - Throws: ``StoreError``, or what `body` throws.
    public func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await backend.read(body)
    }

    /// Runs statements as one serializable transaction, which ends with the closure: committed when it returns, undone when it throws.
    ///
    /// PostgreSQL may run `body` again, up to 12 times, when other transactions got in its way; it must do nothing
    /// but talk to the database.
    ///
    /// - Throws: ``StoreError``, or what `body` throws.
    public func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await backend.write(body)
    }

    /// All rows of one query.
    public func rows(_ sql: SQL) async throws -> [Row] { try await read { try $0.rows(sql) } }

    /// The first row of one query, nil where there is none.
    public func row(_ sql: SQL) async throws -> Row? { try await read { try $0.row(sql) } }

    /// Runs one statement as its own transaction; returns how many rows it changed.
    @discardableResult
    public func run(_ sql: SQL) async throws -> Int { try await write { try $0.run(sql) } }

    /// Closes every connection; statements under way end first.
    public func close() async throws { try await backend.close() }
}
