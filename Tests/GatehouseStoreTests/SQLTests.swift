import Foundation
import GatehouseStore
import Testing

@Suite struct SQLTests {
    /// Compiles `SQL.swift` together with a line of use, as an outside program would.
    private func compiles(_ line: String) throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-sql-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let use = folder.appendingPathComponent("use.swift")
        try Data("func use(_ runtime: String) { let statement: SQL = \(line); _ = statement }\n".utf8).write(to: use)
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources/Ground/GatehouseStore")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["swiftc", "-typecheck", "-swift-version", "6"]
            + ["SQL/SQL.swift", "SQL/SQLValue.swift", "StoreError.swift"].map { sources.appendingPathComponent($0).path } + [use.path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    @Test func `a literal compiles`() throws {
        #expect(try compiles(#""SELECT 1 WHERE x = \(runtime)""#))
    }

    @Test(arguments: ["runtime", "SQL(stringLiteral: runtime)", "SQL(runtime)", #""SELECT " + runtime"#, "SQL(\"a\\(runtime)\" as String)"])
    func `a string made at run time does not compile`(line: String) throws {
        #expect(try !compiles(line))
    }

    @Test func `an address is shown without its password`() {
        let location = StoreLocation(setting: "postgres://gate:s3cret@db.internal/gatehouse?sslpassword=s3cret")
        #expect(location.description == "postgres://…@db.internal/gatehouse")
        #expect(StoreLocation(setting: "data") == .file("data/gatehouse.sqlite"))
    }

    @Test(arguments: StoreKind.present)
    func `fragments and lists keep their parameters in order`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([accounts])
            try await store.write { for id in ["a", "b", "c"] { try $0.insertAccount(id, age: 7) } }
            let conditions: [SQL] = ["id IN (\(list: ["a", "c", "d"]))", "age = \(7)", "name <> \("name of c")"]
            let rows = try await store.rows("SELECT id FROM accounts WHERE \(SQL(joining: conditions, separator: " AND ")) LIMIT \(9)")
            #expect(try rows.map { try $0.text("id") } == ["a"])
        }
    }
}
