import Foundation
import GatehouseConfiguration
import Testing

/// The configuration files that the pages show are read like any other.
@Suite struct DocumentationExampleTests {
    @Test(arguments: try DocumentationExampleTests.examples())
    func `every example of a configuration is good`(example: Example) throws {
        let hasServices = example.text.split(separator: "\n").contains { $0.hasPrefix("services:") }
        let text = hasServices ? example.text : example.text + "\nservices:\n  - upstream: http://127.0.0.1:3000\n"
        do {
            _ = try ConfigurationLoader(file: "/etc/gatehouse/gatehouse.yaml", environment: .anything).load(Array(text.utf8))
        } catch {
            Issue.record("\(example) is no configuration:\n\(error.report)")
        }
    }

    @Test func `there are examples`() throws { #expect(try Self.examples().count >= 8) }

    struct Example: CustomTestStringConvertible, CustomStringConvertible, Sendable {
        var page: String
        var line: Int
        var text: String

        var description: String { "\(page):\(line)" }
        var testDescription: String { description }
    }

    /// The blocks of YAML in the README and the pages.
    static func examples() throws -> [Example] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..").standardized
        let pages = try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("docs").path).filter { $0.hasSuffix(".md") }
        return try (["README.md"] + pages.sorted().map { "docs/" + $0 }).flatMap { page in
            blocks(of: try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8), page)
        }
    }

    private static func blocks(of text: String, _ page: String) -> [Example] {
        var examples: [Example] = []
        var open: Example?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line == "```", let example = open {
                examples.append(example)
                open = nil
            } else if line == "```yaml" {
                open = Example(page: page, line: number + 1, text: "")
            } else {
                open?.text += line + "\n"
            }
        }
        return examples
    }
}

extension ConfigurationEnvironment {
    /// Where every file is there and every variable is set.
    fileprivate static let anything = ConfigurationEnvironment(
        read: { _, _ in Array("192.0.2.1\n".utf8) }, stamp: { ConfigurationEnvironment.memory(files: [$0: "192.0.2.1"]).stamp($0) },
        variable: { _ in "postgres://user:password@localhost/database" })
}
