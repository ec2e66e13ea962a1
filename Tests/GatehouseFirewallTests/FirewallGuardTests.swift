import GatehouseConfiguration
import GatehouseCore
import GatehouseFirewall
import GatehouseGuards
import GatehouseTesting
import HTTPWire
internal import NIOCore
import Testing

@Suite struct FirewallGuardTests {
    private static let rules = """
        SecRule ARGS "@contains evil" "id:100,phase:2,deny,status:403,log,severity:CRITICAL,msg:'Evil %{MATCHED_VAR_NAME}',logdata:'%{MATCHED_VAR}',tag:'attack'"
        SecRule REQUEST_HEADERS:X-Early "@streq now" "id:101,phase:1,deny,status:406,log,msg:'Early'"
        SecRule RESPONSE_BODY "@contains secret" "id:102,phase:4,deny,status:500,log,msg:'Leak'"
        SecRule RESPONSE_HEADERS:X-Bad "@streq yes" "id:103,phase:3,deny,status:502,log,msg:'Bad head'"
        SecRule REQUEST_HEADERS:X-Away "@streq yes" "id:104,phase:1,redirect:https://away.example/,status:302,log,msg:'Away'"
        SecRule REQUEST_HEADERS:X-Note "@rx ." "id:105,phase:1,pass,log,msg:'Noted'"
        """

    private func house(_ mode: GuardMode = .enforce, _ change: (inout FirewallGuardSettings) -> Void = { _ in }) throws -> TestHouse {
        try TestHouse(firewall: RuleFolder(["a.conf": Self.rules]).settings(mode, change))
    }

    @Test func refusesWhatARuleRefusesInTheHead() throws {
        let house = try house()
        let exchange = house.exchange(.get, "/", ["x-early": "now"])
        #expect(house.request(exchange).refusal?.problem.status == 406)
        house.end(exchange)
        #expect(house.recorder.ruleIDs == [101])
    }

    @Test func refusesWhatARuleRefusesInTheQuery() throws {
        let house = try house()
        let exchange = house.exchange(.get, "/a?q=so+evil")
        let refusal = try #require(house.request(exchange).refusal)
        #expect(refusal.problem.status == 403)
        #expect(refusal.rule == "100")
        #expect(refusal.reason == "rule 100: Evil ARGS:q")
        let details = try #require(house.recorder.decisions.first?.details)
        #expect(details.matches.map(\.variable) == ["ARGS:q"])
        #expect(details.matches.first?.matched == "evil" || details.matches.first?.matched == "so evil")
        #expect(details.exclusion.contains("ctl:ruleRemoveTargetById=100;ARGS:q"))
        #expect(details.request?.target == "/a?q=so+evil")
    }

    @Test(arguments: [false, true])
    func seesTheBodyBeforeTheBackendDoes(isLong: Bool) throws {
        let house = try house()
        let exchange = house.exchange(.post, "/", ["content-type": "application/x-www-form-urlencoded"])
        exchange.request.framing = .chunked
        #expect(house.request(exchange).isPass)
        let filling = isLong ? "a=" + String(repeating: "x", count: 100_000) + "&" : ""
        #expect(house.requestBody(exchange, Array((filling + "q=evil").utf8)).refusal?.rule == "100")
    }

    @Test func refusesABodyOverItsLimitAndReportsOneInReport() throws {
        let body = Array(("q=" + String(repeating: "x", count: 5000)).utf8)
        let strict = try house { $0.rules.bodyLimit = 1024 }
        let refused = strict.exchange(.post, "/", ["content-type": "application/x-www-form-urlencoded"])
        refused.request.framing = .length(body.count)
        strict.request(refused)
        #expect(strict.requestBody(refused, body).refusal?.problem.status == 413)

        let watching = try house(.report) { $0.rules.bodyLimit = 1024 }
        let seen = watching.exchange(.post, "/", ["content-type": "application/x-www-form-urlencoded"])
        seen.request.framing = .length(body.count)
        watching.request(seen)
        #expect(watching.requestBody(seen, body).isPass)
        #expect(seen.requestBodyIsBeginning)
        #expect(watching.recorder.rules == ["bodyLimit"])
    }

    @Test func reportsAndPassesInReport() throws {
        let house = try house(.report)
        let exchange = house.exchange(.get, "/a?q=evil", ["x-early": "now"])
        #expect(house.request(exchange).isPass)
        house.answer(exchange, ["content-type": "text/html"], body: Array("a secret".utf8))
        house.end(exchange)
        #expect(exchange.response.status == 200)
        #expect(house.recorder.ruleIDs == [101, 100, 102])
        #expect(house.recorder.rules == ["101"])
        #expect(house.recorder.decisions.first?.isEnforced == false)
    }

    @Test func looksAtAnswersOfTextAndLetsOthersFlow() throws {
        let house = try house()
        let page = house.exchange()
        house.request(page)
        house.answer(page, ["content-type": "text/html"], body: Array("a secret".utf8))
        #expect(page.response.status == 500)

        for fields: KeyValuePairs in [
            ["content-type": "text/event-stream"], ["content-type": "application/octet-stream"],
            ["content-type": "text/plain", "content-disposition": "attachment; filename=a.txt"],
        ] {
            let stream = house.exchange()
            house.request(stream)
            house.answer(stream, fields, body: Array("a secret".utf8))
            #expect(stream.responseBodyDemand == nil)
            #expect(stream.response.status == 200)
        }
    }

    @Test func looksBehindContentCodings() throws {
        let house = try house()
        let exchange = house.exchange()
        house.request(exchange)
        let gzip: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x54, 0x28, 0x4e, 0x4d, 0x2e, 0x4a, 0x2d, 0x01, 0, 0xbc, 0xe7, 0x25, 0x35, 8, 0, 0, 0,
        ]
        house.answer(exchange, ["content-type": "text/html", "content-encoding": "gzip"], body: gzip)
        #expect(exchange.response.status == 500)
    }

    @Test func refusesAnAnswerByItsHead() throws {
        let house = try house()
        let exchange = house.exchange()
        house.request(exchange)
        house.answer(exchange, ["content-type": "image/png", "x-bad": "yes"], body: [1])
        #expect(exchange.response.status == 502)
    }

    @Test func sendsTheClientWhereARuleSays() throws {
        let house = try house()
        let answer = try #require(house.request(house.exchange(.get, "/", ["x-away": "yes"])).localAnswer)
        #expect(answer.status == 302)
        #expect(answer.fields.contains { $0 == ("location", "https://away.example/") })
        #expect(house.recorder.rules == ["104"])
    }

    @Test func givesRulesTheBytesOfTheWire() throws {
        let folder = try RuleFolder([
            "a.conf": """
            SecRule REQUEST_LINE "@streq GET http://Shop.example/a%2e?x=%41 HTTP/1.1" "id:1,phase:1,pass,log,msg:'line'"
            SecRule REQUEST_HEADERS_NAMES "@streq X-ODD-Case" "id:2,phase:1,pass,log,msg:'name'"
            SecRule REQUEST_URI_RAW "@beginsWith http://Shop" "id:3,phase:1,pass,log,msg:'raw'"
            """
        ])
        let house = try TestHouse(firewall: folder.settings())
        let exchange = house.exchange(.get, "/a%2e?x=%41")
        exchange.request.wire = Array("GET http://Shop.example/a%2e?x=%41 HTTP/1.1\r\nHost: Shop.example\r\nX-ODD-Case:  v \r\n\r\n".utf8)
        #expect(house.request(exchange).isPass)
        house.end(exchange)
        #expect(house.recorder.ruleIDs == [1, 2, 3])
    }

    @Test func recordsEveryRequestWhereAsked() throws {
        let house = try house { $0.record = .all }
        let exchange = house.exchange(.get, "/fine")
        house.request(exchange)
        house.end(exchange)
        #expect(house.recorder.decisions.first?.details?.request?.target == "/fine")
        #expect(house.recorder.rules == ["recorded"])
    }

    @Test func refusesWhenTheTimeIsUsedUp() throws {
        let house = try house { $0.timeBudget = .milliseconds(1) }
        // A clock that a test stands still shows that waiting does not count …
        let exchange = house.exchange(.post, "/", ["content-type": "application/x-www-form-urlencoded"])
        exchange.request.framing = .chunked
        house.request(exchange)
        house.clock.advance(by: .seconds(10))
        #expect(house.requestBody(exchange, Array("a=b".utf8)).isPass)
    }

    @Test func runsTheRulesOverWhatTheWireRefuses() throws {
        let house = try house()
        let exchange = house.exchange()
        GuardChain.refusedBytes(exchange, .init(string: "GET /?q=evil HTTP/1.1\nHost x\r\n\r\n"))
        house.end(exchange)
        #expect(house.recorder.ruleIDs == [100])
        #expect(house.recorder.decisions.isEmpty)
    }
}
