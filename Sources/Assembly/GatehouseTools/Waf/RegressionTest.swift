internal import Foundation
internal import Yams

/// One case of the Core Rule Set's own regression tests, in the format of 3.x (ftw) or 4.x (go-ftw).
public struct RegressionTest: Sendable {
    /// Rule id, dash, number.
    public var title: String
    /// False where the file says so.
    public var isEnabled: Bool
    /// Whether the file is in the format of 3.x, whose tests expect a backend that knows few paths.
    public var isFirstGeneration: Bool
    /// The bytes to send.
    public var request: [UInt8]
    /// What the test expects.
    public var expectation: Expectation

    /// What a test expects; everything given has to hold.
    public struct Expectation: Sendable {
        /// A rule with one of these ids is logged.
        public var ids: [Int] = []
        /// No rule with one of these ids is logged.
        public var absentIDs: [Int] = []
        /// A line of the log matches.
        public var logPattern: String?
        /// No line of the log matches.
        public var absentLogPattern: String?
        /// One of these statuses.
        public var statuses: [Int] = []
        /// The server may close the connection without an answer.
        public var expectsError = false
    }

    /// Why a file of tests cannot be read.
    public struct Failure: Error, CustomStringConvertible {
        /// In one line.
        public var description: String
    }

    /// Every test of a file, or of all YAML files below a folder, in the order of their names.
    ///
    /// - Throws: `Failure`, or what the YAML reader says.
    public static func all(in path: String) throws -> [RegressionTest] {
        try files(path).flatMap { try read(String(contentsOfFile: $0, encoding: .utf8), file: $0) }
    }

    private static func files(_ path: String) throws -> [String] {
        guard !path.hasSuffix(".yaml"), !path.hasSuffix(".yml") else { return [path] }
        guard let walker = FileManager.default.enumerator(atPath: path) else { throw Failure(description: "`\(path)` cannot be read") }
        let names = walker.compactMap { $0 as? String }.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        return names.sorted().map { path + "/" + $0 }
    }

    /// The tests of one file.
    ///
    /// - Throws: `Failure`, or what the YAML reader says.
    public static func read(_ yaml: String, file: String) throws -> [RegressionTest] {
        guard let root = try Yams.compose(yaml: yaml), root.scalar?.string != "" else { return [] }
        guard root.mapping != nil else { throw Failure(description: "`\(file)` holds no tests") }
        let tests = root["tests"]?.sequence.map(Array.init) ?? []
        let isEnabled = root["meta"]?["enabled"]?.bool ?? true
        return try tests.flatMap { test -> [RegressionTest] in
            let title =
                test["test_title"]?.scalar?.string
                ?? "\(root["rule_id"]?.scalar?.string ?? file)-\(test["test_id"]?.scalar?.string ?? "?")"
            return try (test["stages"]?.sequence.map(Array.init) ?? []).map { item in
                let stage = item["stage"] ?? item
                guard let input = stage["input"], let output = stage["output"] else {
                    throw Failure(description: "`\(title)` has no input or output")
                }
                return RegressionTest(
                    title: title, isEnabled: isEnabled && test["enabled"]?.bool ?? true, isFirstGeneration: test["test_title"] != nil,
                    request: RegressionRequest(input, announcesNoBody: test["test_title"] == nil).bytes,
                    expectation: Expectation(output))
            }
        }
    }
}

extension RegressionTest.Expectation {
    init(_ output: Node) {
        if let text = output["log_contains"]?.scalar?.string { (ids, logPattern) = RegressionTest.Expectation.idOrPattern(text) }
        if let text = output["no_log_contains"]?.scalar?.string {
            (absentIDs, absentLogPattern) = RegressionTest.Expectation.idOrPattern(text)
        }
        let log = output["log"]
        ids += log?["expect_ids"]?.sequence?.compactMap(\.int) ?? []
        absentIDs += log?["no_expect_ids"]?.sequence?.compactMap(\.int) ?? []
        if let text = log?["match_regex"]?.scalar?.string { logPattern = text }
        if let text = log?["no_match_regex"]?.scalar?.string { absentLogPattern = text }
        statuses = output["status"]?.int.map { [$0] } ?? output["status"]?.sequence?.compactMap(\.int) ?? []
        expectsError = output["expect_error"]?.bool ?? false
    }

    /// `id "920100"` and its like are ids, anything else is a pattern.
    private static func idOrPattern(_ text: String) -> ([Int], String?) {
        let digits = text.filter(\.isNumber)
        let rest = text.filter { !$0.isNumber && !" \":\\".contains($0) }
        guard rest.isEmpty || rest == "id", let id = Int(digits) else { return ([], text) }
        return ([id], nil)
    }
}
