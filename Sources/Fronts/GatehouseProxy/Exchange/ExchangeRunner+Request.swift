internal import Atomics
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// The request's way: from the client, past the guards, to a backend.
extension ExchangeRunner {
    /// Most bytes of a body that are kept for repeating the request.
    private static let replayLimit = 64 * 1024

    // MARK: From the client

    /// A piece of the request's body came.
    func requestBody(_ bytes: ByteBuffer) {
        bytesIn += bytes.readableBytes
        guard answerState != .ended, shows(bytes) else { return }
        switch requestState {
        case .sending: forward(bytes)
        case .sent: break
        case .holding:
            hold(bytes)
            if let demand = exchange.requestBodyDemand, heldRequestBytes > demand.heldBytes { holdsLonger(demand) }
        case .judging, .leasing: hold(bytes)
        }
    }

    /// The request is whole.
    func requestEnd(_ trailers: FieldBlock?) {
        isRequestWhole = true
        requestTrailers = trailers
        guard answerState != .ended, shows(nil) else { return }
        switch requestState {
        case .sending: endRequest()
        case .holding: judgeBody()
        case .judging, .leasing, .sent: break
        }
    }

    /// The bytes that were here have been handled; what was sent to the backend can go.
    func requestReadComplete() { if requestState == .sending { back?.flush() } }

    /// The request's bytes turned out to be unacceptable after its head.
    func requestFailed(_ error: WireError) {
        exchange.record(
            Decision(
                guardName: "wire", rule: error.code.rawValue, outcome: .refuse, mode: .enforce, reason: error.reason,
                severity: .medium, status: error.status))
        switch answerState {
        case .none, .judging, .holding, .draining: refuse(Problem(status: error.status), closing: true)
        case .sending, .tunnel: breakOff("request broke: \(error.code.rawValue)")
        case .ended: break
        }
    }

    /// The client sends its body too slowly.
    func bodyTooSlow() {
        exchange.record(
            Decision(
                guardName: "wire", rule: "request_body_idle", outcome: .refuse, mode: .enforce, reason: "body came too slowly",
                status: 408))
        if answerState == .sending || answerState == .tunnel { return breakOff("body came too slowly") }
        refuse(Problem(status: 408), closing: true)
    }

    /// Sends the client to the same address over TLS; 308 keeps the method (RFC 9110, section 15.4.9).
    func redirect(toPort port: Int) {
        let host = String(decoding: HostName.utf8(of: exchange.request.authority), as: UTF8.self)
        guard !host.isEmpty else { return refuse(Problem(status: 400), closing: true) }
        let name = host.contains(":") ? "[\(host)]" : host
        let authority = port == 443 ? name : "\(name):\(port)"
        let status = exchange.request.method.isSafe ? 301 : 308
        respond(LocalAnswer(status: status, fields: [("location", "https://\(authority)\(exchange.request.targetText)")]))
    }

    /// The client can take more.
    func frontWritable() {
        if answerState == .sending { deadline = context.now + destination.waits.responseBodyIdle }
        back?.setReading(true)
    }

    // MARK: Guards

    func headJudged(_ outcome: GuardChain.Outcome) {
        guard proceed(outcome), showsHeld() else { return }
        if let builtin = destination.builtin {
            exchange.needsRequestBody(RequestBodyDemand(limit: builtin.bodyLimit, longer: .refuse))
        }
        guard let demand = exchange.requestBodyDemand, exchange.request.framing != .none else { return lookAtBody() }
        if case .length(let count) = exchange.request.framing, let longest = demand.longest, count > longest { return refuseLongBody() }
        requestState = .holding
        sendContinue()
        if heldRequestBytes > demand.heldBytes { return holdsLonger(demand) }
        if isRequestWhole { judgeBody() } else { front.setReading(true) }
    }

    /// Shows bytes, or the end, to those who watch the body; false where they end the exchange.
    private func shows(_ bytes: ByteBuffer?) -> Bool {
        guard isWatched, !exchange.requestBodyWatches.isEmpty, let refusal = exchange.showRequestBody(bytes) else { return true }
        if answerState == .sending || answerState == .tunnel {
            breakOff("body refused: \(refusal.rule)")
        } else {
            refuse(refusal.problem, fields: refusal.fields, closing: true)
        }
        return false
    }

    /// Shows what came of the body while the head was judged.
    private func showsHeld() -> Bool {
        isWatched = true
        guard !exchange.requestBodyWatches.isEmpty else { return true }
        for part in heldRequest { guard shows(part) else { return false } }
        return !isRequestWhole || shows(nil)
    }

    /// Guards that wanted to see a body are told when there is none.
    private func lookAtBody() {
        guard exchange.requestBodyDemand != nil else { return serve() }
        GuardChain.requestBody(exchange).follow(by: self) { runner, outcome in
            if runner.proceed(outcome) { runner.serve() }
        }
    }

    private func judgeBody() {
        requestState = .judging
        exchange.requestBody = heldRequest.joined()
        heldRequest = []
        GuardChain.requestBody(exchange).follow(by: self) { runner, outcome in
            guard runner.proceed(outcome) else { return }
            runner.takeBackBody()
            runner.exchange.request.framing = .length(runner.heldRequestBytes)
            runner.serve()
        }
    }

    /// A body turned out to be longer than guards hold: it is refused, or they judge its beginning and it flows on.
    private func holdsLonger(_ demand: RequestBodyDemand) {
        guard demand.longest == nil else { return refuseLongBody() }
        requestState = .judging
        front.setReading(false)
        exchange.requestBodyIsBeginning = true
        let held = heldRequest.joined()
        exchange.requestBody = held.getSlice(at: held.readerIndex, length: demand.beginning) ?? held
        GuardChain.requestBody(exchange).follow(by: self) { runner, outcome in
            guard runner.proceed(outcome) else { return }
            runner.exchange.requestBody = ByteBuffer()
            runner.serve()
        }
    }

    /// What guards have left of the body is what will be sent.
    private func takeBackBody() {
        heldRequestBytes = exchange.requestBody.readableBytes
        heldRequest = heldRequestBytes == 0 ? [] : [exchange.requestBody]
        exchange.requestBody = ByteBuffer()
    }

    /// Carries out what the guards said; true when the exchange goes on.
    func proceed(_ outcome: GuardChain.Outcome) -> Bool {
        switch outcome {
        case .pass: return true
        case .refuse(let refusal, _):
            refuse(refusal.problem, fields: refusal.fields, closing: refusal.closesConnection)
        case .respond(let answer, _): respond(answer)
        case .wait: preconditionFailure("outcomes that wait are followed, not carried out")
        }
        return false
    }

    private func refuseLongBody() {
        exchange.record(
            Decision(
                guardName: "wire", rule: "body_length", outcome: .refuse, mode: .enforce,
                reason: "body longer than the guards of the route may hold", status: 413))
        refuse(Problem(status: 413), closing: true)
    }

    // MARK: To whoever answers

    private func serve() {
        guard let builtin = destination.builtin else { return lease(first: true) }
        requestState = .leasing
        deadline = context.now + destination.waits.responseHead
        let body = heldRequest.joined()
        heldRequest = []
        builtin.answer(exchange, body: body, on: context.loop).assumeIsolated().whenComplete { [self] result in
            guard answerState == .none else { return }
            deadline = 0
            switch result {
            case .success(let answer): respond(answer)
            case .failure(let error): builtinFailed(error)
            }
        }
    }

    private func builtinFailed(_ error: any Error) {
        failure = "`\(exchange.route.service)` failed: \(error)"
        context.emit("builtin", "request_failed", .high, failure, [("incident", exchange.incident.description)])
        refuse(Problem(status: 500))
    }

    /// Finds a backend and a stream to it.
    func lease(first: Bool) {
        guard let cluster = destination.cluster else { return refuse(Problem(status: 404)) }
        if first {
            guard cluster.active.load(ordering: .relaxed) < cluster.settings.circuitBreaker.maxRequests else {
                context.emit("upstream", "circuit_open", .medium, "too many requests under way", [("service", cluster.name)])
                return answer(BackFailure(kind: .overload, reason: "too many requests under way for `\(cluster.name)`"))
            }
            ForwardedFields.prepare(exchange, destination)
        }
        requestState = .leasing
        guard let member = cluster.pick(for: exchange, excluding: triedMembers, now: context.now) else {
            return answer(lastFailure ?? BackFailure(kind: .unavailable, reason: "no backend of `\(cluster.name)` is up"))
        }
        ForwardedFields.setHost(exchange, destination, member)
        self.member = member
        upstreamName = member.name
        member.activeRequests.wrappingIncrement(ordering: .relaxed)
        cluster.active.wrappingIncrement(ordering: .relaxed)
        let pool = context.pool(for: member, of: cluster)
        if let connection = pool.takeIdle() {
            connection.begin(self)
            return leased(connection)
        }
        let lease = Lease(
            connectTimeout: TimeAmount(destination.timeouts.connect), needsHTTP1: exchange.request.fields.contains(.upgrade), reader: self,
            onStream: { [unowned self] in leased($0) }, onFailure: { [unowned self] in leaseFailed($0) })
        self.lease = lease
        pool.lease(lease)
    }

    private func leased(_ stream: any BackStream) {
        lease = nil
        back = stream
        forwardedAt = context.now
        deadline = forwardedAt + destination.waits.responseHead
        sendContinue()
        stream.send(exchange.request)
        requestState = .sending
        let parts = heldRequest
        heldRequest = []
        heldRequestBytes = 0
        for part in parts { forward(part) }
        if isRequestWhole { endRequest() } else { back?.flush() }
        if requestState == .sending { front.setReading(back?.isWritable ?? true) }
    }

    private func leaseFailed(_ failure: BackFailure) {
        lease = nil
        backFailed(failure)
    }

    private func forward(_ bytes: ByteBuffer) {
        back?.send(bytes)
        keepForReplay(bytes)
        if let back, !back.isWritable {
            back.flush()
            if !back.isWritable { front.setReading(false) }
        }
    }

    private func endRequest() {
        requestState = .sent
        back?.end(trailers: requestTrailers)
        back?.flush()
    }

    /// The backend can take more of the body.
    func backWritable() { if requestState == .sending { front.setReading(true) } }

    private func sendContinue() {
        guard exchange.request.fields.contains(.expect) else { return }
        exchange.request.fields.remove(.expect)
        if !isRequestWhole, exchange.request.version != .http10, heldRequest.isEmpty {
            front.sendInterim(ResponseHead(status: 100))
        }
    }

    private func hold(_ bytes: ByteBuffer) {
        heldRequest.append(bytes)
        heldRequestBytes += bytes.readableBytes
        if requestState != .holding, heldRequestBytes >= 64 * 1024 { front.setReading(false) }
    }

    private func keepForReplay(_ bytes: ByteBuffer) {
        guard replay != nil else { return }
        replayBytes += bytes.readableBytes
        if replayBytes <= Self.replayLimit { replay?.append(bytes) } else { replay = nil }
    }
}

extension [ByteBuffer] {
    /// All parts in one.
    fileprivate func joined() -> ByteBuffer {
        if count == 1 { return self[0] }
        var whole = ByteBuffer()
        for var part in self { whole.writeBuffer(&part) }
        return whole
    }
}

extension TimeAmount {
    /// The same time as a Duration.
    init(_ duration: Duration) { self = .nanoseconds(duration.nanoseconds) }
}
