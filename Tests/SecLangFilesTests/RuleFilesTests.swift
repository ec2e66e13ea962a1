import SecLang
import SecLangFiles
import Testing

@Suite struct RuleFilesTests {
    @Test func theFolderOfNoRulesIsNamedInTheError() {
        #expect(throws: RuleFiles.Failure(description: "`/nowhere` is no folder of rules")) { try RuleFiles().coreRuleSet(folder: "/nowhere") }
    }
}
