internal import Cedar
internal import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import StrictJSON

/// The backend's answer: what it tells of the resource, and what of it the caller may see.
extension AuthorizationGuard {
    /// Holds an answer back that must be examined.
    public func responseHead(_ exchange: Exchange) -> Verdict {
        guard exchange.origin == .upstream, let state = exchange[slot], let rules = state.route.response else { return .pass }
        guard (200..<300).contains(exchange.response.status) else {
            // a redirect or an error is not the object; what errors may tell is the business of the errors guard
            return exchange.response.status == 304 && state.isOpen ? unexamined(state, "the answer is only a confirmation") : .pass
        }
        guard state.isOpen || !rules.fields.isEmpty || !rules.items.isEmpty else { return .pass }
        if let fault = Self.fault(exchange.response) { return unexamined(state, fault) }
        if exchange.response.framing == .none { return state.isOpen ? unexamined(state, "the answer has no body") : .pass }
        exchange.needsResponseBody(BodyDemand(limit: rules.limit, refusesLonger: isEnforcing))
        return .pass
    }

    /// Examines an answer: decides what was open, then removes what may not be seen.
    public func responseBody(_ exchange: Exchange) -> Verdict {
        guard exchange.origin == .upstream, var state = exchange[slot], let rules = state.route.response,
            (200..<300).contains(exchange.response.status)
        else { return .pass }
        guard state.isOpen || !rules.fields.isEmpty || !rules.items.isEmpty else { return .pass }
        guard !exchange.responseBodyIsBeginning, let body = try? JSONValue(parsing: Array(exchange.responseBody.readableBytesView)) else {
            return unexamined(state, "the answer is not one JSON text")
        }
        var examination = AnswerExamination(plan: plan, ways: ways, exchange: exchange, state: state)
        let verdict = examination.decide(body, rules)
        state.count = examination.count
        state.isOpen = false
        exchange[slot] = state
        guard case .pass = verdict else { return verdict }
        let changed = examination.filtered(body, rules)
        state.count = examination.count
        exchange[slot] = state
        if isEnforcing, let changed { replaceBody(of: exchange, with: changed, examination.removed) }
        return .pass
    }

    private func replaceBody(of exchange: Exchange, with body: JSONValue, _ removed: Int) {
        exchange.responseBody = ByteBuffer(string: body.serialized())
        // what described the whole does not describe what is left
        for name in ["etag", "content-md5", "digest", "content-digest", "repr-digest", "last-modified"] {
            exchange.response.fields.remove(named: name)
        }
        exchange.record(
            GatehouseCore.Decision(
                guardName: name, rule: "fields_removed", outcome: .modify, mode: .enforce,
                reason: "\(removed) parts of the answer are not for the caller", severity: .informational,
                evidence: [("count", String(removed))]))
    }

    private func unexamined(_ state: AuthorizationState, _ reason: String) -> Verdict {
        AuthorizationRefusal.denied(
            rule: "unexamined_answer", reason: "the answer cannot be examined: \(reason)", isHidden: state.route.isHidden, severity: .medium
        )
    }

    private static func fault(_ response: ResponseHead) -> String? {
        if response.status == 206 { return "it is only a part" }
        if let coding = response.fields[.contentEncoding], !coding.isEmpty, coding.lowercased() != "identity" {
            return "it is encoded although nobody asked for it"
        }
        let type = (response.fields[.contentType] ?? "").prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        let isJSON = type == "application/json" || type.hasSuffix("+json")
        return isJSON || response.framing == .none ? nil : "it is not JSON"
    }
}
