import CPostgreSQL
import Dispatch
import Synchronization

/// One connection of libpq; every call to it happens on its own queue.
@safe final class PostgreSQLConnection: @unchecked Sendable {  // state is touched on `queue` only, but for the atomic flag
    private let queue: DispatchQueue
    private let handle: OpaquePointer
    private var prepared: [Prepared: String] = [:]
    private let broken = Atomic<Bool>(false)
    private var isFinished = false

    /// Names a prepared statement: the same text with other parameter types is another statement.
    private struct Prepared: Hashable {
        var text: String
        var types: [Oid]
    }

    /// Prepared statements kept for a connection; past that all are dropped.
    private static let preparedLimit = 256

    private init(handle: OpaquePointer, queue: DispatchQueue) {
        unsafe self.handle = unsafe handle
        self.queue = queue
    }

    deinit { if !isFinished { unsafe PQfinish(handle) } }

    /// True when the server has gone; the pool then drops the connection.
    var isBroken: Bool { broken.load(ordering: .relaxed) }

    static func connect(to address: String) async throws -> PostgreSQLConnection {
        let queue = DispatchQueue(label: "gatehouse.postgresql")
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try connectNow(to: address, queue: queue) }) }
        }
    }

    /// Runs `work` on the connection's queue.
    func perform<T: Sendable>(_ work: @escaping @Sendable (PostgreSQLConnection) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work(self) }) }
        }
    }

    func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            queue.async {
                if !self.isFinished { unsafe PQfinish(self.handle) }
                self.isFinished = true
                continuation.resume()
            }
        }
    }

    /// A serializable transaction around `body`, or a read-only snapshot.
    func transaction<T>(isWritable: Bool, _ body: (Transaction) throws -> T) throws -> T {
        try execute(
            SQL.Rendered(text: isWritable ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        let transaction = Transaction(dialect: .postgres, isWritable: isWritable) { try self.execute($0) }
        defer { transaction.close() }
        do {
            let value = try body(transaction)
            try transaction.finish()
            try execute(SQL.Rendered(text: "COMMIT"))
            transaction.committed()
            return value
        } catch {
            if !isBroken { _ = try? execute(SQL.Rendered(text: "ROLLBACK")) }
            throw error
        }
    }

    private static func connectNow(to address: String, queue: DispatchQueue) throws -> PostgreSQLConnection {
        guard let handle = unsafe PQconnectdb(address) else { throw StoreError(.unavailable, "out of memory") }
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            let reason = unsafe String(cString: PQerrorMessage(handle))
            unsafe PQfinish(handle)
            throw StoreError(.unavailable, "cannot reach PostgreSQL: \(oneLine(reason))")
        }
        unsafe PQsetErrorVerbosity(handle, PQERRORS_TERSE)
        unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
        return unsafe PostgreSQLConnection(handle: handle, queue: queue)
    }

    @discardableResult
    private func execute(_ sql: SQL.Rendered) throws -> StatementResult {
        let parameters = try sql.parameters.map(PostgreSQLParameter.init)
        let name = try statementName(for: Prepared(text: sql.text, types: parameters.map(\.type)))
        let result = unsafe Self.withPointers(to: parameters) { values, lengths, formats in
            unsafe PQexecPrepared(handle, name, Int32(parameters.count), values, lengths, formats, 1)
        }
        return try unsafe checked(result)
    }

    private func statementName(for statement: Prepared) throws -> String {
        if let name = prepared[statement] { return name }
        if prepared.count >= Self.preparedLimit {
            _ = try unsafe checked(PQexec(handle, "DEALLOCATE ALL"))
            prepared = [:]
        }
        let name = "gatehouse_\(prepared.count)"
        _ = try unsafe checked(PQprepare(handle, name, statement.text, Int32(statement.types.count), statement.types))
        prepared[statement] = name
        return name
    }

    /// The result's rows, or its failure as an error; the result is freed.
    private func checked(_ pointer: OpaquePointer?) throws -> StatementResult {
        guard let pointer = unsafe pointer else { throw lost("out of memory") }
        defer { unsafe PQclear(pointer) }
        switch unsafe PQresultStatus(pointer) {
        case PGRES_COMMAND_OK:
            return StatementResult(changes: unsafe Int(String(cString: PQcmdTuples(pointer))) ?? 0)
        case PGRES_TUPLES_OK:
            let rows = try unsafe PostgreSQLResult.rows(of: pointer)
            return StatementResult(rows: rows, changes: unsafe Int(String(cString: PQcmdTuples(pointer))) ?? 0)
        default:
            throw unsafe failure(of: pointer)
        }
    }

    private func failure(of pointer: OpaquePointer) -> StoreError {
        let state = unsafe PQresultErrorField(pointer, Int32(UInt8(ascii: "C"))).map { unsafe String(cString: $0) } ?? ""
        let reason = unsafe oneLine(String(cString: PQresultErrorMessage(pointer)))
        if unsafe PQstatus(handle) != CONNECTION_OK { return lost(reason) }
        switch state.prefix(2) {
        case "23": return StoreError(.constraint, reason)
        case "40": return StoreError(.contention, reason)
        case "55": return StoreError(.contention, reason)
        case "25": return StoreError(.misuse, reason)
        case "08", "57", "53", "58": return StoreError(.unavailable, reason)
        default: return StoreError(.statement, reason)
        }
    }

    private func lost(_ reason: String) -> StoreError {
        broken.store(true, ordering: .relaxed)
        return StoreError(.unavailable, "the connection to PostgreSQL is lost: \(reason)")
    }

    /// Calls `body` with the parameters in libpq's form: addresses, lengths, all binary.
    private static func withPointers<T>(
        to parameters: [PostgreSQLParameter], _ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) -> T
    ) -> T {
        let bytes = Array(parameters.map { $0.bytes ?? [] }.joined()) + [0]
        return unsafe bytes.withUnsafeBytes { buffer in
            var offset = 0
            let values = unsafe parameters.map { parameter -> UnsafePointer<CChar>? in
                guard let bytes = parameter.bytes else { return nil }
                defer { offset += bytes.count }
                return unsafe buffer.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
            }
            let lengths = parameters.map { Int32($0.bytes?.count ?? 0) }
            return unsafe body(values, lengths, Array(repeating: 1, count: parameters.count))
        }
    }
}

private func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: "; ")
}
