internal import Cedar

/// What a decision point made of a question.
struct Ruling: Sendable {
    enum Answer: String, Sendable {
        case allow, deny
        /// It hangs on attributes that only the backend's answer tells.
        case open
    }

    /// A policy that failed.
    struct PolicyError: Sendable {
        let policy: String
        let isForbid: Bool
        let message: String
        /// True where it failed only because the store does not have an entity.
        let isMissingEntity: Bool
    }

    var answer: Answer
    /// Ids of the determining policies.
    var reasons: [String] = []
    /// Policies that failed.
    var errors: [PolicyError] = []
    /// What would have to be better about the login or the token, where that alone is missing.
    var wanted: PolicyNote?
    /// True where an allow was turned because a `forbid` had failed.
    var isTurned = false

    /// The rule for events: the first determining policy, or what stands in its place.
    var rule: String {
        if isTurned { return "policy_error" }
        return reasons.first ?? "no_permit"
    }
}

extension AuthorizationPlan {
    /// Decides by the policies.
    func rule(_ question: Question) -> Ruling {
        guard let bundle else { return Ruling(answer: .deny) }
        var entities = question.brought.isEmpty ? base : base.overlaying(question.brought)
        if !question.unknown.isEmpty { entities = entities.withUnknown(question.request.resource, attributes: question.unknown) }
        return ruling(bundle.authorizer.judge(question.request, entities: entities), bundle)
    }

    private func ruling(_ judgement: Judgement, _ bundle: PolicyBundle) -> Ruling {
        let errors = judgement.errors.map { failure in
            var isMissing = false
            if case .missingEntity = failure.error { isMissing = true }
            return Ruling.PolicyError(
                policy: failure.policy, isForbid: failure.effect == .forbid, message: failure.error.description, isMissingEntity: isMissing)
        }
        if judgement.isOpen(failsClosed: failsClosed) { return Ruling(answer: .open, errors: errors) }
        let response = judgement.response
        var ruling = Ruling(answer: response.decision == .allow ? .allow : .deny, reasons: response.reasons, errors: errors)
        if ruling.answer == .allow, failsClosed, response.hasErringForbid {
            ruling.answer = .deny
            ruling.isTurned = true
            ruling.reasons = errors.filter(\.isForbid).map(\.policy)
        } else if !judgement.forbids.isEmpty, !judgement.permits.isEmpty, !(failsClosed && response.hasErringForbid) {
            ruling.wanted = Self.wanted(judgement.forbids, bundle)
        }
        return ruling
    }

    /// What would lift every one of these forbids; nil where one of them cannot be lifted.
    private static func wanted(_ forbids: [String], _ bundle: PolicyBundle) -> PolicyNote? {
        let notes = forbids.compactMap { bundle.notes[$0] }
        guard notes.count == forbids.count, notes.allSatisfy({ !$0.isEmpty }), let first = notes.first else { return nil }
        return notes.dropFirst().reduce(first) { $0.joined(with: $1) }
    }
}

extension PolicyNote {
    /// Both demands together: the shorter age, all scopes, and the first choice of contexts.
    fileprivate func joined(with other: PolicyNote) -> PolicyNote {
        var both = self
        if both.acrValues.isEmpty { both.acrValues = other.acrValues }
        let ages = [maxAge, other.maxAge].compactMap(Int.init)
        both.maxAge = ages.min().map(String.init) ?? ""
        let scopes = (scope + " " + other.scope).split(separator: " ").map(String.init)
        both.scope = scopes.enumerated().filter { !scopes[..<$0].contains($1) }.map(\.element).joined(separator: " ")
        return both
    }
}
