import GatehouseConfiguration
import GatehouseCore
import GatehouseFirewall
import GatehouseGuards
import GatehouseTesting
internal import HTTPWire
import Testing

@Suite struct FirewallLibraryTests {
    private static let rule = "SecRule ARGS \"@pmFromFile words.data\" \"id:100,phase:2,deny,log\""

    @Test func sharesEqualRulesAndCompilesChangedOnesAnew() throws {
        let folder = try RuleFolder(["a.conf": Self.rule, "words.data": "evil\n"])
        let library = FirewallLibrary()
        let first = try library.rules(folder.settings(), now: 0)
        #expect(try library.rules(folder.settings(.report), now: 0) === first)
        #expect(try library.rules(folder.settings { $0.rules.argumentsLimit = 7 }, now: 0) !== first)
        try folder.write("words.data", "other\n")
        let second = try library.rules(folder.settings(), now: 0)
        #expect(second !== first)
        #expect(try library.rules(folder.settings(), now: 0) === second)
        try folder.write("b.conf", "SecAction \"id:5,phase:1,pass,nolog\"")
        #expect(try library.rules(folder.settings(), now: 0) !== second)
    }

    @Test func doesNotStartWithoutRulesAndNamesThePackage() {
        var settings = FirewallGuardSettings()
        settings.mode = .enforce
        settings.rules.folders = [FilePath("/nowhere")]
        #expect { try FirewallLibrary().rules(settings, now: 0) } throws: { "\($0)".contains("`/nowhere` is no folder of rules") }
        settings.rules.folders = []
        if !hasCoreRuleSet {
            #expect { try FirewallLibrary().rules(settings, now: 0) } throws: { "\($0)".contains("`modsecurity-crs`") }
        }
    }

    @Test func namesThePlaceOfARuleThatCannotBeEnforced() throws {
        let folder = try RuleFolder(["a.conf": "SecRule ARGS \"@nonsense x\" \"id:1,phase:2,deny\""])
        #expect { try FirewallLibrary().rules(folder.settings(), now: 0) } throws: { "\($0)".contains("a.conf:1:") }
    }

    @Test func doesNotStartWhereAttacksPass() throws {
        let folder = try RuleFolder(["a.conf": Self.rule, "words.data": "evil\n"])
        #expect { try FirewallLibrary().rules(folder.settings { $0.rules.provesItself = true }, now: 0) } throws: {
            "\($0)".contains("let attacks pass: SQL injection in a query")
        }
    }

    @Test(arguments: ["SecRuleRemoveById 949110", "SecRule ARGS:x \"@rx .\" \"id:7,phase:1,pass,nolog,ctl:ruleRemoveById=980000-980999\""])
    func refusesToDisarmTheRulesUnlessNothingIsRefusedAnyway(line: String) throws {
        let folder = try RuleFolder(["a.conf": "SecAction \"id:949110,phase:2,pass,nolog\"", "z.conf": line])
        #expect { try FirewallLibrary().rules(folder.settings(), now: 0) } throws: { "\($0)".contains("z.conf:1:") }
        let library = FirewallLibrary()
        #expect(try !library.rules(folder.settings(.report), now: 0).notices.isEmpty)
        #expect(throws: FirewallFailure.self) { try library.rules(folder.settings(), now: 0) }
    }

    @Test func readsExclusionsBeforeTheRulesAndNeedsNone() throws {
        let folder = try RuleFolder(["a.conf": "SecRule ARGS \"@contains evil\" \"id:100,phase:2,deny,log\""])
        let exclusions = try RuleFolder([:])
        let settings = folder.settings { $0.rules.exclusions = [ExclusionFile(path: FilePath(exclusions.path + "/own.conf"))] }
        let strict = try TestHouse(firewall: settings)
        #expect(strict.request(strict.exchange(.get, "/a?q=evil")).refusal != nil)
        try exclusions.write(
            "own.conf", "SecRule REQUEST_FILENAME \"@streq /a\" \"id:7,phase:1,pass,nolog,ctl:ruleRemoveTargetById=100;ARGS:q\"")
        let lenient = try TestHouse(firewall: settings)
        #expect(lenient.request(lenient.exchange(.get, "/a?q=evil")).isPass)
        #expect(lenient.request(lenient.exchange(.get, "/b?q=evil")).refusal != nil)
    }

    @Test(.enabled(if: hasCoreRuleSet, "the package modsecurity-crs is not installed"))
    func runsThePackagedRulesAtTheLevelsThatTheFileSays() throws {
        var settings = try #require(FirewallGuardSettings.packaged())
        let house = try TestHouse(firewall: settings)
        let attack = house.exchange(.get, "/?id=1'%20UNION%20SELECT%20a%20FROM%20b--%20-", ["user-agent": "x", "accept": "*/*"])
        let refusal = try #require(house.request(attack).refusal)
        #expect(refusal.rule == "949110")
        #expect(refusal.details.map { $0.score >= 5 } ?? false)
        #expect(refusal.details?.matches.contains { $0.id == 942100 } ?? false)
        #expect(house.request(house.exchange(.get, "/items?id=1", ["user-agent": "x", "accept": "*/*"])).isPass)

        settings.rules.provesItself = false
        settings.rules.paranoiaLevel = 1
        settings.rules.detectionParanoiaLevel = 4
        settings.rules.inboundThreshold = 1000
        let watching = try TestHouse(firewall: settings)
        let odd = watching.exchange(.get, "/?id=1'%20UNION%20SELECT%20a%20FROM%20b--%20-", ["user-agent": "x", "accept": "*/*"])
        #expect(watching.request(odd).isPass)
        watching.end(odd)
        #expect(Set(watching.recorder.ruleIDs).isSuperset(of: [942100, 942432]), "rules of levels 1 and 4")
    }
}
