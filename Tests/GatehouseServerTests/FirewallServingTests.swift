import Foundation
import Testing

@Suite struct FirewallServingTests {
    private static let rules = """
        SecRule ARGS "@contains evil" "id:100,phase:2,deny,log,severity:CRITICAL,msg:'Evil',logdata:'%{MATCHED_VAR}'"
        SecRule REQUEST_LINE "@contains odd" "id:101,phase:1,pass,log,msg:'Odd line'"
        SecRule RESPONSE_BODY "@contains secret" "id:102,phase:4,deny,status:502,log,msg:'Leak'"
        """

    /// A folder with rules, and the YAML lines that use it.
    private static func guards(_ mode: String = "enforce", _ more: String = "", rules: String = rules) throws -> String {
        let folder = NSTemporaryDirectory() + "gatehouse-waf-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(rules.utf8).write(to: URL(fileURLWithPath: folder + "/rules.conf"))
        return """
            guards:
              waf:
                mode: \(mode)
                rules: \(folder)
                self_proof: false
            \(more)
            """
    }

    private static func form(_ body: String) -> String {
        "POST /a HTTP/1.1\r\nHost: test.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    @Test func refusesAttacksAndSaysWhyInOneEvent() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("hello") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: Self.guards())
        let refused = try await RawClient.exchange(get("/a?q=evil&token=abc"), port: house.port)
        #expect(refused.hasPrefix("HTTP/1.1 403"))
        #expect(try await RawClient.exchange(get("/a?q=good"), port: house.port).hasSuffix("hello"))
        #expect(backend.requests.count == 1)
        let lines = await house.stop()
        let refusal = try #require(lines.first { $0.contains("\"Blocked\"") })
        #expect(refusal.contains("\"guard\":\"waf\",\"rule\":\"100\""))
        #expect(refusal.contains("\"matches\":[{\"id\":100,\"msg\":\"Evil\",\"severity\":\"CRITICAL\",\"phase\":2,\"variable\":\"ARGS:q\",\"matched\":\"evil\""))
        #expect(refusal.contains("\"exclusion\":\"SecRule REQUEST_FILENAME"))
        #expect(refusal.contains("\"target\":\"/a?q=evil&token=redacted\""))
        let match = try #require(lines.first { $0.contains("\"guard\":\"waf\",\"mode\":\"enforce\",\"id\":100,") })
        for part in ["\"msg\":\"Evil\"", "\"severity\":\"CRITICAL\"", "\"phase\":2", "\"variable\":\"ARGS:q\"", "\"matched\":\"evil\""] {
            #expect(match.contains(part))
        }
    }

    @Test(arguments: [10, 200_000])
    func looksAtBodiesHoweverLongBeforeTheyGoOn(filling: Int) async throws {
        let backend = try await ScriptedBackend { _, _ in answer("hello") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: Self.guards())
        let text = "a=" + String(repeating: "x", count: filling)
        #expect(try await RawClient.exchange(Self.form(text + "&q=evil"), port: house.port).hasPrefix("HTTP/1.1 403"))
        #expect(try await RawClient.exchange(Self.form(text + "&q=good"), port: house.port).hasSuffix("hello"))
        #expect(backend.requests.count == 1)
        _ = await house.stop()
    }

    @Test func recordsInReportWhatTheWireRefuses() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("hello") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: Self.guards("report"))
        #expect(try await RawClient.exchange("GET /odd  HTTP/1.1\r\nHost: a\r\n\r\n", port: house.port).hasPrefix("HTTP/1.1 400"))
        let client = try await RawClient(port: house.port)
        try await client.send("GET /odd?q=evil HTTP/1.1\r\n")
        try await client.send("Host : a\r\n\r\n")
        #expect(try await client.receive().hasPrefix("HTTP/1.1 400"))
        let ids = await house.stop().compactMap { $0.firstMatch(of: /"mode":"report","id":(\d+)/).map { String($0.1) } }
        #expect(ids == ["101", "101", "100"])
        #expect(backend.requests.isEmpty)
    }

    @Test func masksAnswersThatTheRulesRefuse() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("a secret") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: Self.guards())
        let text = try await RawClient.exchange(get("/"), port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 502"))
        #expect(!text.contains("secret"))
        _ = await house.stop()
    }

    @Test(arguments: ["text/event-stream", "application/octet-stream"])
    func letsStreamsFlowAtOnce(type: String) async throws {
        // the backend sends the beginning and then nothing more: what comes at the client has not waited for the end
        let backend = try await ScriptedBackend { _, _ in
            ("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n", false)
        }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: Self.guards())
        let client = try await RawClient(port: house.port)
        let clock = ContinuousClock()
        var quickest = Duration.seconds(60)
        for _ in 0..<5 {
            let client = try await RawClient(port: house.port)
            let start = clock.now
            try await client.send(get("/"))
            _ = try await client.receive { $0.contains("first") }
            quickest = min(quickest, clock.now - start)
            try await client.close()
        }
        #expect(quickest < .milliseconds(50))
        try await client.close()
        _ = await house.stop()
    }

    @Test func answersBusyWithBodiesDoNotHoldOthersUp() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("hello") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: Self.guards())
        let body = "a=" + String(repeating: "x", count: 400_000)
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 { group.addTask { try await RawClient.exchange(Self.form(body), port: house.port) } }
            for _ in 0..<4 { group.addTask { try await RawClient.exchange(get("/quick"), port: house.port) } }
            for try await text in group { #expect(text.hasSuffix("hello")) }
        }
        _ = await house.stop()
    }

    @Test func keepsTheOldRulesWhenNewOnesAreWrong() async throws {
        await #expect {
            _ = try await RunningHouse(upstreamPorts: [1], more: Self.guards(rules: "SecRule ARGS \"@nonsense\" \"id:1\""))
        } throws: { "\($0)".contains("rules.conf:1:") }
    }

    @Test func seesWhatComesOverHTTP2AsWell() async throws {
        guard Curl.isPresent else { return }
        let backend = try await ScriptedBackend { _, _ in answer("hello") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: Self.guards())
        let status = try await Curl.run(
            "--http2-prior-knowledge", "-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:\(house.port)/?q=evil")
        #expect(status == "403")
        _ = await house.stop()
    }
}
