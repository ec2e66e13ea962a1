import Foundation
import GRDB

/// SQLite through GRDB: one writer, many readers, write-ahead log, every commit synced to disk.
struct SQLiteBackend: StoreBackend {
    let dialect = SQLDialect.sqlite
    private let database: any DatabaseWriter

    /// Opens a file.
    init(path: String, readers: Int) throws {
        do {
            try Self.createFile(at: path)
            database = try DatabasePool(path: path, configuration: Self.configuration(readers: readers))
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.unavailable, "cannot open `\(path)`: \(StoreError(sqlite: error).reason)")
        }
    }

    /// Opens a database in memory.
    init() throws {
        database = try DatabaseQueue(configuration: Self.configuration(readers: 1))
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await mapped {
            try await database.read { database in
                let transaction = Transaction(dialect: .sqlite, isWritable: false) { try Self.execute($0, in: database) }
                defer { transaction.close() }
                return try body(transaction)
            }
        }
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await mapped {
            let (value, transaction) = try await database.write { database in
                let transaction = Transaction(dialect: .sqlite, isWritable: true) { try Self.execute($0, in: database) }
                defer { transaction.close() }
                let value = try body(transaction)
                try transaction.finish()
                return (value, Committed(transaction: transaction))
            }
            transaction.transaction.committed()
            return value
        }
    }

    func close() async throws { try database.close() }

    /// The file and its folder, closed to other users, before SQLite would create them open.
    private static func createFile(at path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if !FileManager.default.fileExists(atPath: folder) {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        if !FileManager.default.fileExists(atPath: path) {
            let isCreated = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            guard isCreated else { throw StoreError(.unavailable, "cannot create `\(path)`") }
        }
    }

    private static func configuration(readers: Int) -> Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = max(1, readers)
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            guard !database.configuration.readonly else { return }
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    /// Carries a closed transaction out of the database's queue for its commit hooks.
    private struct Committed: @unchecked Sendable {  // closed: nothing but the hooks is used
        var transaction: Transaction
    }

    private static func execute(_ sql: SQL.Rendered, in database: Database) throws -> StatementResult {
        let statement = try database.cachedStatement(sql: sql.text)
        let arguments = StatementArguments(sql.parameters.map(\.databaseValue))
        let before = database.totalChangesCount
        let columns = statement.columnNames
        let cursor = try GRDB.Row.fetchCursor(statement, arguments: arguments)
        var result = StatementResult()
        while let row = try cursor.next() {
            result.rows.append(Row(columns: columns, values: row.databaseValues.map(SQLValue.init)))
        }
        result.changes = database.totalChangesCount - before
        return result
    }

    private func mapped<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let error as DatabaseError { throw StoreError(sqlite: error) }
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .bool(let bool): bool.databaseValue
        case .integer(let integer): integer.databaseValue
        case .real(let real): real.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .double(let real): self = .real(real)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob([UInt8](data))
        }
    }
}

extension StoreError {
    /// GRDB's error with the statement and its arguments left out.
    fileprivate init(sqlite error: any Error) {
        guard let error = error as? DatabaseError else {
            self.init(.unavailable, "\(error)")
            return
        }
        let code: Code =
            switch error.resultCode {
            case .SQLITE_CONSTRAINT: .constraint
            case .SQLITE_BUSY, .SQLITE_LOCKED: .contention
            case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_FULL, .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_PERM: .unavailable
            case .SQLITE_READONLY: .misuse
            default: .statement
            }
        self.init(code, "\(error.message ?? "code \(error.resultCode.rawValue)")")
    }
}
