internal import Cedar
internal import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// Decides by policies who may do what: the request by its route, and where a rule says so the backend's answer before it is released.
///
/// Refuses: callers without identity with 401, what no policy permits with 403 (404 where the route is hidden), requests that no route
/// takes, and everything it cannot decide: an unknown issuer, an entity source or decision point that does not answer, an answer that
/// cannot be examined. Callers learn the decision's id and nothing else.
public struct AuthorizationGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "authorization"
    /// The phases that it wants.
    public let phases: GuardPhases

    let plan: AuthorizationPlan
    let ways: DecisionWays
    let isEnforcing: Bool
    let slot = GuardSlot<AuthorizationState>()

    init(_ plan: AuthorizationPlan, _ ways: DecisionWays, isEnforcing: Bool) {
        self.plan = plan
        self.ways = ways
        self.isEnforcing = isEnforcing
        var phases: GuardPhases = .requestHead
        if ways.decisionField != nil { phases.insert(.finalHead) }
        if plan.routes.all.contains(where: { $0.response != nil }) { phases.formUnion([.responseHead, .responseBody]) }
        self.phases = phases
    }

    /// Decides about the request.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        guard let matched = plan.routes.match(exchange.request), let resource = matched.resource else {
            guard exchange.identity != nil else { return AuthorizationRefusal.unauthenticated }
            return AuthorizationRefusal.denied(rule: "no_route", reason: "no route template takes the request", isHidden: false)
        }
        let principal: EntityUID
        do throws(PrincipalMapper.Fault) {
            guard let found = try plan.principal(exchange.identity) else { return AuthorizationRefusal.unauthenticated }
            principal = found
        } catch {
            return AuthorizationRefusal.denied(rule: error.rule, reason: error.reason, isHidden: matched.route.isHidden)
        }
        guard let lookup = ways.lookup, let loop = exchange.eventLoop else {
            return decide(exchange, matched, principal, resource, known: [])
        }
        switch lookup.entities([principal, resource], schema: plan.bundle?.schema, conversion: plan.conversion, on: loop) {
        case .now(let known): return decide(exchange, matched, principal, resource, known: known)
        case .later(let future):
            return .wait(
                future.assumeIsolated().map { decide(exchange, matched, principal, resource, known: $0) }
                    .flatMapErrorThrowing { AuthorizationRefusal.undecided(rule: "entity_source", reason: "\($0)") }.nonisolated())
        }
    }

    /// Puts the decision's id on the answer.
    public func finalHead(_ exchange: Exchange) {
        guard let field = ways.decisionField, exchange[slot] != nil else { return }
        exchange.response.fields.set(field, exchange.incident.description)
    }

    private func decide(
        _ exchange: Exchange, _ matched: MatchedRoute, _ principal: EntityUID, _ resource: EntityUID, known: [Entity]
    ) -> Verdict {
        let started = exchange.services.clock.monotonic
        let question: Question
        do throws(PrincipalMapper.Fault) {
            question = try plan.question(exchange, matched, principal: principal, resource: resource, known: known)
        } catch {
            return AuthorizationRefusal.denied(rule: error.rule, reason: error.reason, isHidden: matched.route.isHidden)
        }
        var state = AuthorizationState(route: matched.route, question: question, known: known)
        state.shadow = ways.shadow?.question(exchange, known: known)
        guard let remote = ways.remote else {
            return conclude(exchange, state, plan.rule(question), started)
        }
        guard let loop = exchange.eventLoop else {
            return AuthorizationRefusal.undecided(rule: "pdp", reason: "there is no event loop to wait on")
        }
        let answer = remote.rule(question, exchange.identity, incident: exchange.incident.description, on: loop)
        return .wait(
            answer.assumeIsolated().map { conclude(exchange, state, $0, started) }
                .flatMapErrorThrowing { AuthorizationRefusal.undecided(rule: "pdp", reason: "\($0)") }.nonisolated())
    }

    /// Carries a ruling on the request out.
    private func conclude(_ exchange: Exchange, _ state: AuthorizationState, _ ruling: Ruling, _ started: Int64) -> Verdict {
        var state = state
        state.isOpen = ruling.answer == .open
        let isNoted = ways.note(ruling, state.question, state.shadow, .request, state.route, exchange, started: started, number: 0)
        state.count = 1
        exchange[slot] = state
        guard isNoted else { return AuthorizationRefusal.undecided(rule: "decision_log", reason: "the decision log has no room") }
        switch ruling.answer {
        case .deny: return AuthorizationRefusal.verdict(ruling, state.question, exchange, isHidden: state.route.isHidden)
        case .allow:
            if let response = state.route.response, !response.fields.isEmpty || !response.items.isEmpty { askForWholeAnswer(exchange) }
            return .pass
        case .open:
            guard exchange.request.method != .head, !exchange.request.fields.contains(.upgrade) else {
                return AuthorizationRefusal.denied(
                    rule: "no_answer_to_examine", reason: "the decision hangs on an answer that has no body", isHidden: state.route.isHidden
                )
            }
            askForWholeAnswer(exchange)
            return .pass
        }
    }

    /// Takes off the request what would bring only a part of an answer, or one that cannot be read.
    private func askForWholeAnswer(_ exchange: Exchange) {
        guard isEnforcing else { return }
        for field in ["range", "if-range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "accept-encoding"] {
            exchange.request.fields.remove(named: field)
        }
    }
}

/// What the guard keeps of one exchange.
struct AuthorizationState {
    let route: CompiledRoute
    let question: Question
    /// What the entity sources gave.
    let known: [Entity]
    /// The same question as a candidate set sees it.
    var shadow: (plan: AuthorizationPlan, question: Question)?
    /// True while the decision hangs on the backend's answer.
    var isOpen = false
    /// How many decisions the exchange has had.
    var count = 0
}

extension AuthorizationPlan {
    /// The principal of a caller; nil where callers without identity have none.
    func principal(_ identity: CallerIdentity?) throws(PrincipalMapper.Fault) -> EntityUID? {
        guard let identity else { return principals.anonymous }
        return try principals.principal(identity)
    }

    /// A whole question, with what the sources gave for another plan; nil where this plan has none.
    func question(_ exchange: Exchange, known: [Entity]) -> (plan: AuthorizationPlan, question: Question)? {
        guard let matched = routes.match(exchange.request), let resource = matched.resource,
            let principal = try? principal(exchange.identity),
            let question = try? question(exchange, matched, principal: principal, resource: resource, known: known)
        else { return nil }
        return (self, question)
    }
}
