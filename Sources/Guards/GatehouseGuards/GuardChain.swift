internal import GatehouseCore
public import NIOCore

/// Asks the guards of a route in order, applies their modes and notes what they decide.
public enum GuardChain {
    /// What comes of a phase: go on, or end the exchange in one of two ways.
    public enum Outcome {
        /// Go on.
        case pass
        /// Answer with this problem.
        case refuse(Refusal, guardName: String)
        /// Answer with this.
        case respond(LocalAnswer, guardName: String)
        /// Wait for this, then it is as if the phase had returned its value.
        case wait(EventLoopFuture<Outcome>)
    }

    /// Asks every guard about the request's head.
    public static func requestHead(_ exchange: Exchange) -> Outcome {
        run(.requestHead, exchange, from: 0)
    }

    /// Shows the body of the request to the guards that look at bodies.
    public static func requestBody(_ exchange: Exchange) -> Outcome {
        run(.requestBody, exchange, from: 0)
    }

    /// Asks every guard about the head of the answer.
    public static func responseHead(_ exchange: Exchange) -> Outcome {
        run(.responseHead, exchange, from: 0)
    }

    /// Shows the whole body of the answer to the guards that asked for it.
    public static func responseBody(_ exchange: Exchange) -> Outcome {
        run(.responseBody, exchange, from: 0)
    }

    /// Lets the guards finish the head that is about to be sent. Guards in `report` are left out.
    public static func finalHead(_ exchange: Exchange) {
        for placement in exchange.route.guards(in: .finalHead) where placement.mode == .enforce { placement.value.finalHead(exchange) }
    }

    /// Shows the exchange at its end to the guards that want it.
    public static func end(_ exchange: Exchange) {
        for placement in exchange.route.guards(in: .end) { placement.value.end(exchange) }
    }

    /// Shows the bytes of a request that the wire refuses to the guards that want them.
    public static func refusedBytes(_ exchange: Exchange, _ bytes: ByteBuffer) {
        for placement in exchange.route.guards(in: .refusedBytes) { placement.value.refusedBytes(exchange, bytes) }
    }

    private static func run(_ phase: GuardPhases, _ exchange: Exchange, from start: Int) -> Outcome {
        let guards = exchange.route.guards(in: phase)
        for index in start..<guards.count {
            let placement = guards[index]
            switch weigh(ask(placement, phase, exchange), of: placement, exchange) {
            case .pass: continue
            case .wait(let future): return .wait(resume(future, phase, exchange, index))
            case .refuse(let refusal): return .refuse(refusal, guardName: placement.value.name)
            case .respond(let answer): return .respond(answer, guardName: placement.value.name)
            }
        }
        return .pass
    }

    private static func ask(_ placement: Route.Placement, _ phase: GuardPhases, _ exchange: Exchange) -> Verdict {
        switch phase {
        case .requestHead: placement.value.requestHead(exchange)
        case .requestBody: placement.value.requestBody(exchange)
        case .responseHead: placement.value.responseHead(exchange)
        case .responseBody: placement.value.responseBody(exchange)
        default: preconditionFailure("phases without a verdict are not run")
        }
    }

    private static func resume(
        _ future: EventLoopFuture<Verdict>, _ phase: GuardPhases, _ exchange: Exchange, _ index: Int
    ) -> EventLoopFuture<Outcome> {
        let placement = exchange.route.guards(in: phase)[index]
        let promise = future.eventLoop.makePromise(of: Outcome.self)
        future.assumeIsolated().whenComplete { result in
            switch weigh(verdict(of: result, placement), of: placement, exchange) {
            case .pass:
                promise.assumeIsolated().succeed(run(phase, exchange, from: index + 1))
            case .wait(let next):
                resume(next, phase, exchange, index).assumeIsolated().whenComplete {
                    promise.assumeIsolated().completeWith($0)
                }
            case .refuse(let refusal):
                promise.assumeIsolated().succeed(.refuse(refusal, guardName: placement.value.name))
            case .respond(let answer):
                promise.assumeIsolated().succeed(.respond(answer, guardName: placement.value.name))
            }
        }
        return promise.futureResult
    }

    /// A guard that fails while it waits refuses: nothing fails open.
    private static func verdict(of result: Result<Verdict, any Error>, _ placement: Route.Placement) -> Verdict {
        switch result {
        case .success(let verdict): verdict
        case .failure(let error):
            .refuse(
                Refusal(Problem(status: 503), rule: "fault", reason: "guard failed: \(error)", severity: .high))
        }
    }

    /// Notes a verdict; in `report` it becomes a pass.
    private static func weigh(_ verdict: Verdict, of placement: Route.Placement, _ exchange: Exchange) -> Verdict {
        switch verdict {
        case .pass, .wait: return verdict
        case .refuse(let refusal):
            let outcome: Decision.Outcome = refusal.problem.status == 401 ? .challenge : .refuse
            exchange.record(
                Decision(
                    guardName: placement.value.name, rule: refusal.rule, outcome: outcome, mode: placement.mode,
                    reason: refusal.reason, severity: refusal.severity, evidence: refusal.evidence,
                    status: refusal.problem.status, details: refusal.details))
        case .respond: break
        }
        return placement.mode == .enforce ? verdict : .pass
    }
}
