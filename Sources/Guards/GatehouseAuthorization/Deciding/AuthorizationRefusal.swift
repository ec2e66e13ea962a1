internal import Cedar
internal import GatehouseCore
internal import GatehouseGuards

/// The refusals of the guard: generic outside, detailed inside.
enum AuthorizationRefusal {
    /// The caller must say who it is.
    static var unauthenticated: Verdict {
        .refuse(
            Refusal(
                Problem(status: 401), rule: "no_identity", reason: "the caller has no identity", severity: .low,
                fields: [("www-authenticate", "Bearer")]))
    }

    /// The caller may not.
    static func denied(
        rule: String, reason: String, isHidden: Bool, severity: Severity = .low, evidence: [(name: String, value: String)] = []
    ) -> Verdict {
        .refuse(
            Refusal(Problem(status: isHidden ? 404 : 403), rule: rule, reason: reason, severity: severity, evidence: evidence))
    }

    /// Nobody knows whether the caller may.
    static func undecided(rule: String, reason: String) -> Verdict {
        .refuse(
            Refusal(
                Problem(status: 503), rule: rule, reason: "no decision: \(reason)", severity: .high, fields: [("retry-after", "1")]))
    }

    /// What a deny comes to: a challenge where a better login or token would do, else 403 or 404.
    static func verdict(_ ruling: Ruling, _ question: Question, _ exchange: Exchange, isHidden: Bool) -> Verdict {
        let evidence = evidence(ruling, question)
        guard let wanted = ruling.wanted, exchange.identity != nil else {
            guard exchange.identity != nil else { return unauthenticated }
            return denied(
                rule: ruling.rule, reason: reason(ruling), isHidden: isHidden, severity: ruling.isTurned ? .high : .low, evidence: evidence)
        }
        let (status, challenge) = challenge(wanted)
        return .refuse(
            Refusal(
                Problem(status: status), rule: ruling.rule, reason: "a better \(wanted.isStepUp ? "login" : "token") is wanted",
                severity: .low, fields: [("www-authenticate", challenge)], evidence: evidence))
    }

    /// RFC 9470, section 3, and RFC 6750, section 3.1.
    private static func challenge(_ wanted: PolicyNote) -> (status: Int, text: String) {
        guard wanted.isStepUp else { return (403, "Bearer error=\"insufficient_scope\", scope=\"\(wanted.scope)\"") }
        var text = "Bearer error=\"insufficient_user_authentication\", error_description=\"A stronger or fresher login is required\""
        if !wanted.acrValues.isEmpty { text += ", acr_values=\"\(wanted.acrValues)\"" }
        if !wanted.maxAge.isEmpty { text += ", max_age=\"\(wanted.maxAge)\"" }
        return (401, text)
    }

    private static func reason(_ ruling: Ruling) -> String {
        if ruling.isTurned { return "a forbid could not be evaluated: \(ruling.errors.first { $0.isForbid }?.message ?? "")" }
        return ruling.reasons.isEmpty ? "no policy permits it" : "forbidden by \(ruling.reasons.map { "`\($0)`" }.joined(separator: ", "))"
    }

    private static func evidence(_ ruling: Ruling, _ question: Question) -> [(name: String, value: String)] {
        var facts = [
            (name: "principal", value: question.request.principal.description),
            (name: "action", value: question.request.action.description),
            (name: "resource", value: question.request.resource.description),
        ]
        if !ruling.reasons.isEmpty { facts.append(("policies", ruling.reasons.joined(separator: ", "))) }
        if !ruling.errors.isEmpty {
            facts.append(("policy_errors", ruling.errors.map { "\($0.policy): \($0.message)" }.joined(separator: "; ")))
        }
        return facts
    }
}
