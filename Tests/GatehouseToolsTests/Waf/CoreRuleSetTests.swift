import ConformanceSupport
import Foundation
import GatehouseTools
import Testing

private let suite = ConformanceSuite("crs-tests")

/// `make conformance` runs all of the rule set's tests; here a part of them, or what `GATEHOUSE_CRS_TESTS` and `GATEHOUSE_CRS` name.
@Suite struct CoreRuleSetTests {
    @Test(.enabled(if: suite.isPresent))
    func theRegressionTestsOfTheCoreRuleSetPass() throws {
        let environment = ProcessInfo.processInfo.environment
        let part = suite.folder.appendingPathComponent("v3.3.4/REQUEST-922-MULTIPART-ATTACK").path
        let rules = try RegressionRun.rules(folder: environment["GATEHOUSE_CRS"])
        let summary = try RegressionRun(rules: rules).run(path: environment["GATEHOUSE_CRS_TESTS"] ?? part)
        suite.report(passed: summary.passed, failed: summary.failed, skipped: summary.skipped)
        #expect(summary.failed.isEmpty)
        #expect(summary.passed > 0)
    }
}
