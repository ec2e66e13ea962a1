internal import Foundation
internal import GatehouseFirewall
public import SecLang
internal import SecLangFiles

/// Runs regression tests of the Core Rule Set through compiled rules, in this process.
public struct RegressionRun: Sendable {
    /// How the run went.
    public struct Summary: Sendable {
        /// How many passed.
        public var passed = 0
        /// What failed, and why.
        public var failed: [String] = []
        /// How many are switched off in their files.
        public var skipped = 0

        /// `N passed, N failed, N skipped`
        public var line: String { "\(passed) passed, \(failed.count) failed, \(skipped) skipped" }

        mutating func take(_ test: RegressionTest, _ reason: String?) {
            if let reason { failed.append("\(test.title): \(reason)") } else { passed += 1 }
        }
    }

    private let runner: WafRunner

    /// - Parameter rules: the Core Rule Set with the settings that its tests expect; see `RegressionRun.settings`.
    public init(rules: RuleSet) { runner = WafRunner(rules: rules, mode: .detectionOnly) }

    /// The settings that the tests expect: paranoia level 4, limits on arguments and files, all of the engine's variables known.
    public static let settings = RuleSource(
        name: "regression test settings",
        text: """
            SecRuleEngine DetectionOnly
            SecAction "id:900005,phase:1,nolog,pass,setvar:tx.paranoia_level=4,setvar:tx.executing_paranoia_level=4,\\
                setvar:tx.blocking_paranoia_level=4,setvar:tx.detection_paranoia_level=4,setvar:tx.crs_validate_utf8_encoding=1,\\
                setvar:tx.arg_name_length=100,setvar:tx.arg_length=400,setvar:tx.total_arg_length=64000,setvar:tx.max_num_args=255,\\
                setvar:tx.max_file_size=64100,setvar:tx.combined_file_sizes=65535"
            """)

    /// The Core Rule Set of a folder, or the system's, set up as its tests expect.
    public static func rules(folder: String?) throws -> RuleSet {
        let files = RuleFiles()
        return try RuleSet([.recommendedSettings, settings] + files.coreRuleSet(folder: folder), resolver: files.resolver)
    }

    /// Runs every test of a file, or of all YAML files below a folder.
    public func run(path: String) throws -> Summary {
        var summary = Summary()
        for test in try RegressionTest.all(in: path) {
            if test.isEnabled { summary.take(test, failure(of: test)) } else { summary.skipped += 1 }
        }
        return summary
    }

    /// Why a test fails; nil where it passes.
    public func failure(of test: RegressionTest) -> String? {
        let request = RawRequest(test.request)
        let answer = EchoBackend.answer(to: request, knowsFewPaths: test.isFirstGeneration)
        let record = runner.run(request, answer: answer)
        return RegressionResult(
            matches: record.matches.map { .init(id: $0.ruleID, message: $0.message, data: $0.data, variable: $0.variable) },
            status: request.problem == nil ? answer.status : 400, isRefusedByWire: request.problem != nil
        ).failure(of: test.expectation)
    }
}

/// What came of a test's request, whatever way it was sent.
struct RegressionResult {
    struct Match {
        var id: Int
        var message: String
        var data: String
        var variable: String
    }

    var matches: [Match] = []
    /// 0 where the connection was closed without an answer.
    var status = 0
    /// Whether the request was no acceptable HTTP, and so went nowhere.
    var isRefusedByWire = false

    /// Why a test fails; nil where it passes.
    func failure(of expected: RegressionTest.Expectation) -> String? {
        let ids = Set(matches.map(\.id))
        if let missing = expected.ids.first(where: { !ids.contains($0) }) { return "rule \(missing) is not logged, but \(ids.sorted())" }
        if !isRefusedByWire, let extra = expected.absentIDs.first(where: ids.contains) { return "rule \(extra) is logged" }
        if let pattern = expected.logPattern, !log.contains(where: { Self.matches($0, pattern) }) {
            return "no line of the log matches `\(pattern)`"
        }
        if let pattern = expected.absentLogPattern, log.contains(where: { Self.matches($0, pattern) }) {
            return "a line of the log matches `\(pattern)`"
        }
        if expected.expectsError, status == 0 { return nil }
        if !expected.statuses.isEmpty, !expected.statuses.contains(status) { return "status is \(status), not one of \(expected.statuses)" }
        return nil
    }

    private var log: [String] {
        matches.map { match in
            // CR LF is one character to Swift, so the scalars are looked at.
            let data = match.data.unicodeScalars.map { $0 == "\r" ? "\\r" : $0 == "\n" ? "\\n" : String($0) }.joined()
            return "[id \"\(match.id)\"] [msg \"\(match.message)\"] [data \"\(data)\"] found within \(match.variable)"
        }
    }

    private static func matches(_ line: String, _ pattern: String) -> Bool {
        line.range(of: pattern, options: .regularExpression) != nil
    }
}
