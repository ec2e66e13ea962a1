import ConformanceSupport
import Envelope
import Foundation
import GatehouseAudit
import GatehouseStore
import Testing
import TransparencyLog

@Suite(.serialized) struct CrashTests {
    private func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-crash-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder.path)
    }

    @Test(arguments: [false, true])
    func `kill -9 loses no row that was acknowledged and no half of a transaction`(onPostgreSQL: Bool) async throws {
        guard !onPostgreSQL || TemporaryPostgreSQL.isPresent else { return }
        try await withFolder { folder in
            let address = onPostgreSQL ? TemporaryPostgreSQL.shared?.database() : nil
            let location = address.map { StoreLocation.postgres($0) } ?? .file(folder + "/gatehouse.sqlite")
            var total = 0
            for round in 0..<8 {
                let lines = try CrashRun.lines(["store", folder] + (address.map { [$0] } ?? []), milliseconds: 20 + 37 * round)
                let store = try await Store.open(location)
                let last = try await store.row("SELECT COALESCE(MAX(id), 0) AS last, COUNT(*) AS n FROM rows")
                let (highest, count) = (try last?.integer("last") ?? 0, try last?.integer("n") ?? 0)
                #expect(highest >= Int64(lines.last ?? "0") ?? 0)
                #expect(highest == count)
                let halves = try await store.row("SELECT COUNT(*) AS n FROM rows WHERE twin <> id")?.int("n")
                #expect(halves == 0)
                try await store.close()
                total += lines.count
            }
            #expect(total > 20)
        }
    }

    @Test func `kill -9 loses no event that was acknowledged, and the log verifies`() async throws {
        try await withFolder { folder in
            var acknowledged: [UInt64: String] = [:]
            var known: [Checkpoint] = []
            for round in 0..<8 {
                for line in try CrashRun.lines(["audit", folder], milliseconds: 30 + 190 * round) {
                    let parts = line.split(separator: " ")
                    if parts.count == 2, let index = UInt64(parts[0]) { acknowledged[index] = String(parts[1]) }
                }
                let house = try await AuditHouse(folder: folder)
                let report = try house.reader.verify(known: known)
                known.append(report.checkpoint)
                let found = try await house.events()
                for (index, action) in acknowledged {
                    guard index < UInt64(found.count) else {
                        Issue.record("event \(index) was acknowledged and is lost")
                        break
                    }
                    #expect(found[Int(index)].event?.action == action)
                }
                try await house.log.close()
                try await house.store.close()
            }
            #expect(acknowledged.count > 50)
        }
    }

    @Test func `kill -9 in the middle of a rewrap leaves every value readable and the rest to be rewrapped`() async throws {
        let crashing = SealedTable("crashing", row: "id", columns: [.record("secret", purpose: "crash")])
        try await withFolder { folder in
            var root = [UInt8](repeating: 5, count: 32)
            let wrapper = try LocalKeyWrapper(root: KeyMaterial(&root))
            let store = try await Store.open(.file(folder + "/gatehouse.sqlite"))
            try await store.migrate([
                MigrationSet(owner: "crashing", [Migration("table", "CREATE TABLE crashing (id BIGINT PRIMARY KEY, secret BYTEA)")])
            ])
            let keeper = try await KeyKeeper.open(store, root: wrapper, tables: [crashing])
            try await store.write { transaction in
                for id in 0..<1_500 {
                    let sealed = try keeper.seal(Array("secret \(id)".utf8), at: crashing.place("secret", row: String(id)), in: transaction)
                    try transaction.run("INSERT INTO crashing (id, secret) VALUES (\(id), \(sealed))")
                }
            }
            for round in 0..<4 {
                _ = try CrashRun.lines(["rewrap", folder], milliseconds: 40 + 60 * round)
                let wrong = try await store.read { transaction in
                    try transaction.rows("SELECT id, secret FROM crashing").count { row in
                        let id = try row.int("id")
                        let opened = try keeper.open(row.blob("secret"), at: crashing.place("secret", row: String(id)), in: transaction)
                        return opened != Array("secret \(id)".utf8)
                    }
                }
                #expect(wrong == 0)
            }
            try await keeper.rewrap()
            let name = KeyName(.record, purpose: "crash")
            for version in try await keeper.inventory() where version.name == name && !version.isPrimary && version.state == .active {
                try await keeper.retire(name, version: version.version)
            }
            let left = try await keeper.inventory().count { $0.name == name && $0.state == .active }
            #expect(left == 1)
        }
    }
}
