import GatehouseConfiguration
import GatehouseCore
import GatehouseGuards
import GatehouseProxy
import GatehouseTesting
import HTTPWire
import NIOCore
import Synchronization
import Testing

/// What the proxy shows guards of request bodies, and how builtin services answer.
@Suite struct BodyContractTests {
    @Test func showsAWholeBodyAndSendsWhatAGuardMadeOfIt() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let watcher = BodyWatcher(RequestBodyDemand(limit: 100, longer: .refuse), replacement: "shorter")
        let house = try await FittedHouse([watcher], upstreamPort: backend.port)
        let text = try await RawClient.exchange(post(length: 20), port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 200"))
        #expect(watcher.seen == [Seen(count: 20, isBeginning: false)])
        let request = try #require(backend.requests.first)
        #expect(request.contains("content-length: 7\r\n"))
        #expect(request.hasSuffix("\r\n\r\nshorter"))
        await house.stop()
    }

    @Test(arguments: [false, true]) func refusesABodyLongerThanAGuardAllows(chunked: Bool) async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let watcher = BodyWatcher(RequestBodyDemand(limit: 100, longer: .refuse))
        let house = try await FittedHouse([watcher], upstreamPort: backend.port)
        let text = try await RawClient.exchange(chunked ? chunkedPost(length: 101) : post(length: 101), port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 413"))
        #expect(watcher.seen.isEmpty)
        #expect(backend.requests.isEmpty)
        await house.stop()
    }

    @Test(arguments: [false, true]) func showsTheBeginningOfALongBodyAndLetsAllOfItFlow(chunked: Bool) async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let watcher = BodyWatcher(RequestBodyDemand(limit: 100, longer: .beginning), replacement: "ignored")
        let house = try await FittedHouse([watcher], upstreamPort: backend.port)
        let text = try await RawClient.exchange(chunked ? chunkedPost(length: 300_000) : post(length: 300_000), port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 200"))
        #expect(watcher.seen == [Seen(count: 100, isBeginning: true)])
        let sent = try #require(backend.requests.first).filter { $0 == "x" }.count
        #expect(sent >= 300_000 && sent < 300_010)
        await house.stop()
    }

    @Test func tellsGuardsOfARequestWithoutABody() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let watcher = BodyWatcher(RequestBodyDemand(limit: 100, longer: .refuse))
        let house = try await FittedHouse([watcher], upstreamPort: backend.port)
        #expect(try await RawClient.exchange(get("/"), port: house.port).hasPrefix("HTTP/1.1 200"))
        #expect(watcher.seen == [Seen(count: 0, isBeginning: false)])
        await house.stop()
    }

    @Test func letsABuiltinServiceAnswerInABackendsPlace() async throws {
        let house = try await FittedHouse([], builtin: Echo())
        let text = try await RawClient.exchange(post(length: 5), port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 201"))
        #expect(text.hasSuffix("\r\n\r\n/a xxxxx"))
        let long = try await RawClient.exchange(post(length: 70_000), port: house.port)
        #expect(long.hasPrefix("HTTP/1.1 413"))
        await house.stop()
    }

    @Test func hidesWhyABuiltinServiceFailed() async throws {
        let house = try await FittedHouse([], builtin: Broken())
        let text = try await RawClient.exchange(post(length: 5), port: house.port)
        #expect(text.hasPrefix("HTTP/1.1 500"))
        #expect(!text.contains("secret"))
        await house.stop()
    }

    private func post(length: Int) -> String {
        "POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(length)\r\n\r\n" + String(repeating: "x", count: length)
    }

    private func chunkedPost(length: Int) -> String {
        "POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n\(String(length, radix: 16))\r\n"
            + String(repeating: "x", count: length) + "\r\n0\r\n\r\n"
    }
}

private struct Seen: Equatable {
    var count: Int
    var isBeginning: Bool
}

/// Notes what it is shown, and may put something else in its place.
private final class BodyWatcher: Guard {
    let name = "watcher"
    let phases: GuardPhases = [.requestHead, .requestBody]
    private let demand: RequestBodyDemand
    private let replacement: String?
    private let notes = Mutex<[Seen]>([])

    init(_ demand: RequestBodyDemand, replacement: String? = nil) {
        self.demand = demand
        self.replacement = replacement
    }

    var seen: [Seen] { notes.withLock { $0 } }

    func requestHead(_ exchange: Exchange) -> Verdict {
        exchange.needsRequestBody(demand)
        return .pass
    }

    func requestBody(_ exchange: Exchange) -> Verdict {
        let seen = Seen(count: exchange.requestBody.readableBytes, isBeginning: exchange.requestBodyIsBeginning)
        notes.withLock { $0.append(seen) }
        if let replacement { exchange.requestBody = ByteBuffer(string: replacement) }
        return .pass
    }
}

private struct Echo: BuiltinService {
    func answer(_ exchange: Exchange, body: ByteBuffer, on loop: any EventLoop) -> EventLoopFuture<LocalAnswer> {
        let text = exchange.request.path + " " + String(buffer: body)
        return loop.makeSucceededFuture(LocalAnswer(status: 201, body: ByteBuffer(string: text)))
    }
}

private struct Broken: BuiltinService {
    struct Failure: Error, CustomStringConvertible {
        let description = "secret"
    }

    func answer(_ exchange: Exchange, body: ByteBuffer, on loop: any EventLoop) -> EventLoopFuture<LocalAnswer> {
        loop.makeFailedFuture(Failure())
    }
}

/// A data plane with guards and builtin services of a test's own.
private struct FittedHouse {
    let server: ProxyServer
    let port: Int

    init(_ guards: [any Guard], upstreamPort: Int? = nil, builtin: any BuiltinService = Echo()) async throws {
        let backend = upstreamPort.map { "upstream: http://127.0.0.1:\($0)" } ?? "builtin: identity"
        let identity = upstreamPort == nil ? "identity: {issuer: 'https://id.example'}\n" : ""
        let text = identity + "listen: 127.0.0.1:0\nservices:\n  - \(backend)\nadmin: {listen: off}\n"
        let configuration = try ConfigurationLoader(file: "/gatehouse.yaml").load(Array(text.utf8)).configuration
        let house = try House(configuration, fittings: Fittings(guards: guards, builtin: builtin), previous: nil)
        let services = ExchangeServices(clock: SystemClock(), events: EventRecorder())
        server = ProxyServer(house, services: services, workers: 1, dataFolder: "/nonexistent")
        try await server.listen(configuration)
        port = server.addresses[0].port ?? 0
    }

    func stop() async { _ = await server.drain(within: .seconds(1)) }

    private struct Fittings: HouseFittings {
        var guards: [any Guard]
        var builtin: any BuiltinService
        let problems: any ProblemWriter = Plain()

        func guards(_ place: GuardPlace) -> [Route.Placement] { guards.map { Route.Placement($0, mode: .enforce) } }
        func builtin(_ kind: Builtin, of service: Service) -> any BuiltinService { builtin }
    }

    private struct Plain: ProblemWriter {
        func write(_ problem: Problem, for exchange: Exchange) -> RenderedProblem {
            ProblemRenderer().render(problem, incident: exchange.incident, request: exchange.request)
        }
    }
}
