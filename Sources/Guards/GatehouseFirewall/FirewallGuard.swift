public import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
public import NIOCore
internal import SecLang

/// Runs the rules of a web application firewall, the OWASP Core Rule Set as a rule, over requests and answers.
///
/// Refuses: what the rules refuse; bodies over their limit; exchanges over which the rules, or one regular expression, used up their
/// time. In `report` the same is found and recorded, and everything passes.
/// Limits: the request's body is held until the rules have seen it; of answers only those of the types that rules look at.
/// Cost: 40 µs for a small request, more with the number of distinct values; long bodies are looked at on a thread of their own.
public struct FirewallGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "waf"
    /// The phases that it wants.
    public let phases: GuardPhases = [.requestHead, .requestBody, .responseHead, .responseBody, .end, .refusedBytes]

    let settings: FirewallGuardSettings
    let compiled: FirewallRules
    let worker: FirewallWorker
    private let slot = GuardSlot<FirewallRun>("waf")
    private let blockList: (@Sendable (String) -> Bool)?

    /// A guard with compiled rules.
    ///
    /// - Parameters:
    ///   - worker: looks at long bodies.
    ///   - blockList: answers whether a name of a DNS block list exists; asked on the worker's threads only, and only where
    ///     `block_lists` is on.
    public init(
        _ settings: FirewallGuardSettings, rules: FirewallRules, worker: FirewallWorker, blockList: (@Sendable (String) -> Bool)? = nil
    ) {
        self.settings = settings
        compiled = rules
        self.worker = worker
        self.blockList = settings.blockLists && rules.rules.usesBlockList ? blockList : nil
    }

    // MARK: The request

    /// Runs phase 1, and phase 2 where there is no body.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        let run = begin(exchange)
        HeadFeeder.feed(exchange.request, to: run.transaction)
        return examine(run, exchange) {
            $0.processRequestHeaders()
        } then: { interruption in
            if let verdict = judge(interruption, run, exchange) { return verdict }
            guard run.transaction.wantsRequestBody, exchange.request.framing != .none, exchange.request.framing != .length(0) else {
                return examine(run, exchange) { $0.processRequestBody() }
            }
            run.awaitsRequestBody = true
            exchange.needsRequestBody(bodyDemand(run.transaction))
            return .pass
        }
    }

    /// One byte over the limit is asked for where longer bodies flow on, so that the rules notice.
    private func bodyDemand(_ transaction: Transaction) -> RequestBodyDemand {
        let refuses = settings.mode == .enforce && compiled.rules.settings.requestBodyLimitAction == .reject
        return refuses
            ? RequestBodyDemand(limit: transaction.requestBodyLimit, longer: .refuse)
            : RequestBodyDemand(limit: transaction.requestBodyLimit + 1, longer: .beginning)
    }

    /// Runs phase 2.
    public func requestBody(_ exchange: Exchange) -> Verdict {
        guard let run = exchange[slot], run.awaitsRequestBody else { return .pass }
        run.awaitsRequestBody = false
        let body = Array(exchange.requestBody.readableBytesView)
        keepForRecord(body, run, exchange)
        return examine(run, exchange, bytes: body.count) { $0.appendRequestBody(body) ?? $0.processRequestBody() }
    }

    // MARK: The answer

    /// Runs phase 3, and phase 4 where the answer's body is none that rules look at.
    public func responseHead(_ exchange: Exchange) -> Verdict {
        guard let run = exchange[slot], exchange.origin == .upstream, !run.isAway else { return .pass }
        let response = exchange.response
        run.transaction.setStatusLine(status: response.status)
        for index in 0..<response.fields.count {
            run.transaction.addResponseHeader(Array(response.fields.nameBytes(at: index)), Array(response.fields.valueBytes(at: index)))
        }
        return examine(run, exchange) {
            $0.processResponseHeaders()
        } then: { interruption in
            if let verdict = judge(interruption, run, exchange) { return verdict }
            guard run.transaction.wantsResponseBody, hasBody(exchange), !isDownload(response) else {
                return examine(run, exchange) { $0.processResponseBody() }
            }
            run.awaitsResponseBody = true
            exchange.needsResponseBody(responseDemand(run.transaction))
            return .pass
        }
    }

    private func hasBody(_ exchange: Exchange) -> Bool {
        exchange.request.method != .head && exchange.response.framing != .none && exchange.response.framing != .length(0)
    }

    private func isDownload(_ response: ResponseHead) -> Bool {
        guard let value = response.fields["content-disposition"] else { return false }
        return value.lowercased().hasPrefix("attachment")
    }

    private func responseDemand(_ transaction: Transaction) -> BodyDemand {
        let refuses = settings.mode == .enforce && compiled.rules.settings.responseBodyLimitAction == .reject
        return BodyDemand(limit: transaction.responseBodyLimit, refusesLonger: refuses, judgesBeginning: !refuses)
    }

    /// Runs phase 4.
    public func responseBody(_ exchange: Exchange) -> Verdict {
        guard let run = exchange[slot], run.awaitsResponseBody, !run.isAway else { return .pass }
        run.awaitsResponseBody = false
        let body = readableText(exchange)
        return examine(run, exchange, bytes: body.count) { $0.appendResponseBody(body) ?? $0.processResponseBody() }
    }

    /// The body as the client's user sees it: content codings taken off.
    private func readableText(_ exchange: Exchange) -> [UInt8] {
        let body = Array(exchange.responseBody.readableBytesView)
        let codings = exchange.response.fields.values(of: .contentEncoding)
        guard !codings.isEmpty else { return body }
        switch ContentDecoder(limit: compiled.rules.settings.responseBodyLimit).decode(body, codings: codings) {
        case .whole(let text), .beginning(let text): return text
        case .unknown: return body
        }
    }

    // MARK: The end

    /// Runs phase 5 and emits an event for each rule that matched.
    public func end(_ exchange: Exchange) {
        guard let run = exchange[slot], !run.hasEnded else { return }
        run.hasEnded = true
        if !run.isAway { finish(run, exchange) }
    }

    /// Ends a run whose exchange has ended.
    func finish(_ run: FirewallRun, _ exchange: Exchange) {
        let record = run.transaction.finish()
        FirewallEvents.emit(record, exchange, guardName: name, mode: settings.mode)
        if settings.record == .all, !run.hasRefused { recordRequest(run, exchange) }
    }

    /// Runs the rules over the bytes of a request that is refused for what they are.
    public func refusedBytes(_ exchange: Exchange, _ bytes: ByteBuffer) {
        let run = begin(exchange)
        let request = RawRequest(Array(bytes.readableBytesView.prefix(FirewallWorker.longBody)))
        request.feed(to: run.transaction)
        guard run.transaction.processRequestHeaders() == nil, run.transaction.appendRequestBody(request.body) == nil else { return }
        _ = run.transaction.processRequestBody()
    }

    // MARK: Parts

    private func begin(_ exchange: Exchange) -> FirewallRun {
        let clock = exchange.services.clock
        let environment = TransactionEnvironment(
            now: Int(clock.wall / 1_000_000_000), clock: { UInt64(bitPattern: clock.monotonic) },
            timeBudget: UInt64(settings.timeBudget.nanoseconds), collections: compiled.collections, blockList: blockList)
        let facts = SecLang.ConnectionFacts(
            clientAddress: exchange.clientText, clientPort: exchange.connection.peerPort, serverPort: exchange.connection.localPort,
            serverName: exchange.request.authority, uniqueID: exchange.incident.description, user: exchange.principal)
        let mode: EngineMode = settings.mode == .enforce ? .on : .detectionOnly
        let run = FirewallRun(Transaction(compiled.rules, connection: facts, environment: environment, mode: mode))
        exchange[slot] = run
        return run
    }

    private func examine(
        _ run: FirewallRun, _ exchange: Exchange, bytes: Int = 0, _ work: @escaping (Transaction) -> Interruption?
    ) -> Verdict {
        examine(run, exchange, bytes: bytes, work) { judge($0, run, exchange) ?? .pass }
    }

    /// Has the rules look at something, here or, where it takes long, on a thread; what comes of it is judged on the event loop.
    private func examine(
        _ run: FirewallRun, _ exchange: Exchange, bytes: Int = 0, _ work: @escaping (Transaction) -> Interruption?,
        then next: @escaping (Interruption?) -> Verdict
    ) -> Verdict {
        guard bytes > FirewallWorker.longBody || blockList != nil else { return next(work(run.transaction)) }
        return worker.lend(run, work) { interruption in
            guard run.hasEnded else { return next(interruption) }
            finish(run, exchange)
            return .pass
        }
    }

    /// What an interruption comes to; the wish for one, in `report`, is recorded, and the rules go on.
    private func judge(_ interruption: Interruption?, _ run: FirewallRun, _ exchange: Exchange) -> Verdict? {
        guard let interruption = interruption ?? run.transaction.intended, !run.hasRefused else { return nil }
        run.hasRefused = true
        let isRecorded = settings.record != .none
        let refusal = FirewallEvents.refusal(
            interruption, run.transaction, request: isRecorded ? recorded(run, exchange) : nil, path: exchange.request.path)
        guard settings.mode == .enforce else {
            exchange.record(FirewallEvents.decision(refusal, guardName: name, mode: settings.mode))
            return nil
        }
        if case .redirect(let address) = interruption.action {
            exchange.record(FirewallEvents.decision(refusal, guardName: name, mode: settings.mode))
            return .respond(LocalAnswer(status: interruption.status, fields: [("location", address)]))
        }
        return .refuse(refusal)
    }
}
