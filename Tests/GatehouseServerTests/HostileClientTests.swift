import Foundation
import Testing

@Suite struct HostileClientTests {
    @Test(
        "ambiguous framing gets a 400, closes, and never reaches the backend",
        arguments: [
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        ])
    func refuses(_ bytes: String) async throws {
        let backend = try await ScriptedBackend { _, _ in answer("reached") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let text = try await RawClient.exchange(bytes, port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(text.contains("connection: close\r\n"))
        #expect(text.contains("x-content-type-options: nosniff\r\n"))
        #expect(backend.requests.isEmpty)
        let events = await house.stop()
        #expect(events.contains { $0.contains("\"guard\":\"wire\"") && $0.contains("\"disposition\":\"Blocked\"") })
    }

    @Test func refusesABodyThatIsTooLong() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("reached") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], service: "    limits:\n      body_bytes: 1KiB\n")
        let text = try await RawClient.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n", port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
        #expect(backend.requests.isEmpty)
        _ = await house.stop()
    }

    @Test func closesConnectionsThatSendNoHeadInTime() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("reached") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], timeouts: "request_head: 2s")
        let client = try await RawClient(port: house.port)
        try await client.send("GET / HTTP/1.1\r\nHos")
        #expect(try await client.receive().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        let events = await house.stop()
        #expect(events.contains { $0.contains("slow_writer") })
    }

    @Test func boundsConnectionsOfOneClient() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: "limits:\n  connections_per_client: 2\n")
        let kept = [try await RawClient(port: house.port), try await RawClient(port: house.port)]
        for client in kept { try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        for client in kept { #expect(try await client.receive { $0.hasSuffix("ok") }.hasSuffix("ok")) }
        let third = try await RawClient(port: house.port)
        #expect(try await third.receive() == "")
        let events = await house.stop()
        #expect(events.contains { $0.contains("connections_per_client") })
    }

    @Test func refusesWithTheGuardsOfTheRoute() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(
            upstreamPorts: [backend.port],
            service: "    routes:\n      - path: /admin\n        guards:\n          addresses:\n            deny: [127.0.0.0/8]\n")
        #expect(try await RawClient.exchange(get("/admin/x"), port: house.port).hasPrefix("HTTP/1.1 403 "))
        #expect(try await RawClient.exchange(get("/"), port: house.port).hasSuffix("ok"))
        for spelling in ["/%61dmin", "/x/../admin", "//admin", "/admin/"] {
            let text = try await RawClient.exchange(get(spelling), port: house.port)
            #expect(text.hasPrefix("HTTP/1.1 403 ") || text.hasPrefix("HTTP/1.1 400 "))
        }
        #expect(backend.requests.count == 1)
        _ = await house.stop()
    }
}
