import Testing

@testable import SecLang

@Suite struct LanguageTests {
    static let mistakes: [(text: String, message: String)] = [
        ("SecNonsense On", "t.conf:1:1: unknown directive `SecNonsense`"),
        ("\n  SecRule NOPE \"@rx a\" \"id:1\"", "t.conf:2:11: unknown variable `NOPE`"),
        ("SecRule ARGS|NOPE \"a\" \"id:1\"", "t.conf:1:14: unknown variable `NOPE`"),
        ("SecRule ARGS \"@nope a\" \"id:1\"", "t.conf:1:15: unknown operator `@nope`"),
        ("SecRule ARGS \"a\" \"id:1,nope\"", "t.conf:1:24: unknown action `nope`"),
        ("SecRule ARGS \"a\" \\\n    \"id:1,\\\n    t:nope\"", "t.conf:3:5: unknown transformation `nope`"),
        ("SecRule ARGS \"a\" \"phase:2\"", "t.conf:1:1: the rule has no id"),
        ("SecRule ARGS \"(\" \"id:1\"", "t.conf:1:15: regular expression at offset 1: missing closing parenthesis"),
        ("SecRule ARGS \"a\" \"id:1\"\nSecRule ARGS \"b\" \"id:1\"", "t.conf:2:1: rule id `1` is taken at t.conf:1:1"),
        ("SecRule ARGS \"a\" \"id:1,ctl:nope=on\"", "t.conf:1:24: unknown ctl option `nope`"),
        ("SecRule ARGS \"a\" \"id:1,exec:/bin/x\"", "t.conf:1:24: action `exec` is not available: no program is run"),
        ("SecRule ARGS \"a\" \"id:1,chain\"", "t.conf:1:1: the chain has no last rule"),
        ("SecRule ARGS \"a", "t.conf:1:14: quote is not closed"),
        ("SecRule REQUEST_URI:x \"a\" \"id:1\"", "t.conf:1:9: `REQUEST_URI` is a single value and takes no selector"),
        ("SecRule ARGS \"a\" \"id:1,phase:5,deny\"", "t.conf:1:1: the logging phase comes after the answer and cannot refuse"),
        ("SecRule ARGS \"a\" \"id:1,chain\"\nSecRule ARGS \"b\" \"deny\"", "t.conf:2:1: only the first rule of a chain may carry `deny`"),
        ("SecRule ARGS \"a\" \"id:1,msg:'%{NOPE.x}'\"", "t.conf:1:24: unknown variable `NOPE`"),
        ("SecRuleEngine Maybe", "t.conf:1:1: expected On, Off or DetectionOnly, not `Maybe`"),
        ("SecRule XML:a[1] \"a\" \"id:1\"", "t.conf:1:9: XPath expression `a[1]` is not one of those that are understood"),
        ("Include *.conf", "t.conf:1:1: cannot read `*.conf`"),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsNamedWithItsPlace(_ text: String, _ message: String) {
        #expect {
            try RuleSet([RuleSource(name: "t.conf", text: text)])
        } throws: { "\($0)" == message }
    }

    @Test func everyNameOfTheLanguageIsKnown() {
        #expect(ActionList.names.count == 44)
        #expect(Operators.names.count == 32)
        #expect(Transformation.all.count == 35)
        #expect(Variable.allCases.count == 104)
    }

    @Test func removedRulesAreGoneWithTheirChains() throws {
        let rules = try Exchange(
            """
            SecRule ARGS "a" "id:1,phase:2,deny,chain"
            SecRule ARGS "b" "t:none"
            SecRule ARGS "a" "id:2,phase:2,deny,tag:'x/y'"
            SecRule ARGS "a" "id:3,phase:2,pass,log,msg:'third'"
            SecRuleRemoveById 1
            SecRuleRemoveByTag ^x/
            """)
        #expect(rules.ids("/?p=ab") == [3])
    }

    @Test func updatedTargetsAndActionsCount() throws {
        let rules = try Exchange(
            """
            SecRule ARGS "attack" "id:1,phase:2,pass,log"
            SecRuleUpdateTargetById 1 "!ARGS:safe"
            SecRuleUpdateActionById 1 "deny,status:418"
            """)
        #expect(rules.run("/?safe=attack").interruption == nil)
        #expect(rules.run("/?q=attack").interruption?.status == 418)
    }

    @Test func disarmingExclusionsAreNamed() throws {
        let rules = try Exchange(
            """
            SecRule ARGS "a" "id:949110,phase:2,deny"
            SecRuleRemoveById 949110
            SecAction "id:5,phase:1,pass,nolog,ctl:ruleRemoveById=980000-980999"
            """
        ).rules
        #expect(rules.dangers.map(\.location.line).sorted() == [5, 6])
    }

    @Test func includedFilesComeFromTheResolver() throws {
        let resolver = RuleResolver(
            include: { pattern, file, _ in [RuleSource(name: "\(file)>\(pattern)", text: "SecRule ARGS \"a\" \"id:1,phase:2,deny\"")] },
            data: { path, _ in Array("# comment\nevil\n\n".utf8) })
        let rules = try Exchange("Include x.conf\nSecRule ARGS \"@pmFromFile list.data\" \"id:2,phase:2,deny\"", resolver: resolver)
        #expect(rules.run("/?q=a").matches.first?.location.file == "test.conf>x.conf")
        #expect(rules.ids("/?q=EVIL") == [2])
    }
}
