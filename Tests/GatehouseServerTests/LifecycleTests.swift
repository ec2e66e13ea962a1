import Foundation
import GatehouseConfiguration
import GatehouseServer
import Testing

@Suite struct LifecycleTests {
    @Test func letsARunningRequestEndWhenTheProgramStops() async throws {
        let backend = try await ScriptedBackend { _, _ in ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", false) }
        let house = try await RunningHouse(upstreamPorts: [backend.port], timeouts: "drain: 1s")
        let client = try await RawClient(port: house.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try await client.receive { $0.hasSuffix("1\r\na\r\n") }
        let start = ContinuousClock.now
        let events = await house.stop()
        #expect(ContinuousClock.now - start >= .milliseconds(900))
        #expect(events.contains { $0.contains("1 connections were still open") })
    }

    @Test func changesWithoutTouchingRequestsAndKeepsTheOldFileWhenTheNewOneIsBad() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let file = house.file
        let good = try String(contentsOfFile: file, encoding: .utf8) + "\nguards:\n  addresses:\n    deny: [127.0.0.0/8]\n"
        try good.write(toFile: file, atomically: true, encoding: .utf8)
        let kept = try await RawClient(port: house.port)
        try await kept.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try await kept.receive { $0.hasSuffix("ok") }
        await house.server.reload(ConfigurationLoader(file: file))
        try await kept.send(get("/2"))
        #expect(try await kept.receive().contains("HTTP/1.1 403 "))
        try "servicez: []".write(toFile: file, atomically: true, encoding: .utf8)
        await house.server.reload(ConfigurationLoader(file: file))
        #expect(try await RawClient.exchange(get("/3"), port: house.port).hasPrefix("HTTP/1.1 403 "))
        let events = await house.stop()
        #expect(events.contains { $0.contains("reload_refused") && $0.contains("services") })
        #expect(backend.requests.count == 1)
    }

    @Test func opensClosesAndChangesListenersAtAReload() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let (first, second) = (try FreePort.find(), try FreePort.find())
        let house = try await RunningHouse(upstreamPorts: [backend.port], listen: "listen: 127.0.0.1:\(first)")
        let kept = try await RawClient(port: first)
        try await kept.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try await kept.receive { $0.hasSuffix("ok") }
        func reload(_ listeners: String) async throws {
            let text = try String(contentsOfFile: house.file, encoding: .utf8).split(separator: "\n").dropFirst().joined(separator: "\n")
            try "\(listeners)\n\(text)".write(toFile: house.file, atomically: true, encoding: .utf8)
            await house.server.reload(ConfigurationLoader(file: house.file))
        }
        try await reload("listeners: [{address: '127.0.0.1:\(first)', proxy_protocol: {mode: require, from: [127.0.0.0/8]}}, {address: '127.0.0.1:\(second)'}]")
        #expect(try await RawClient.exchange(get("/2"), port: second).hasPrefix("HTTP/1.1 200 "))
        #expect(try await RawClient.exchange(get("/3"), port: first) == "")
        #expect(try await RawClient.exchange("PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n" + get("/4"), port: first).hasPrefix("HTTP/1.1 200 "))
        try await reload("listeners: [{address: '127.0.0.1:\(second)'}, {address: '192.0.2.1:1'}]")
        #expect(try await RawClient.exchange(get("/5"), port: second).hasPrefix("HTTP/1.1 200 "))
        try await reload("listeners: [{address: '127.0.0.1:\(second)'}]")
        await #expect(throws: (any Error).self) { try await RawClient(port: first) }
        try await kept.send(get("/6"))
        #expect(try await kept.receive().hasSuffix("ok"))
        let events = await house.stop()
        #expect(events.contains { $0.contains("reload_refused") && $0.contains("192.0.2.1") })
        #expect(backend.requests.count == 5)
    }

    @Test func dropsNoRequestOverManyReloads() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: "limits:\n  requests_per_connection: 100000\n")
        let reloads = Task {
            for _ in 0..<20 { await house.server.reload(ConfigurationLoader(file: house.file)) }
        }
        for _ in 0..<100 { #expect(try await RawClient.exchange(get("/"), port: house.port).hasSuffix("ok")) }
        await reloads.value
        _ = await house.stop()
    }

    @Test func writesNoSecretIntoEvents() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        _ = try await RawClient.exchange(
            get("/?token=tok-1234&q=1&%61ccess_token=tok-5678", fields: "Authorization: Bearer sec-1234\r\nCookie: session=sec-5678\r\n"),
            port: house.port)
        let text = await house.stop().joined()
        for secret in ["tok-1234", "tok-5678", "sec-1234", "sec-5678"] { #expect(!text.contains(secret)) }
        #expect(text.contains("token=redacted&q=1"))
    }
}
