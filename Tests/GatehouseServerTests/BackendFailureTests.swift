import Foundation
import Testing

@Suite struct BackendFailureTests {
    @Test(
        "a backend that sends what is no answer becomes a 502",
        arguments: [
            "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", "HTTP/1.1 200 OK\r\nX: a\nY: b\r\n\r\n", "",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        ])
    func masksGarbage(_ bytes: String) async throws {
        let backend = try await ScriptedBackend { _, _ in (bytes, true) }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let text = try await RawClient.exchange(get("/"), port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n"))
        #expect(text.contains("content-type: application/problem+json\r\n"))
        let events = await house.stop()
        #expect(events.contains { $0.contains("request_failed") })
    }

    @Test func stopsEndlessHeads() async throws {
        let line = "X-Endless: " + String(repeating: "a", count: 1000) + "\r\n"
        let backend = try await ScriptedBackend { _, _ in ("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 200), false) }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        #expect(try await RawClient.exchange(get("/"), port: house.port).hasPrefix("HTTP/1.1 502 "))
        _ = await house.stop()
    }

    @Test func cutsAnAnswerWhoseBackendLiedAboutItsLength() async throws {
        let backend = try await ScriptedBackend { _, _ in ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", true) }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let client = try await RawClient(port: house.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let text = try await client.receive()
        #expect(text.contains("content-length: 100\r\n"))
        #expect(text.hasSuffix("short"))
        let events = await house.stop()
        #expect(events.contains { $0.contains("\"status_detail\":\"connection closed by the backend\"") })
    }

    @Test func answers504WhenTheBackendStalls() async throws {
        let backend = try await ScriptedBackend { _, _ in nil }
        let house = try await RunningHouse(upstreamPorts: [backend.port], service: "    timeouts:\n      response_head: 300ms\n")
        #expect(try await RawClient.exchange(get("/"), port: house.port).hasPrefix("HTTP/1.1 504 Gateway Timeout\r\n"))
        _ = await house.stop()
    }

    @Test func answers502WhenNobodyListens() async throws {
        let backend = try await ScriptedBackend { _, _ in nil }
        let port = backend.port
        try await backend.close()
        let house = try await RunningHouse(upstreamPorts: [port])
        #expect(try await RawClient.exchange(get("/"), port: house.port).hasPrefix("HTTP/1.1 502 "))
        _ = await house.stop()
    }

    @Test func repeatsAnIdempotentRequestOnAnotherBackend() async throws {
        let bad = try await ScriptedBackend { _, _ in ("", true) }
        let good = try await ScriptedBackend { _, _ in answer("good") }
        let house = try await RunningHouse(upstreamPorts: [bad.port, good.port])
        for _ in 0..<4 { #expect(try await RawClient.exchange(get("/"), port: house.port).hasSuffix("good")) }
        _ = await house.stop()
    }

    @Test func neverRepeatsARequestThatMayHaveHadAnEffect() async throws {
        let bad = try await ScriptedBackend { _, _ in ("", true) }
        let house = try await RunningHouse(upstreamPorts: [bad.port, bad.port])
        let text = try await RawClient.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx", port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 502 "))
        #expect(bad.requests.count == 1)
        _ = await house.stop()
    }

    @Test func usesAFreshConnectionWhenTheBackendClosedTheIdleOne() async throws {
        let backend = try await ScriptedBackend { _, number in number % 2 == 1 ? answer("first") : ("", true) }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        #expect(try await RawClient.exchange(get("/"), port: house.port).hasSuffix("first"))
        #expect(try await RawClient.exchange(get("/"), port: house.port).hasSuffix("first"))
        #expect(backend.requests.count == 3)
        _ = await house.stop()
    }

    @Test func takesABackendOutThatAnswersBadlyToHealthChecks() async throws {
        let sick = try await ScriptedBackend { request, _ in request.hasPrefix("GET /health") ? answer("no", status: "500 No") : answer("sick") }
        let well = try await ScriptedBackend { _, _ in answer("well") }
        let house = try await RunningHouse(
            upstreamPorts: [sick.port, well.port],
            service: "    health:\n      path: /health\n      interval: 100ms\n      unhealthy_after: 1\n")
        var texts: [String] = []
        for _ in 0..<40 where texts.suffix(4).filter({ $0.hasSuffix("well") }).count < 4 {
            texts.append(try await RawClient.exchange(get("/"), port: house.port))
        }
        #expect(texts.suffix(4).allSatisfy { $0.hasSuffix("well") })
        let events = await house.stop()
        #expect(events.contains { $0.contains("\"event\":\"down\"") })
    }
}
