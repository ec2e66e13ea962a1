import Foundation
import StrictJSON
import Synchronization
import Testing

@testable import GatehouseTools

@Suite struct PolicyCommandsTests {
    /// Collects what a command prints.
    private final class Output: Sendable {
        let lines = Mutex<[String]>([])

        var commands: PolicyCommands { PolicyCommands { line in self.lines.withLock { $0.append(line) } } }
        var text: String { lines.withLock { $0.joined(separator: "\n") } }
    }

    /// The blocks of a language on the page about policies, in order.
    private static func blocks(_ language: String) throws -> [String] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/policies.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        return text.components(separatedBy: "```" + language + "\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
    }

    /// The page's files in a folder of their own.
    private static func withFiles(_ body: (PolicyCommands.Files, String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("policies-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let cedar = try blocks("cedar")
        let json = try blocks("json")
        let contents = [
            "policies.cedar": cedar[0], "schema.cedarschema": cedar[1], "entities.json": json[0], "table.json": json[1],
            "decisions.jsonl": json[2],
        ]
        for (name, text) in contents { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        let path = folder.path + "/"
        try body(
            PolicyCommands.Files(
                policies: path + "policies.cedar", entities: path + "entities.json", schema: path + "schema.cedarschema"), path)
    }

    private static func request(_ action: String) -> OneRequest {
        OneRequest(principal: "User::\"alice\"", action: "Action::\"\(action)\"", resource: "Document::\"plan\"")
    }

    @Test func `the page's policies are valid and decide as it says`() throws {
        try Self.withFiles { (files, _) throws in
            let output = Output()
            #expect(try output.commands.validate(files, permissive: false, level: nil) == 0)
            #expect(try output.commands.authorize(files, Self.request("view")) == 0)
            #expect(try output.commands.authorize(files, Self.request("edit")) == 2)
        }
    }

    @Test func `the page's explanation is what explain prints`() throws {
        try Self.withFiles { (files, _) throws in
            let output = Output()
            #expect(try output.commands.explain(files, Self.request("edit"), all: false, json: false) == 2)
            #expect(try output.text + "\n" == Self.blocks("text")[0])
        }
    }

    @Test func `the page's table and log hold`() throws {
        try Self.withFiles { (files, path) throws in
            let output = Output()
            #expect(try output.commands.test(files, tests: path + "table.json", minimum: 0, listUncovered: true) == 0)
            #expect(try output.commands.test(files, tests: path + "table.json", minimum: 100, listUncovered: false) == 2)
            #expect(try output.commands.replay(files, log: path + "decisions.jsonl", failClosed: false) == 0)
        }
    }

    @Test func `a file of requests gives one line each`() throws {
        try Self.withFiles { (files, path) throws in
            let requests = """
                {"requests":[{"principal":{"type":"User","id":"alice"},"action":{"type":"Action","id":"view"},"resource":{"type":"Document","id":"plan"},"context":{}},
                {"principal":{"type":"Nope","id":"alice"},"action":{"type":"Action","id":"view"},"resource":{"type":"Document","id":"plan"},"context":{}}]}
                """
            try Data(requests.utf8).write(to: URL(fileURLWithPath: path + "requests.json"))
            let output = Output()
            #expect(try output.commands.authorize(files, requests: path + "requests.json") == 0)
            let lines = try output.lines.withLock { try $0.map { try JSONValue(parsing: $0) } }
            #expect(lines.count == 2 && lines[0]["decision"] == "allow" && lines[1]["error"] != nil)
        }
    }

    @Test func `policies that do not parse or do not fit are not valid`() throws {
        try Self.withFiles { (files, path) throws in
            var files = files
            let output = Output()
            for text in ["permit(", "permit(principal, action, resource) when { resource.nope };"] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path + "other.cedar"))
                files.policies = path + "other.cedar"
                #expect(try output.commands.validate(files, permissive: false, level: nil) == 3)
            }
        }
    }

    @Test func `a case in place is answered whole`() throws {
        let line = """
            {"policies":"permit(principal, action, resource);","entities":[],"requests":[{"principal":{"type":"A","id":"a"},\
            "action":{"type":"Action","id":"x"},"resource":{"type":"A","id":"a"}}],"want":["policyJSON"]}
            """
        let answer = try JSONValue(parsing: PolicyCases().answer(line))
        #expect(answer["results"]?[0]?["decision"] == "allow" && answer["valid"] == .null)
        #expect(answer["policyJSON"]?["staticPolicies"]?["policy0"]?["effect"] == "permit")
    }
}
