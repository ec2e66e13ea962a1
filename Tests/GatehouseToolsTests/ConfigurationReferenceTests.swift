import Foundation
import GatehouseConfiguration
import StrictJSON
import Testing

@testable import GatehouseTools

@Suite struct ConfigurationReferenceTests {
    /// `GATEHOUSE_REGENERATE=1` writes the page anew.
    @Test func `the page of every key is current`() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/configuration.md")
            .standardized
        if ProcessInfo.processInfo.environment["GATEHOUSE_REGENERATE"] != nil {
            try Data(ConfigurationReference.page.output.utf8).write(to: page)
        }
        let written = try String(contentsOf: page, encoding: .utf8)
        #expect(written == ConfigurationReference.page.output, "write it anew: swift run gatehouse config docs > docs/configuration.md")
    }

    @Test func `the schema is JSON whose references all lead somewhere`() throws {
        let schema = try JSONValue(parsing: ConfigurationReference.schema.output)
        let definitions = try #require(schema["$defs"]?.object)
        for name in references(in: schema) { #expect(definitions.contains(key: name), "\(name)") }
        #expect(schema["additionalProperties"]?.bool == false)
        #expect(definitions.count > 20)
    }

    @Test(arguments: ["http://127.0.0.1:3000", "https://[::1]:8443", "h2c://backend", "HTTP://Backend:80/"])
    func `what init writes passes check`(upstream: String) throws {
        let text = ConfigurationStarter(upstream: upstream).text
        let loaded = try ConfigurationLoader(file: "gatehouse.yaml", environment: .memory(files: ["gatehouse.yaml": text])).load()
        #expect(loaded.configuration.services.count == 1)
        #expect(loaded.warnings.isEmpty)
    }

    /// A comment that does not work when its `#` is taken away misleads whoever takes it away.
    @Test func `the commented examples of init work as well`() throws {
        let lines = ConfigurationStarter(upstream: "http://127.0.0.1:3000").text.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = lines.map { line -> String in
            guard let mark = line.firstIndex(of: "#"), line[mark...].hasPrefix("#   ") else { return String(line) }
            return String(line[..<mark]) + line[line.index(mark, offsetBy: 4)...]
        }.filter { !$0.hasPrefix("listen:") && !$0.hasPrefix("  - upstream:") }
        let text = shown.joined(separator: "\n").replacing("    upstreams:", with: "  - upstreams:")
        let files = ["x": text, "./tls/site.pem": "", "./tls/site.key": "", "./blocklist.txt": ""]
        let loaded = try ConfigurationLoader(file: "x", environment: .memory(files: files)).load()
        #expect(loaded.configuration.listeners.count == 2)
        #expect(loaded.configuration.services[0].routes.count == 2)
        #expect(loaded.configuration.events.file != nil)
    }

    @Test func `a file that is there is kept`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-init-\(UUID().uuidString).yaml")
        try Data("mine".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var starter = ConfigurationStarter(upstream: "http://127.0.0.1:3000")
        starter.file = file.path
        #expect(starter.run().status == 1)
        #expect(try String(contentsOf: file, encoding: .utf8) == "mine")
        starter.overwrites = true
        #expect(starter.run().status == 0)
        #expect(try String(contentsOf: file, encoding: .utf8) == starter.text)
    }

    private func references(in value: JSONValue) -> [String] {
        if let object = value.object {
            return object.members.flatMap { member in
                member.key == "$ref" ? [String(member.value.string?.dropFirst("#/$defs/".count) ?? "")] : references(in: member.value)
            }
        }
        return (value.array ?? []).flatMap(references)
    }
}
