import Foundation
import Testing

@Suite struct ForwardingTests {
    @Test func passesARequestOnWithFactsAboutTheClient() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("hello", fields: "Server: secret/1.0\r\nX-Powered-By: php\r\n") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let text = try await RawClient.exchange(
            get("/a?b=c", fields: "X-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nGatehouse-Identity: root\r\nX-Mine: 1\r\nTE: trailers\r\n"),
            port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.hasSuffix("\r\n\r\nhello"))
        #expect(!text.lowercased().contains("x-powered-by"))
        #expect(!text.contains("secret/1.0"))
        #expect(text.contains("x-content-type-options: nosniff\r\n"))
        let request = try #require(backend.requests.first)
        #expect(request.hasPrefix("GET /a?b=c HTTP/1.1\r\n"))
        #expect(request.contains("host: test.example\r\n"))
        #expect(request.contains("x-mine: 1\r\n"))
        #expect(request.contains("x-forwarded-for: 127.0.0.1\r\n"))
        #expect(request.contains("forwarded: for=127.0.0.1;proto=http;host=\"test.example\"\r\n"))
        #expect(request.contains("traceparent: 00-"))
        #expect(request.contains("connection: te\r\nte: trailers\r\n"))
        for claim in ["1.2.3.4", "gatehouse-identity"] { #expect(!request.contains(claim)) }
        _ = await house.stop()
    }

    @Test func datesAnswersThatHaveNoDateAndOnlyThose() async throws {
        let backend = try await ScriptedBackend { request, _ in
            answer("ok", fields: request.hasPrefix("GET /dated") ? "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" : "")
        }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        for path in ["/plain", "/.."] {
            let text = try await RawClient.exchange(get(path), port: house.port)
            #expect(text.contains(#/\r\ndate: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d GMT\r\n/#))
        }
        let dated = try await RawClient.exchange(get("/dated"), port: house.port)
        #expect(dated.lowercased().split(separator: "date: ").count == 2)
        #expect(dated.contains("Sun, 06 Nov 1994 08:49:37 GMT"))
        _ = await house.stop()
    }

    @Test func tellsCachesThatProblemsDependOnAccept() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("trace", status: "500 Internal Server Error", fields: "Vary: Origin\r\n") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let text = try await RawClient.exchange(get("/"), port: house.port)
        let vary = text.lowercased().split(separator: "\r\n").filter { $0.hasPrefix("vary:") }.joined(separator: ",")
        #expect(vary.contains("accept") && vary.contains("origin"))
        #expect(text.contains("cache-control: no-store\r\n"))
        _ = await house.stop()
    }

    @Test func believesTrustedProxiesOnly() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: "trusted_proxies: [127.0.0.0/8, 10.0.0.0/8]")
        _ = try await RawClient.exchange(get("/", fields: "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.1\r\nX-Forwarded-Proto: https\r\n"), port: house.port)
        let request = try #require(backend.requests.first)
        #expect(request.contains("x-forwarded-for: 192.0.2.7\r\n"))
        #expect(request.contains("x-forwarded-proto: https\r\n"))
        _ = await house.stop()
    }

    @Test func takesPipelinedRequestsInOrder() async throws {
        let backend = try await ScriptedBackend { request, _ in answer(String(request.dropFirst(4).prefix(2))) }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let client = try await RawClient(port: house.port)
        try await client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n" + get("/3"))
        let text = try await client.receive()
        let bodies = text.components(separatedBy: "\r\n\r\n").dropFirst().map { String($0.prefix(2)) }
        #expect(bodies == ["/1", "/2", "/3"])
        _ = await house.stop()
    }

    @Test func reusesItsConnectionsToTheBackend() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        for _ in 0..<5 { _ = try await RawClient.exchange(get("/"), port: house.port) }
        #expect(backend.connectionCount == 1)
        _ = await house.stop()
    }

    @Test func passesChunksAndTrailersBothWays() async throws {
        let backend = try await ScriptedBackend { _, _ in
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n", false)
        }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let client = try await RawClient(port: house.port)
        try await client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n0\r\n\r\n")
        let text = try await client.receive { $0.hasSuffix("x-sum: 1\r\n\r\n") }
        #expect(text.contains("transfer-encoding: chunked\r\n"))
        #expect(text.hasSuffix("3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n"))
        let request = try #require(backend.requests.first)
        #expect(request.hasSuffix("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
        _ = await house.stop()
    }

    @Test func answersExpectContinueItself() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let client = try await RawClient(port: house.port)
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
        let interim = try await client.receive { $0.contains("\r\n\r\n") }
        #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
        try await client.send("hello")
        #expect(try await client.receive().hasSuffix("ok"))
        #expect(backend.requests.first?.contains("expect") == false)
        _ = await house.stop()
    }

    @Test func joinsWebSocketsBothWays() async throws {
        let backend = try await ScriptedBackend { _, _ in
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n", false)
        }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let client = try await RawClient(port: house.port)
        try await client.send(
            "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: y\r\nSec-WebSocket-Version: 13\r\n\r\n")
        let head = try await client.receive { $0.hasSuffix("\r\n\r\n") }
        #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(head.contains("upgrade: websocket\r\n"))
        try await client.send("frame")
        #expect(try await client.receive { $0.hasSuffix("frame") }.hasSuffix("echo:frame"))
        try await client.close()
        _ = await house.stop()
    }

    @Test func servesAnHTTP10ClientThatKeepsNothing() async throws {
        let backend = try await ScriptedBackend { _, _ in ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", false) }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let text = try await RawClient.exchange("GET / HTTP/1.0\r\n\r\n", port: house.port)
        #expect(text.hasSuffix("\r\n\r\nok"))
        #expect(!text.contains("transfer-encoding"))
        _ = await house.stop()
    }

    @Test func answersAClientThatClosedItsHalf() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let client = try await RawClient(port: house.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try await client.closeOutput()
        #expect(try await client.receive().hasSuffix("ok"))
        _ = await house.stop()
    }
}
