import ConformanceSupport
import Foundation
import GatehouseStore

/// The databases that the suite runs on.
enum StoreKind: String, CaseIterable, Sendable {
    case file, memory, postgres

    static var present: [StoreKind] { allCases.filter { $0 != .postgres || TemporaryPostgreSQL.isPresent } }
    static var shared: [StoreKind] { present.filter { $0 != .memory } }

    /// A new empty store, gone after `body`.
    func withStore<T>(_ body: (Store) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await Store.open(location(in: folder))
        let result = try await body(store)
        try await store.close()
        return result
    }

    func location(in folder: URL) -> StoreLocation {
        switch self {
        case .memory: .memory
        case .file: .file(folder.appendingPathComponent("gatehouse.sqlite").path)
        case .postgres: .postgres(TemporaryPostgreSQL.shared?.database() ?? "")
        }
    }
}

let accounts = MigrationSet(
    owner: "identity",
    [
        Migration(
            "accounts",
            """
            CREATE TABLE accounts (
                id TEXT PRIMARY KEY, name TEXT NOT NULL, age BIGINT, score DOUBLE PRECISION, photo BYTEA,
                active BOOLEAN NOT NULL, version BIGINT NOT NULL)
            """,
            "CREATE INDEX accounts_by_name ON accounts (name)")
    ])
