import Foundation
import GatehouseConfiguration
import GatehouseCore
import GatehouseFirewall
import GatehouseTools
import SecLang
import Testing

/// The commands about refused and recorded requests, on rules of three lines.
@Suite struct WafToolTests {
    private static let text = """
        SecRuleEngine On
        SecRule ARGS "@detectSQLi" "id:100,phase:2,pass,log,severity:CRITICAL,msg:'SQL injection',setvar:tx.inbound_anomaly_score=+5"
        SecRule ARGS "@rx (?i)<script|onerror|\\.\\./|/etc/passwd|<\\?php|processbuilder" "id:101,phase:2,pass,log,severity:CRITICAL,msg:'Attack',setvar:tx.inbound_anomaly_score=+5"
        SecRule ARGS "@contains odd" "id:102,phase:2,pass,log,severity:NOTICE,msg:'Odd',setvar:tx.inbound_anomaly_score=+2"
        SecAction "id:103,phase:1,pass,nolog,setvar:tx.inbound_anomaly_score_threshold=5"
        SecRule TX:inbound_anomaly_score "@ge 5" "id:949110,phase:2,deny,status:403,log,msg:'Score'"
        """

    private static func rules(_ text: String = text) throws -> WafRules {
        let folder = NSTemporaryDirectory() + "gatehouse-waf-tools-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/rules.conf"))
        return WafRules(folder: folder)
    }

    private static func request(_ target: String) -> RawRequest {
        RawRequest(Array("GET \(target) HTTP/1.1\r\nHost: shop.example\r\n\r\n".utf8))
    }

    /// A refusal as the house writes it, and the line of one of its matches.
    private static func events(_ id: String, _ target: String) -> String {
        """
        {"time":1,"class_uid":2004,"metadata":{"uid":"\(id)"},"unmapped":{"service":"shop","guard":"waf","rule":"949110","verdict":"refuse","mode":"enforce","reason":"rule 949110: Score","status":403,"matches":[{"id":100,"msg":"SQL injection","severity":"CRITICAL","phase":2,"variable":"ARGS:name","matched":"1' or 1=1","score":5,"tags":[]}],"exclusion":"SecRule X","request":{"method":"GET","target":"\(target)","version":"HTTP/1.1","headers":[["Host","shop.example"]]}}}
        {"time":1,"class_uid":2004,"metadata":{"uid":"\(id)"},"unmapped":{"service":"shop","guard":"waf","mode":"enforce","id":100,"msg":"SQL injection","severity":"CRITICAL","phase":2,"variable":"ARGS:name","matched":"1' or 1=1","score":5,"tags":[]}}
        {"time":1,"class_uid":4002,"metadata":{"uid":"\(id)"}}

        """
    }

    @Test func explainsWhatTheEventsOfAHouseSay() throws {
        let events = try WafEvent.read(Self.events("a1", "/form?name=1%27+or+1%3D1") + Self.events("b2", "/"))
        #expect(events.map(\.id) == ["a1", "b2"])
        #expect(
            events[0].lines == [
                "GET /form?name=1%27+or+1%3D1", "service shop", "refused with 403: rule 949110: Score", "",
                "rule 100  score 5  CRITICAL  SQL injection", "  in ARGS:name: 1' or 1=1", "",
                "smallest exclusion, if the request is a proper one:", "SecRule X",
            ])
        #expect(throws: WafEvent.Failure.self) { try WafEvent.read("{") }
    }

    @Test func writesAnExclusionThatLetsTheRequestPassAndNoAttack() throws {
        let event = try #require(try WafEvent.read(Self.events("a1", "/form?name=1%27+or+1%3D1--+&note=odd")).first)
        let request = try #require(event.request)
        let rules = try Self.rules()
        guard case .lines(let lines) = try WafExcluder(rules: rules).exclude(request, firstID: 10_007) else {
            Issue.record("no lines")
            return
        }
        #expect(
            lines == [
                "SecRule REQUEST_FILENAME \"@streq /form\" \"id:10007,phase:1,pass,nolog,t:none,ctl:ruleRemoveTargetById=100;ARGS:name\""
            ], "the match that is not needed stays")
        let excluded = WafRunner(rules: try rules.compile(exclusions: lines), mode: .on)
        #expect(excluded.run(request).interruption == nil)
        #expect(excluded.run(Self.request("/other?name=1%27+or+1%3D1--+")).interruption != nil)
        #expect(excluded.run(Self.request("/form?other=1%27+or+1%3D1--+")).interruption != nil)
        #expect(WafExcluder.freeID(in: lines[0]) == 10_008)
        #expect(WafExcluder.freeID(in: "") == 10_000)
    }

    @Test func writesNoneThatLetsAttacksPass() throws {
        let outcome = try WafExcluder(rules: Self.rules()).exclude(Self.request("/form?id=1%27+or+1%3D1--+"))
        #expect(outcome == .opensTheDoor(["SQL injection in a query"]))
        #expect(try WafExcluder(rules: Self.rules()).exclude(Self.request("/form?id=1")) == .passesAlready)
        let stubborn = try Self.rules("SecRule ARGS \"@contains x\" \"id:949110,phase:2,deny,log,msg:'Always'\"")
        #expect(try WafExcluder(rules: stubborn).exclude(Self.request("/?a=x")) == .staysRefused("Always"))
    }

    @Test func replaysRecordedRequestsAgainstACandidate() throws {
        let recorded = try WafEvent.read(Self.events("a1", "/?name=1%27+or+1%3D1--+") + Self.events("b2", "/?name=odd") + Self.events("c3", "/"))
        let candidate = try Self.rules(Self.text.replacing("@contains odd", with: "@contains nothing").replacing("@ge 5", with: "@ge 500"))
        let summary = WafReplay(current: try Self.rules().compile(), candidate: try candidate.compile()).run(recorded)
        #expect(
            WafReports.replay(summary) == [
                "3 requests, 2 treated differently", "a1: passes from now on, new rules [], rules no more [949110]",
                "b2: same verdict, new rules [], rules no more [102]",
            ])
    }

    @Test func testsARequestAndListsRules() throws {
        let rules = try Self.rules().compile()
        let attack = WafReports.test(Array("GET /?a=1%27+or+1%3D1--+ HTTP/1.1\r\nHost: a\r\n\r\n".utf8), rules: rules)
        #expect(attack.isRefused)
        #expect(attack.lines.contains("refused with 403 by rule 949110 (rule), inbound score 5"))
        #expect(!WafReports.test(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), rules: rules).isRefused)
        #expect(WafReports.rules(rules, search: "odd").map { $0.prefix(3) } == ["102"])
    }

    @Test func takesTheRulesOfAConfigurationsService() throws {
        var configuration = Configuration()
        var service = Service()
        service.name = "shop"
        service.guards.waf.mode = .report
        service.guards.waf.rules.paranoiaLevel = 3
        configuration.services = [service]
        #expect(try WafRules(configuration, service: "shop").settings.paranoiaLevel == 3)
        #expect(try WafRules(configuration).settings.paranoiaLevel == 3)
        #expect(throws: WafEvent.Failure.self) { try WafRules(configuration, service: "other") }
        configuration.services[0].guards.waf.mode = .off
        #expect(throws: WafEvent.Failure.self) { try WafRules(configuration, service: "shop") }
    }

    /// The examples of the page for users are good configurations that switch the firewall on.
    @Test func thePagesExamplesWork() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../docs/waf.md").standardized
        let examples = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```yaml\n").dropFirst().map { part in
            part.components(separatedBy: "```")[0]
        }
        #expect(examples.count == 2)
        for example in examples {
            let text = example.contains("services:") ? example : "services: [{upstream: http://127.0.0.1:3000}]\n" + example
            let loaded = try ConfigurationLoader(file: "x", environment: .memory(files: ["x": text])).load()
            #expect(loaded.configuration.services[0].guards.waf.mode == .enforce)
            #expect(loaded.warnings.isEmpty)
        }
    }
}
