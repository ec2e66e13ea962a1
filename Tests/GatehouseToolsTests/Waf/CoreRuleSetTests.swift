import ConformanceSupport
import Foundation
import GatehouseTools
import SecLang
import SecLangFiles
import Testing

private let suite = ConformanceSuite("crs-tests")

@Suite struct CoreRuleSetTests {
    @Test(.enabled(if: suite.isPresent))
    func theRegressionTestsOfTheCoreRuleSetPass() throws {
        let files = RuleFiles()
        let folder = ProcessInfo.processInfo.environment["GATEHOUSE_CRS"]
        let tests = ProcessInfo.processInfo.environment["GATEHOUSE_CRS_TESTS"] ?? suite.folder.appendingPathComponent("v3.3.4").path
        let started = ContinuousClock.now
        let rules = try RuleSet(
            [.recommendedSettings, RegressionRun.settings] + files.coreRuleSet(folder: folder), resolver: files.resolver)
        print("loaded in", ContinuousClock.now - started, rules.ruleCount, rules.notices)
        let begun = ContinuousClock.now
        let summary = try RegressionRun(rules: rules).run(path: tests)
        print("ran in", ContinuousClock.now - begun)
        suite.report(passed: summary.passed, failed: summary.failed, skipped: summary.skipped)
        #expect(summary.failed.isEmpty)
    }
}
