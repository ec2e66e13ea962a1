import GatehouseStore
import Testing

@Suite struct MigrationTests {
    private static let first = Migration("first", "CREATE TABLE one (id BIGINT PRIMARY KEY)")
    private static let second = Migration("second", "ALTER TABLE one ADD COLUMN name TEXT", "CREATE TABLE two (id BIGINT)")

    @Test(arguments: StoreKind.present)
    func `steps run once and in order`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            #expect(try await store.migrate([MigrationSet(owner: "x", [Self.first])]) == 1)
            #expect(try await store.migrate([MigrationSet(owner: "x", [Self.first, Self.second]), accounts]) == 2)
            #expect(try await store.migrate([MigrationSet(owner: "x", [Self.first, Self.second]), accounts]) == 0)
            try await store.run("INSERT INTO one (id, name) VALUES (\(1), \("n"))")
        }
    }

    @Test(arguments: StoreKind.present)
    func `data of a newer program is refused`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([MigrationSet(owner: "x", [Self.first, Self.second])])
            await #expect(throws: StoreError(.newerData, "")) { try await store.migrate([MigrationSet(owner: "x", [Self.first])]) }
        }
    }

    @Test(arguments: StoreKind.present)
    func `an edited step is refused`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([MigrationSet(owner: "x", [Self.first])])
            await #expect(throws: StoreError(.migration, "")) {
                try await store.migrate([MigrationSet(owner: "x", [Self.second])])
            }
        }
    }

    @Test(arguments: StoreKind.present)
    func `a step that fails undoes all steps`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let broken = Migration("broken", "CREATE TABLE two (id BIGINT)", "CREATE NONSENSE")
            await #expect(throws: StoreError(.statement, "")) {
                try await store.migrate([MigrationSet(owner: "x", [Self.first, broken])])
            }
            let steps = try await store.migrate([MigrationSet(owner: "x", [Self.first, Self.second])])
            #expect(steps == 2)
        }
    }

    @Test(arguments: StoreKind.shared)
    func `two programs that start at once migrate once`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let steps = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await store.migrate([MigrationSet(owner: "x", [Self.first, Self.second])]) } }
                return try await group.reduce(0, +)
            }
            #expect(steps == 2)
        }
    }
}
