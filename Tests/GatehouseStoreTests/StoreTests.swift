import GatehouseStore
import Testing

@Suite struct StoreTests {
    @Test(arguments: StoreKind.present)
    func `every kind of value comes back as it went in`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([accounts])
            let hostile = "x'); DROP TABLE accounts; -- é\u{1F512}"
            try await store.run(
                """
                INSERT INTO accounts (id, name, age, score, photo, active, version)
                VALUES (\("a"), \(hostile), \(Int64.min), \(0.1), \([0, 255, 7] as [UInt8]), \(true), \(1))
                """)
            try await store.run(
                """
                INSERT INTO accounts (id, name, age, score, photo, active, version)
                VALUES (\("b"), \(""), \(Int?.none), \(Double?.none), \([UInt8]?.none), \(false), \(1))
                """)
            let rows = try await store.rows("SELECT * FROM accounts ORDER BY id")
            #expect(try rows[0].text("name") == hostile)
            #expect(try rows[0].integer("age") == Int64.min)
            #expect(try rows[0].real("score") == 0.1)
            #expect(try rows[0].blob("photo") == [0, 255, 7])
            #expect(try rows[0].bool("active"))
            #expect(try rows[1].text("name") == "")
            #expect(try rows[1].optionalInteger("age") == nil)
            #expect(try rows[1].optionalBlob("photo") == nil)
            #expect(try !rows[1].bool("active"))
            #expect(throws: StoreError(.decoding, "")) { try rows[1].integer("age") }
            #expect(throws: StoreError(.decoding, "")) { try rows[0].integer("name") }
            #expect(throws: StoreError(.decoding, "")) { try rows[0].text("nothing") }
        }
    }

    @Test(arguments: StoreKind.present)
    func `a transaction that throws leaves nothing`(kind: StoreKind) async throws {
        struct Refused: Error {}
        try await kind.withStore { store in
            try await store.migrate([accounts])
            await #expect(throws: Refused.self) {
                try await store.write { transaction in
                    try transaction.insertAccount("a")
                    throw Refused()
                }
            }
            #expect(try await store.row("SELECT COUNT(*) AS n FROM accounts")?.int("n") == 0)
        }
    }

    @Test(arguments: StoreKind.present)
    func `compare and set succeeds once`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([accounts])
            try await store.write { try $0.insertAccount("a") }
            let winners = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await store.run("UPDATE accounts SET version = \(2) WHERE id = \("a") AND version = \(1)") }
                }
                return try await group.reduce(0, +)
            }
            #expect(winners == 1)
        }
    }

    @Test(arguments: StoreKind.present)
    func `concurrent increments are all counted`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([accounts])
            try await store.write { try $0.insertAccount("a") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<25 {
                    group.addTask {
                        try await store.write { transaction in
                            let age = try transaction.row("SELECT age FROM accounts WHERE id = \("a")")?.int("age") ?? 0
                            try transaction.run("UPDATE accounts SET age = \(age + 1) WHERE id = \("a")")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.row("SELECT age FROM accounts")?.int("age") == 25)
        }
    }

    @Test(arguments: StoreKind.present)
    func `broken constraints and statements have their codes`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([accounts])
            try await store.write { try $0.insertAccount("a") }
            await #expect(throws: StoreError(.constraint, "")) { try await store.write { try $0.insertAccount("a") } }
            await #expect(throws: StoreError(.statement, "")) { try await store.rows("SELECT nothing FROM nowhere") }
            await #expect(throws: StoreError(.statement, "")) {
                try await store.rows("SELECT id FROM accounts WHERE id IN (\(list: [String]()))")
            }
            #expect(try await store.rows("SELECT id FROM accounts WHERE id IN (\(list: ["a", "b"]))").count == 1)
        }
    }

    @Test(arguments: StoreKind.present)
    func `a read cannot write, and no transaction outlives its closure`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([accounts])
            await #expect(throws: StoreError(.misuse, "")) { try await store.read { try $0.insertAccount("a") } }
            let escaped = try await store.read { Leak(transaction: $0) }
            #expect(throws: StoreError(.misuse, "")) { try escaped.transaction.rows("SELECT 1 AS one") }
        }
    }

    @Test(arguments: StoreKind.present)
    func `a sum is a number on every database`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([accounts])
            try await store.write { transaction in
                for index in 0..<3 { try transaction.insertAccount("\(index)", age: 12_345_678) }
            }
            let row = try #require(try await store.row("SELECT SUM(age) AS total, AVG(age) AS mean, COUNT(*) AS n FROM accounts"))
            #expect(try row.int("total") == 37_037_034)
            #expect(try row.real("mean") == 12_345_678)
            #expect(try row.int("n") == 3)
        }
    }

    private struct Leak: @unchecked Sendable {  // the leak that the test wants to see refused
        var transaction: Transaction
    }
}

extension Transaction {
    func insertAccount(_ id: String, age: Int = 0) throws {
        try run(
            """
            INSERT INTO accounts (id, name, age, active, version) VALUES (\(id), \("name of " + id), \(age), \(true), \(1))
            """)
    }
}
