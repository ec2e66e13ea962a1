import Foundation
import GatehouseConfiguration
internal import GatehouseServer
import Testing

/// What curl, a client that nobody here wrote, sees over TLS and HTTP/2.
@Suite(.enabled(if: Curl.isPresent)) struct CurlTests {
    @Test func speaksHTTP2InClearTextByPriorKnowledge() async throws {
        let backend = try await ScriptedBackend { request, _ in answer("got \(request.suffix(5))") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let result = try await Curl.run("--http2-prior-knowledge", "-d", "hello", "-w", " %{http_version}", "http://127.0.0.1:\(house.port)/")
        #expect(result == "got hello 2")
        #expect(backend.requests.first?.contains("content-length: 5\r\n") == true)
        _ = await house.stop()
    }

    @Test("serves TLS by a development certificate that curl can verify", arguments: ["--http1.1", "--http2"])
    func servesTLS(version: String) async throws {
        let backend = try await ScriptedBackend { _, _ in answer("secret") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], listen: "listeners: [{address: '127.0.0.1:0', tls: true}]")
        let result = try await Curl.run(
            version, "--cacert", house.authorityFile, "-D", "-", "-w", " %{http_version}", "https://localhost:\(house.port)/")
        #expect(result.hasSuffix(version == "--http2" ? "secret 2" : "secret 1.1"))
        #expect(result.lowercased().contains("strict-transport-security: max-age="))
        #expect(backend.requests.first?.contains("x-forwarded-proto: https\r\n") == true)
        _ = await house.stop()
    }

    @Test("offers no version of TLS below 1.2", arguments: ["--tls-max 1.0", "--tls-max 1.1"])
    func refusesOldTLS(version: String) async throws {
        let backend = try await ScriptedBackend { _, _ in answer("secret") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], listen: "listeners: [{address: '127.0.0.1:0', tls: true}]")
        let arguments = ["--tlsv1.0"] + version.split(separator: " ").map(String.init) + ["-k", "https://localhost:\(house.port)/"]
        #expect(try await Curl.status(arguments) != 0)
        #expect(backend.requests.isEmpty)
        _ = await house.stop()
    }

    @Test func carriesBodiesAndTrailersThroughHTTP2OnBothSides() async throws {
        let backend = try await ScriptedBackend { request, _ in
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nGrpc-Status: 0\r\n\r\n", false)
        }
        let inner = try await RunningHouse(upstreamPorts: [backend.port])
        let outer = try await RunningHouse(upstreamPorts: [inner.port], scheme: "h2c")
        let result = try await Curl.run(
            "--http2-prior-knowledge", "-D", "-", "-H", "te: trailers", "-d", String(repeating: "x", count: 100_000),
            "http://127.0.0.1:\(outer.port)/")
        #expect(result.contains("abc"))
        #expect(result.lowercased().contains("grpc-status: 0"))
        #expect(backend.requests.first?.contains("content-length: 100000\r\n") == true)
        _ = await outer.stop()
        _ = await inner.stop()
    }

    @Test("speaks TLS to backends, and only to the one that its certificate names", arguments: ["https", "h2"])
    func speaksTLSToBackends(scheme: String) async throws {
        let backend = try await ScriptedBackend { request, _ in answer(String(request.suffix(5))) }
        let inner = try await RunningHouse(upstreamPorts: [backend.port], listen: "listeners: [{address: '127.0.0.1:0', tls: true}]")
        for (name, status) in [("localhost", "200"), ("other.example", "502")] {
            let outer = try await RunningHouse(
                upstreamPorts: [inner.port], scheme: scheme,
                service: "    tls:\n      ca: \(inner.authorityFile)\n      server_name: \(name)\n    health: {path: /health, interval: 100ms}\n")
            if name == "localhost" { while backend.requests.count < 2 { try await Task.sleep(for: .milliseconds(20)) } }
            let result = try await Curl.run("-d", "hello", "-w", " %{http_code}", "http://127.0.0.1:\(outer.port)/")
            #expect(result.hasSuffix(status == "200" ? "hello 200" : " 502"))
            _ = await outer.stop()
        }
        let unknown = try await RunningHouse(upstreamPorts: [inner.port], scheme: scheme, service: "    tls:\n      server_name: localhost\n")
        #expect(try await Curl.run("-d", "hello", "-w", " %{http_code}", "http://127.0.0.1:\(unknown.port)/").hasSuffix(" 502"))
        #expect(backend.requests.filter { $0.hasPrefix("POST") }.count == 1)
        #expect(backend.requests.filter { $0.hasPrefix("GET /health") }.count > 1)
        _ = await unknown.stop()
        _ = await inner.stop()
    }

    @Test func takesARenewedCertificateIntoUseWithoutEndingConnections() async throws {
        let files = try await CertificatePair.make(name: "first.example")
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let settings = "tls: {certificates: [{certificate: \(files.certificate), key: \(files.key)}]}"
        let house = try await RunningHouse(upstreamPorts: [backend.port], listen: "listeners: [{address: '127.0.0.1:0', \(settings)}]")
        let url = ["--cacert", files.certificate, "--connect-to", "::127.0.0.1:\(house.port)", "-s", "-o", "/dev/null"]
        #expect(try await Curl.status(url + ["https://first.example/"]) == 0)
        try await files.renew(name: "second.example")
        await house.server.reload(ConfigurationLoader(file: house.file))
        #expect(try await Curl.status(url + ["https://second.example/"]) == 0)
        #expect(try await Curl.status(url + ["https://first.example/"]) != 0)
        _ = await house.stop()
    }

    @Test func streamsALargeAnswerWholeWhileTheClientIsSlow() async throws {
        let body = String(repeating: "0123456789abcdef", count: 128 * 1024)
        let backend = try await ScriptedBackend { _, _ in answer(body) }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let count = try await Curl.run("--limit-rate", "4M", "-o", "/dev/null", "-w", "%{size_download}", "http://127.0.0.1:\(house.port)/")
        #expect(count == "\(body.utf8.count)")
        _ = await house.stop()
    }

    @Test func redirectsAPlainListenerToTheTLSOne() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("secret") }
        let house = try await RunningHouse(
            upstreamPorts: [backend.port],
            listen: "listeners: [{address: '127.0.0.1:0', redirect_to_https: true}, {address: '127.0.0.1:0', tls: true}]")
        let result = try await Curl.run("-D", "-", "http://localhost:\(house.port)/a?b")
        #expect(result.hasPrefix("HTTP/1.1 301 "))
        #expect(result.contains("location: https://localhost"))
        #expect(backend.requests.isEmpty)
        _ = await house.stop()
    }
}

enum Curl {
    static var isPresent: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/curl") }

    /// What curl prints, headers included where asked for.
    static func run(_ arguments: String...) async throws -> String { try await launch(arguments).output }

    /// The exit code of curl.
    static func status(_ arguments: [String]) async throws -> Int32 { try await launch(arguments).status }

    private static func launch(_ arguments: [String]) async throws -> (output: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        process.arguments = ["-s", "--max-time", "10"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try await Task.detached { try pipe.fileHandleForReading.readToEnd() ?? Data() }.value
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }
}
