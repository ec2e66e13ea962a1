import Envelope
import Foundation
import GatehouseStore
import Testing

@Suite struct BackupTests {
    private func withFolder<T>(_ body: (URL) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-backup-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    static let pairs = StoreKind.shared.flatMap { from in StoreKind.shared.map { (from, $0) } }

    @Test(arguments: BackupTests.pairs)
    func `a backup of a running store restores into either database`(from: StoreKind, to: StoreKind) async throws {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("backup").path
            let source = try await Store.open(from.location(in: folder.appendingPathComponent("from")))
            try await source.migrate([accounts, peopleTables])
            let keeper = try await KeyKeeper.open(source, root: KeyKeeperTests.root(), tables: [people])
            try await keeper.insert(1_200, in: source)
            try await source.write { try $0.insertAccount("kept") }
            async let writing: Void = keeper.insert(50, from: 2_000, in: source)
            let copied = try await source.backUp(to: file)
            try await writing
            let target = try await Store.open(to.location(in: folder.appendingPathComponent("to")))
            let restored = try await target.restore(from: file)
            #expect(restored == copied)
            let rows = try #require(try await target.row("SELECT COUNT(*) AS n FROM people")).int("n")
            #expect(rows == 1_200 || rows == 1_250)
            let account = try #require(try await target.row("SELECT * FROM accounts"))
            #expect(try account.bool("active") && account.text("name") == "name of kept")
            #expect(try await target.migrate([accounts, peopleTables]) == 0)
            let other = try await KeyKeeper.open(target, root: KeyKeeperTests.root(), tables: [people])
            let email = try #require(try await target.row("SELECT email FROM people WHERE id = \("7")")).blob("email")
            let opened = try await target.read {
                try other.open(email, at: people.place("email", row: "7", tenant: "acme", revision: 1), in: $0)
            }
            #expect(opened == Array("Person7@Example.org".utf8))
            await #expect(throws: StoreError(.backup, "")) { try await target.restore(from: file) }
        }
    }

    @Test func `a changed or cut backup is refused`() async throws {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("backup")
            let source = try await Store.open(.memory)
            try await source.migrate([accounts])
            try await source.write { try $0.insertAccount("a") }
            try await source.backUp(to: file.path)
            let whole = try Data(contentsOf: file)
            for at in stride(from: 0, to: whole.count, by: 17) {
                var bytes = whole
                bytes[at] ^= 1
                try bytes.write(to: file)
                let target = try await Store.open(.memory)
                await #expect(throws: StoreError(.backup, "")) { try await target.restore(from: file.path) }
                try whole.prefix(at).write(to: file)
                await #expect(throws: StoreError(.backup, "")) { try await target.restore(from: file.path) }
            }
        }
    }

    @Test func `no bytes trap the reader`() {
        var state: UInt64 = 3
        for round in 0..<3_000 {
            let bytes = (0..<round % 90).map { index -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return index % 3 == 0 ? UInt8(state >> 60) : UInt8(truncatingIfNeeded: state >> 33)
            }
            fuzzBackup(bytes)
        }
    }
}
