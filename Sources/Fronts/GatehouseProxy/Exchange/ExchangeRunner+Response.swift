internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// The answer's way: from a backend, past the guards, to the client.
extension ExchangeRunner {
    /// An interim answer of the backend goes on, except `100`, which is ours to give.
    func backInterim(_ head: ResponseHead) {
        guard head.status != 100, answerState == .none, exchange.request.version != .http10 else { return }
        var head = head
        ConnectionOptions.strip(&head.fields)
        front.sendInterim(head)
    }

    func backHead(_ head: ResponseHead) {
        guard answerState == .none else { return }
        upstreamStatus = head.status
        upstreamDuration = context.now - forwardedAt
        deadline = 0
        noteOutcome(of: head.status)
        if head.status == 101 { return switchProtocols(head) }
        if triesAnother(after: head.status) {
            if let member { triedMembers.append(member.id) }
            dropBack()
            return repeatRequest(after: BackFailure(kind: .reset, reason: "backend answered \(head.status)"))
        }
        exchange.origin = .upstream
        exchange.response = head
        ConnectionOptions.strip(&exchange.response.fields)
        answerState = .judging
        GuardChain.responseHead(exchange).follow(by: self) { $0.answerJudged($1) }
    }

    func backBody(_ bytes: ByteBuffer) {
        switch answerState {
        case .sending: pass(bytes)
        case .judging, .holding: holdAnswer(bytes)
        case .none, .draining, .tunnel, .ended: break
        }
    }

    func backEnd(_ trailers: FieldBlock?) {
        back = nil
        releaseMember()
        isAnswerWhole = true
        answerTrailers = trailers
        switch answerState {
        case .sending: finish(trailers: trailers)
        case .holding: judgeAnswerBody()
        case .tunnel:
            front.endTunnel()
            endTunnelExchange()
        case .none, .judging, .draining, .ended: break
        }
    }

    func backReadComplete() { if answerState == .sending { front.flush() } }

    // MARK: Guards

    private func answerJudged(_ outcome: GuardChain.Outcome) {
        guard proceed(outcome) else { return }
        guard let demand = exchange.responseBodyDemand, exchange.response.framing != .none else { return release() }
        if case .length(let count) = exchange.response.framing, count > demand.limit, !holdsLonger(demand) { return }
        guard exchange.responseBodyDemand != nil else { return release() }
        answerState = .holding
        if heldAnswer.readableBytes > demand.limit, !holdsLonger(demand) { return }
        if isAnswerWhole { judgeAnswerBody() }
    }

    /// Decides what to do with a body that is longer than guards may hold.
    ///
    /// - Returns: true when it is to be held all the same.
    private func holdsLonger(_ demand: BodyDemand) -> Bool {
        if demand.judgesBeginning, !demand.refusesLonger {
            if heldAnswer.readableBytes < demand.limit, !isAnswerWhole { return true }
            judgeBeginning(demand.limit)
            return false
        }
        exchange.record(
            Decision(
                guardName: "wire", rule: "response_body_length", outcome: demand.refusesLonger ? .refuse : .pass, mode: .enforce,
                reason: "answer longer than the \(demand.limit) bytes that guards may hold", severity: .medium))
        if demand.refusesLonger { refuse(Problem(status: 502)) } else { release() }
        return false
    }

    private func judgeAnswerBody() {
        answerState = .judging
        exchange.responseBody = heldAnswer
        heldAnswer = ByteBuffer()
        GuardChain.responseBody(exchange).follow(by: self) { runner, outcome in
            guard runner.proceed(outcome) else { return }
            runner.exchange.response.fields.remove(.contentLength)
            runner.sendWhole(runner.exchange.responseBody)
        }
    }

    /// Shows the guards the first bytes of a body that is too long to be held, and lets all of it flow if they let it.
    private func judgeBeginning(_ limit: Int) {
        answerState = .judging
        exchange.responseBodyIsBeginning = true
        exchange.responseBody =
            heldAnswer.getSlice(at: heldAnswer.readerIndex, length: min(limit, heldAnswer.readableBytes)) ?? ByteBuffer()
        GuardChain.responseBody(exchange).follow(by: self) { runner, outcome in
            guard runner.proceed(outcome) else { return }
            runner.exchange.responseBody = ByteBuffer()
            runner.release()
            runner.back?.setReading(true)
        }
    }

    /// Nothing against the head: it goes, with what has come of the body.
    private func release() {
        let framing = exchange.response.framing
        let keepsLength = exchange.request.method == .head || exchange.response.status == 304
        if !keepsLength { exchange.response.fields.remove(.contentLength) }
        switch framing {
        case .none: sendHead(.none)
        case .length(let count): sendHead(.length(count))
        case .chunked, .untilClose: sendHead(.stream)
        }
        let held = heldAnswer
        heldAnswer = ByteBuffer()
        pass(held)
        if isAnswerWhole { return finish(trailers: answerTrailers) }
        if deadline == 0, front.isWritable { deadline = context.now + destination.waits.responseBodyIdle }
    }

    private func holdAnswer(_ bytes: ByteBuffer) {
        var bytes = bytes
        heldAnswer.writeBuffer(&bytes)
        guard let demand = exchange.responseBodyDemand, answerState == .holding else {
            if heldAnswer.readableBytes > 256 * 1024 { back?.setReading(false) }
            return
        }
        if heldAnswer.readableBytes > demand.limit { _ = holdsLonger(demand) }
    }

    private func pass(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        bytesOut += bytes.readableBytes
        front.send(bytes)
        if !front.isWritable { front.flush() }
        if front.isWritable {
            deadline = context.now + destination.waits.responseBodyIdle
        } else {
            // the client is the slow one now, and its own deadline counts
            deadline = 0
            back?.setReading(false)
        }
    }

    // MARK: Failures

    func backFailed(_ failure: BackFailure) {
        back = nil
        let member = self.member
        releaseMember()
        if let member, failure.kind != .overload { noteFailure(of: member, failure) }
        guard answerState != .ended else { return }
        if answerState == .none, mayRepeat(after: failure) { return repeatRequest(after: failure) }
        self.failure = failure.reason
        switch answerState {
        case .none, .judging, .holding, .draining: answer(failure)
        case .sending: breakOff(failure.reason)
        case .tunnel:
            front.endTunnel()
            endTunnelExchange()
        case .ended: break
        }
    }

    /// Answers with the problem that a failure of the backend's side is to the caller.
    func answer(_ failure: BackFailure) {
        self.failure = failure.reason
        let status =
            switch failure.kind {
            case .timeout: 504
            case .overload, .unavailable: 503
            default: 502
            }
        context.emit(
            "upstream", "request_failed", .medium, failure.reason,
            [("incident", exchange.incident.description), ("upstream", upstreamName), ("status", String(status))])
        refuse(Problem(status: status), fields: status == 503 ? [("retry-after", "1")] : [])
    }

    /// The wait for the backend was too long.
    func waitedTooLong() {
        deadline = 0
        let failure = BackFailure(kind: .timeout, reason: "backend took too long")
        back?.cancel()
        backFailed(failure)
    }

    private func mayRepeat(after failure: BackFailure) -> Bool {
        switch failure.kind {
        case .connect: return mayRepeat(on: .connectFailure)
        case .reset: return exchange.request.method.isIdempotent && mayRepeat(on: .reset)
        default: return false
        }
    }

    private func mayRepeat(on condition: Retries.Condition) -> Bool {
        guard let cluster = destination.cluster, cluster.settings.retries.on.contains(condition),
            repeats + 1 < cluster.settings.retries.attempts, replay != nil
        else { return false }
        return cluster.retryBudget.withdraw()
    }

    /// True when an answer that says that the backend cannot serve now is thrown away and another backend asked.
    private func triesAnother(after status: Int) -> Bool {
        guard status == 502 || status == 503 || status == 504, exchange.request.method.isIdempotent, requestState == .sent else {
            return false
        }
        return mayRepeat(on: .unavailable)
    }

    private func repeatRequest(after failure: BackFailure) {
        repeats += 1
        lastFailure = failure
        context.emit(
            "upstream", "request_repeated", .informational, failure.reason,
            [("incident", exchange.incident.description), ("upstream", upstreamName)])
        heldRequest = (replay ?? []) + heldRequest
        heldRequestBytes = heldRequest.reduce(0) { $0 + $1.readableBytes }
        replay = []
        replayBytes = 0
        lease(first: false)
    }

    private func noteFailure(of member: Member, _ failure: BackFailure) {
        triedMembers.append(member.id)
        guard let cluster = destination.cluster, cluster.noteFailure(of: member, at: context.now) else { return }
        context.emit(
            "upstream", "ejected", .high, "taken out after repeated failures: \(failure.reason)",
            [("service", cluster.name), ("upstream", member.name)])
    }

    private func noteOutcome(of status: Int) {
        guard let member, let cluster = destination.cluster else { return }
        guard status == 502 || status == 503 || status == 504 else { return member.noteSuccess() }
        if cluster.noteFailure(of: member, at: context.now) {
            context.emit(
                "upstream", "ejected", .high, "taken out after repeated answers of \(status)",
                [("service", cluster.name), ("upstream", member.name)])
        }
    }
}
