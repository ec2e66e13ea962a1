import Testing

@testable import SecLang

@Suite struct EvaluationTests {
    @Test func scoresAddUpAndOneRuleDecides() throws {
        let rules = try Exchange(
            """
            SecAction "id:1,phase:1,pass,nolog,setvar:tx.critical=5"
            SecRule ARGS "@contains evil" "id:2,phase:2,pass,log,msg:'seen %{MATCHED_VAR_NAME}',setvar:'tx.anomaly_score=+%{tx.critical}'"
            SecRule TX:ANOMALY_SCORE "@ge 10" "id:3,phase:2,deny,status:403,log,msg:'score %{TX.anomaly_score}'"
            """)
        #expect(rules.run("/?a=evil").interruption == nil)
        let record = rules.run("/?a=evil&b=evil")
        #expect(record.interruption == Interruption(action: .deny, status: 403, cause: .rule, ruleID: 3, phase: 2, message: "score 10"))
        #expect(record.matches.map(\.variable) == ["ARGS:a", "ARGS:b", "TX:anomaly_score"])
        #expect(record.matches.map(\.score) == [5, 5, 0])
    }

    @Test func aChainMatchesOnlyWhole() throws {
        let rules = try Exchange(
            """
            SecRule REQUEST_METHOD "@streq POST" "id:1,phase:2,deny,chain"
            SecRule ARGS:a "@rx ^(x+)$" "capture,chain"
            SecRule TX:1 "@streq xx" "t:none"
            """)
        #expect(rules.ids("/?a=xx") == [])
        #expect(rules.run("/?a=xx", method: "POST").interruption?.ruleID == 1)
        #expect(rules.run("/?a=xxx", method: "POST").interruption == nil)
    }

    @Test func skipAfterGoesOnBehindTheMarker() throws {
        let rules = try Exchange(
            """
            SecRule ARGS:a "@streq 1" "id:1,phase:2,pass,nolog,skipAfter:END"
            SecAction "id:2,phase:2,pass,log"
            SecMarker END
            SecAction "id:3,phase:2,pass,log"
            """)
        #expect(rules.ids("/?a=1") == [3])
        #expect(rules.ids("/?a=2") == [2, 3])
    }

    @Test func skipLeavesOutWholeChains() throws {
        let rules = try Exchange(
            """
            SecAction "id:1,phase:2,pass,nolog,skip:1"
            SecRule ARGS "x" "id:2,phase:2,pass,log,chain"
            SecRule ARGS "x" "t:none"
            SecAction "id:3,phase:2,pass,log"
            """)
        #expect(rules.ids("/?a=x") == [3])
    }

    @Test func allowEndsAllButTheLoggingPhase() throws {
        let rules = try Exchange(
            """
            SecAction "id:1,phase:1,allow,nolog"
            SecAction "id:2,phase:2,deny"
            SecAction "id:3,phase:5,pass,log"
            """)
        #expect(rules.ids() == [3])
    }

    @Test func detectionOnlyNotesWhatItWouldHaveDone() throws {
        let record = try Exchange("SecAction \"id:1,phase:1,deny,status:401\"").run(mode: .detectionOnly)
        #expect(record.interruption == nil)
        #expect(record.intended?.status == 401)
    }

    @Test func blockMeansWhatTheDefaultsSay() throws {
        let text = "SecDefaultAction \"phase:2,log,deny,status:406\"\nSecRule ARGS \"x\" \"id:1,phase:2,block\""
        #expect(try Exchange(text).run("/?a=x").interruption?.status == 406)
    }

    @Test func controlsTakeRulesAndTargetsAway() throws {
        let rules = try Exchange(
            """
            SecRule REQUEST_FILENAME "@streq /free" "id:1,phase:1,pass,nolog,ctl:ruleRemoveById=10"
            SecRule REQUEST_FILENAME "@streq /part" "id:2,phase:1,pass,nolog,ctl:ruleRemoveTargetByTag=attack;ARGS:safe"
            SecRule ARGS "@contains evil" "id:10,phase:2,deny,tag:attack-x"
            """)
        #expect(rules.run("/?safe=evil").interruption?.ruleID == 10)
        #expect(rules.run("/free?safe=evil").interruption == nil)
        #expect(rules.run("/part?safe=evil").interruption == nil)
        #expect(rules.run("/part?other=evil").interruption?.ruleID == 10)
    }

    @Test func multiMatchLooksAfterEachTransformation() throws {
        let rules = try Exchange("SecRule ARGS \"@streq a%41\" \"id:1,phase:2,pass,log,multiMatch,t:urlDecode,t:lowercase\"")
        #expect(rules.ids("/?q=a%2541") == [1])
    }

    @Test func persistentCollectionsCountAcrossTransactionsAndExpire() throws {
        let rules = try Exchange(
            """
            SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.hits=+1,expirevar:ip.hits=60"
            SecRule IP:hits "@gt 2" "id:2,phase:1,deny,status:429"
            """)
        let store = MemoryCollections()
        #expect((0..<3).map { _ in rules.run(store: store).interruption?.status } == [nil, nil, 429])
        #expect(rules.run(now: 1_061, store: store).interruption == nil)
    }

    @Test func responseBodiesAreLookedAt() throws {
        let rules = try Exchange("SecRule RESPONSE_BODY \"@contains secret\" \"id:1,phase:4,deny,status:500\"")
        #expect(rules.run().interruption?.phase == 4)
    }

    @Test func aPatternThatUsesUpItsStepsRefuses() throws {
        let rules = try Exchange("SecRule ARGS \"@rx ^(?:(?:a+)+)+$\" \"id:1,phase:2,deny\"")
        let record = rules.run("/?q=" + String(repeating: "a", count: 60) + "!")
        #expect(record.interruption?.cause == .matchLimit)
        #expect(record.limits.count == 1)
    }

    @Test func timeThatIsUsedUpRefuses() throws {
        let text = (1...200).map { "SecRule ARGS|REQUEST_URI \"!@streq x\" \"id:\($0),phase:2,pass,nolog\"" }.joined(separator: "\n")
        let rules = try Exchange(text).rules
        let ticks = Ticker()
        let environment = TransactionEnvironment(now: 0, clock: { ticks.next() }, timeBudget: 1_500)
        let transaction = Transaction(rules, connection: ConnectionFacts(clientAddress: "::1"), environment: environment)
        transaction.setRequestLine(method: "GET", target: "/?a=1", version: "HTTP/1.1")
        #expect(transaction.processRequestHeaders() == nil)
        #expect(transaction.processRequestBody()?.cause == .timeBudget)
    }

    @Test func secretsAreMaskedInTheRecord() throws {
        let record = try Exchange("SecRule ARGS \"@contains evil\" \"id:1,phase:2,pass,log,sanitiseArg:password\"").run("/?password=evil123")
        #expect(record.matches.first?.value == Array("*******".utf8))
    }

    @Test func headersThatComeTwiceAreJoined() throws {
        let rules = try Exchange("SecRule REQUEST_HEADERS:X-A \"@streq 1, 2\" \"id:1,phase:1,pass,log\"")
        #expect(rules.ids(headers: [("X-A", "1"), ("x-a", "2")]) == [1])
    }

    @Test func theRecordIsJSON() throws {
        let record = try Exchange("SecRule ARGS \"@contains evil\" \"id:1,phase:2,pass,log,severity:2,msg:'a \\\"b\\\"'\"").run("/?q=an%0aevil")
        #expect(record.matches.first?.json.hasPrefix("{\"id\":1,\"msg\":\"a \\\"b\\\"\",\"severity\":\"CRITICAL\",\"phase\":2,\"variable\":\"ARGS:q\",\"matched\":\"evil\"") == true)
    }
}

/// A clock that goes on by a thousand each time it is read.
private final class Ticker: @unchecked Sendable {  // one test reads it on one thread
    private var value: UInt64 = 0

    func next() -> UInt64 {
        value += 1_000
        return value
    }
}
