internal import Cedar
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import Synchronization

/// What decides and takes note beside the policies in force; the same for every place of a service.
final class DecisionWays: Sendable {
    let lookup: EntityLookup?
    let remote: RemoteDecisions?
    /// A candidate set that decides in parallel.
    let shadow: AuthorizationPlan?
    let log: DecisionLog?
    let decisionField: String?
    let bundle: PolicyBundle?
    private let alerts = AlertBrake()

    init(
        lookup: EntityLookup?, remote: RemoteDecisions?, shadow: AuthorizationPlan?, log: DecisionLog?, decisionField: String?,
        bundle: PolicyBundle?
    ) {
        self.lookup = lookup
        self.remote = remote
        self.shadow = shadow
        self.log = log
        self.decisionField = decisionField
        self.bundle = bundle
    }

    /// Writes a ruling down, compares it with the candidate's, and raises an alert where a forbid failed.
    ///
    /// - Parameter number: which decision of the exchange it is, from 0.
    /// - Returns: false where the log must have it and has no room.
    func note(
        _ ruling: Ruling, _ question: Question, _ shadow: (plan: AuthorizationPlan, question: Question)?, _ phase: DecisionEntry.Phase,
        _ route: CompiledRoute, _ exchange: Exchange, started: Int64, number: Int
    ) -> Bool {
        let duration = exchange.services.clock.monotonic - started
        if !ruling.errors.isEmpty { alert(ruling, exchange) }
        let other = shadow.map { $0.plan.rule($0.question) }
        let flips = other.map { $0.answer != ruling.answer } ?? false
        if flips, let other { tell(ruling, other, question, exchange) }
        guard let log else { return true }
        let entry = DecisionEntry(
            id: number == 0 ? exchange.incident.description : "\(exchange.incident).\(number)", phase: phase,
            time: exchange.services.clock.wall, question: question, ruling: ruling, shadow: flips ? other : nil,
            service: exchange.route.service, route: "\(route.method) \(route.template)", policyHash: bundle?.policyHash ?? "",
            schemaHash: bundle?.schemaHash ?? "", duration: duration)
        return log.append(entry) || log.settings.overflow == .count
    }

    /// A forbid that fails is somebody's mistake: the alert names it, at most once a minute for each policy.
    private func alert(_ ruling: Ruling, _ exchange: Exchange) {
        for failure in ruling.errors where failure.isForbid && !failure.isMissingEntity {
            guard let count = alerts.pass(failure.policy, now: exchange.services.clock.monotonic) else { continue }
            exchange.services.events.emit(
                .system(
                    SystemRecord(
                        time: exchange.services.clock.wall, component: "authorization", name: "policy_error", severity: .high,
                        message: "a forbid could not be evaluated",
                        facts: [
                            ("policy", failure.policy), ("error", failure.message), ("incident", exchange.incident.description),
                            ("service", exchange.route.service), ("count", String(count)),
                        ])))
        }
    }

    private func tell(_ ruling: Ruling, _ other: Ruling, _ question: Question, _ exchange: Exchange) {
        exchange.record(
            GatehouseCore.Decision(
                guardName: "authorization", rule: "shadow_flip", outcome: other.answer == .deny ? .refuse : .pass, mode: .report,
                reason: "the candidate set decides `\(other.answer.rawValue)`, not `\(ruling.answer.rawValue)`", severity: .informational,
                evidence: [
                    ("principal", question.request.principal.description), ("action", question.request.action.description),
                    ("resource", question.request.resource.description), ("policies", other.reasons.joined(separator: ", ")),
                ]))
    }
}

/// Lets one alert a minute through for each policy, and counts the others.
private final class AlertBrake: Sendable {
    private let state = Mutex<[String: (next: Int64, count: Int)]>([:])

    /// How many there were since the last one that passed; nil where this one does not pass.
    func pass(_ policy: String, now: Int64) -> Int? {
        state.withLock { state in
            var entry = state[policy] ?? (next: .min, count: 0)
            entry.count += 1
            defer { state[policy] = entry }
            guard now >= entry.next else { return nil }
            let count = entry.count
            entry = (now + 60_000_000_000, 0)
            return count
        }
    }
}
