import Dispatch

/// PostgreSQL through libpq: a pool of connections, each with a thread's worth of queue of its own.
struct PostgreSQLBackend: StoreBackend {
    let dialect = SQLDialect.postgres
    private let pool: PostgreSQLPool

    /// Connects once to learn that the server is there.
    init(address: String, connections: Int) async throws {
        pool = PostgreSQLPool(address: address, limit: max(1, connections))
        _ = try await read { try $0.row("SELECT 1 AS one") }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await attempting { try $0.transaction(isWritable: false, body) }
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await attempting { try $0.transaction(isWritable: true, body) }
    }

    func close() async throws { await pool.close() }

    /// Runs `work` on a connection, again after a conflict with other transactions, with growing pauses.
    private func attempting<T: Sendable>(_ work: @escaping @Sendable (PostgreSQLConnection) throws -> T) async throws -> T {
        var attempt = 1
        while true {
            do {
                return try await onConnection(work)
            } catch let error as StoreError where error.code == .contention && attempt < 12 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...(1 << min(attempt, 7)))))
                attempt += 1
            }
        }
    }

    private func onConnection<T: Sendable>(_ work: @escaping @Sendable (PostgreSQLConnection) throws -> T) async throws -> T {
        let connection = try await pool.acquire()
        do {
            let value = try await connection.perform(work)
            await pool.release(connection)
            return value
        } catch {
            await pool.release(connection)
            throw error
        }
    }
}

/// Hands out connections, first come first served; opens them as they are needed.
actor PostgreSQLPool {
    private let address: String
    private let limit: Int
    private var idle: [PostgreSQLConnection] = []
    private var open = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isClosed = false

    init(address: String, limit: Int) {
        self.address = address
        self.limit = limit
    }

    func acquire() async throws -> PostgreSQLConnection {
        while true {
            guard !isClosed else { throw StoreError(.misuse, "the store is closed") }
            if let connection = idle.popLast() { return connection }
            if open < limit { break }
            await withCheckedContinuation { waiting.append($0) }
        }
        open += 1
        do {
            return try await PostgreSQLConnection.connect(to: address)
        } catch {
            open -= 1
            wakeOne()
            throw error
        }
    }

    /// Takes a connection back; one that broke is closed instead.
    func release(_ connection: PostgreSQLConnection) async {
        if isClosed || connection.isBroken {
            open -= 1
            await connection.close()
        } else {
            idle.append(connection)
        }
        wakeOne()
    }

    func close() async {
        isClosed = true
        let connections = idle
        idle = []
        open -= connections.count
        for connection in connections { await connection.close() }
        let sleepers = waiting
        waiting = []
        for sleeper in sleepers { sleeper.resume() }
    }

    private func wakeOne() {
        guard !waiting.isEmpty else { return }
        waiting.removeFirst().resume()
    }
}
