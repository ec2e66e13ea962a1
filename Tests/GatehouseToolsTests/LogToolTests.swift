import Envelope
import Foundation
import GatehouseAudit
import GatehouseKeys
import GatehouseStore
import GatehouseTools
import Testing

@Suite struct LogToolTests {
    /// A data folder as a house leaves it, with 20 events.
    private func withData(_ body: (String, DataFolder) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-tools-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try await Store.open(.file(path + "/gatehouse.sqlite"))
        let root = try RootKeySource(setting: "file:\(path)/root.key", dataFolder: path).open()
        let keeper = try await KeyKeeper.open(store, root: root, tables: [])
        let log = try await AuditLog.open(path: path + "/audit", origin: "tools.example/audit", keeper: keeper)
        for number in 0..<20 {
            log.append(
                AuditEvent(
                    number < 5 ? .login : .decision, action: "act\(number)", actor: "user\(number)@example.org", time: Int64(1_000 + number)
                ))
        }
        try await log.close()
        try await store.close()
        try await body(path, DataFolder(path: path))
    }

    @Test func `a log is verified, and a changed one is named`() async throws {
        try await withData { path, folder in
            let good = await LogTool(folder).verify(log: nil, key: nil, known: [], witnesses: [])
            #expect(good.status == 0 && good.output.hasPrefix("good: 20 entries of tools.example/audit, 0 erased"))
            let file = path + "/audit/log/tile/entries/000.p/20"
            var bytes = try #require(FileManager.default.contents(atPath: file))
            bytes[30] ^= 1
            try bytes.write(to: URL(fileURLWithPath: file))
            let bad = await LogTool(folder).verify(log: path + "/audit/log", key: nil, known: [], witnesses: [])
            #expect(bad.status == 1 && bad.output.isEmpty)
        }
    }

    @Test func `a proof goes from one hand to another`() async throws {
        try await withData { path, folder in
            let proof = await LogTool(folder).prove(log: nil, key: nil, index: 7)
            #expect(proof.status == 0)
            let entry = String(proof.complaint.split(separator: " ").last ?? "").trimmingCharacters(in: .newlines)
            try Data(proof.output.utf8).write(to: URL(fileURLWithPath: path + "/proof"))
            let good = await LogTool(folder).check(proof: path + "/proof", entry: entry, key: nil)
            #expect(good.status == 0 && good.output == "good: the entry is number 7\n")
            let bad = await LogTool(folder).check(proof: path + "/proof", entry: String(entry.dropLast()) + "0", key: nil)
            let worse = await LogTool(folder).check(proof: path + "/proof", entry: String(entry.dropLast()) + "1", key: nil)
            #expect(bad.status + worse.status >= 1)
        }
    }

    @Test func `events are found by class, time and text`() async throws {
        try await withData { _, folder in
            let found = Lines()
            let query = try LogTool.Query(kind: "decision", since: 1_006, until: 1_010, text: "user8")
            let result = await LogTool(folder).search(query, includesSalt: false) { found.add($0) }
            #expect(result.status == 0)
            #expect(found.all == [#"{"index":8,"time":1008,"class":"decision","action":"act8","actor":"user8@example.org"}"#])
        }
    }

    @Test func `keys are listed, rotated and retired from the command line`() async throws {
        try await withData { path, folder in
            let tool = StoreTool(folder)
            let rotated = await tool.rotate(kind: "record", purpose: "audit", tenant: "")
            #expect(rotated.status == 0)
            let refused = await tool.retire(kind: "record", purpose: "audit", tenant: "", version: 1)
            #expect(refused.status == 1 && refused.complaint.contains("20 stored values still need version 1"))
            let list = await tool.listKeys()
            #expect(list.output.contains("record audit") && list.output.contains("seals"))
            let copied = await tool.backUp(to: path + "/backup")
            #expect(copied.status == 0)
            let restored = await StoreTool(DataFolder(path: path + "/new")).restore(from: path + "/backup")
            #expect(restored.status == 0)
            let missing = await StoreTool(DataFolder(path: path + "/none")).listKeys()
            #expect(missing.status == 1)
        }
    }

    private final class Lines: @unchecked Sendable {  // added to by one task at a time
        var all: [String] = []
        func add(_ line: String) { all.append(line) }
    }
}
