public import GatehouseCore
public import GatehouseGuards
public import HTTPWire
internal import NIOCore

/// A house without sockets: guards on one route, a fake clock, and a recorder of events.
///
/// ```swift
/// let house = TestHouse([HeadersGuard(HeadersGuardSettings())])
/// let exchange = house.exchange(.get, "/items")
/// house.answer(exchange, status: 200, ["content-type": "application/json"])
/// #expect(exchange.response.fields["x-content-type-options"] == "nosniff")
/// ```
public final class TestHouse {
    /// The time of the house.
    public let clock: FakeClock
    /// What the guards recorded.
    public let recorder: EventRecorder
    /// The route that every exchange takes.
    public let route: Route
    private var generator = IdentifierGenerator(seed: 1)

    /// A house with guards that are all in one mode.
    public init(
        _ guards: [any Guard], mode: GuardMode = .enforce, clock: FakeClock = FakeClock(), recorder: EventRecorder = EventRecorder()
    ) {
        self.clock = clock
        self.recorder = recorder
        route = Route(
            service: "shop", name: "/", guards: guards.map { Route.Placement($0, mode: mode) }, bodyLimit: 10 * 1024 * 1024)
    }

    /// An exchange whose request has come, not yet shown to the guards.
    ///
    /// - Parameters:
    ///   - target: path and query.
    ///   - fields: lines of the request besides Host; names in lower case.
    ///   - secure: true for a client that speaks TLS.
    public func exchange(
        _ method: HTTPMethod = .get, _ target: String = "/", _ fields: KeyValuePairs<String, String> = [:],
        client: String = "192.0.2.1", secure: Bool = false, host: String = "shop.example", version: HTTPVersion = .http11
    ) -> Exchange {
        var request = RequestHead()
        request.method = method
        request.version = version
        request.setTarget(target.utf8)
        request.authority = host
        request.fields.append(.host, host)
        for (name, value) in fields { request.fields.append(name, value) }
        let address = IPAddress(text: client) ?? IPAddress(v4: 0)
        let tls = secure ? TLSFacts(version: "TLSv1.3", serverName: host) : nil
        return Exchange(
            request: request, connection: ConnectionFacts(peer: address, peerPort: 40_000, localPort: 443, tls: tls), route: route,
            incident: IncidentID(using: &generator), trace: TraceContext(using: &generator), startedAt: clock.monotonic,
            services: ExchangeServices(clock: clock, events: recorder))
    }

    /// Shows the request's head to the guards.
    @discardableResult
    public func request(_ exchange: Exchange) -> GuardChain.Outcome { GuardChain.requestHead(exchange) }

    /// Shows the request's body to the guards as the proxy does; call after ``request(_:)`` has passed.
    ///
    /// - Returns: what came of it: a refusal with 413 when the body is longer than guards allow. Afterwards
    ///   `exchange.requestBody` is what would be sent on.
    @discardableResult
    public func requestBody(_ exchange: Exchange, _ body: [UInt8]) -> GuardChain.Outcome {
        for piece in [ByteBuffer(bytes: body), nil] {
            if let refusal = exchange.showRequestBody(piece) { return .refuse(refusal, guardName: "watch") }
        }
        guard let demand = exchange.requestBodyDemand else { return .pass }
        if let longest = demand.longest, body.count > longest {
            let refusal = Refusal(Problem(status: 413), rule: "body_length", reason: "body longer than guards hold")
            return .refuse(refusal, guardName: "wire")
        }
        exchange.requestBodyIsBeginning = body.count > demand.heldBytes
        exchange.requestBody = ByteBuffer(bytes: body.prefix(demand.heldBytes))
        return GuardChain.requestBody(exchange)
    }

    /// Lets a backend answer, shows the answer to the guards as the proxy does, and lets them finish its head.
    ///
    /// - Returns: what came of it. After a refusal the exchange holds the refusal's status and fields.
    @discardableResult
    public func answer(
        _ exchange: Exchange, status: Int = 200, _ fields: KeyValuePairs<String, String> = [:], body: [UInt8]? = nil
    ) -> GuardChain.Outcome {
        exchange.origin = .upstream
        exchange.response = ResponseHead(status: status)
        exchange.response.framing = body.map { .length($0.count) } ?? .none
        for (name, value) in fields { exchange.response.fields.append(name, value) }
        var outcome = GuardChain.responseHead(exchange)
        if case .pass = outcome, let demand = exchange.responseBodyDemand, let body {
            exchange.responseBodyIsBeginning = body.count > demand.limit && demand.judgesBeginning
            exchange.responseBody = ByteBuffer(bytes: exchange.responseBodyIsBeginning ? body.prefix(demand.limit) : body[...])
            outcome = GuardChain.responseBody(exchange)
        }
        return finish(exchange, outcome)
    }

    /// Carries out a refusal or an answer of a guard in the exchange, and lets the guards finish the head.
    @discardableResult
    public func finish(_ exchange: Exchange, _ outcome: GuardChain.Outcome) -> GuardChain.Outcome {
        switch outcome {
        case .refuse(let refusal, _):
            exchange.origin = .gatehouse
            exchange.response = ResponseHead(status: refusal.problem.status)
            for field in refusal.fields { exchange.response.fields.append(field.name, field.value) }
        case .respond(let answer, _):
            exchange.origin = .gatehouse
            exchange.response = ResponseHead(status: answer.status)
            for field in answer.fields { exchange.response.fields.append(field.name, field.value) }
        case .pass, .wait: break
        }
        GuardChain.finalHead(exchange)
        return outcome
    }

    /// Ends an exchange.
    public func end(_ exchange: Exchange) { GuardChain.end(exchange) }
}

extension GuardChain.Outcome {
    /// The refusal, if it is one.
    public var refusal: Refusal? { if case .refuse(let refusal, _) = self { refusal } else { nil } }
    /// The answer of a guard, if it is one.
    public var localAnswer: LocalAnswer? { if case .respond(let answer, _) = self { answer } else { nil } }
    /// True when the exchange goes on.
    public var isPass: Bool { if case .pass = self { true } else { false } }
}

extension FieldBlock {
    /// All lines as `name: value`, in order.
    public var texts: [String] { (0..<count).map { "\(name(at: $0)): \(value(at: $0))" } }
}
