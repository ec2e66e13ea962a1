import Foundation
import GatehouseFirewall
import GatehouseTools
import SecLang
import SecLangFiles
import Testing

@Suite(.enabled(if: FileManager.default.fileExists(atPath: RuleFiles.packagedRules)))
struct WafBenchTests {
    @Test func benignRequestsPassAndTheAttackIsRefused() throws {
        let files = RuleFiles()
        let rules = try RuleSet([.recommendedSettings] + files.coreRuleSet(), resolver: files.resolver)
        let runner = WafRunner(rules: rules, mode: .on)
        for (name, bytes) in WafBench.requests {
            let record = runner.run(RawRequest(bytes))
            #expect((record.interruption != nil) == (name == "blocked SQL injection"), "\(name): \(record.matches.map(\.json))")
        }
        #expect(SelfProof.attacksThatPass(rules, now: 0) == [])
        let count = ProcessInfo.processInfo.environment["GATEHOUSE_BENCH"].flatMap { Int($0) } ?? 20
        for row in WafBench(rules: rules).run(count: count) { print("bench", row.name, row.average, row.median, row.p99) }
    }
}
