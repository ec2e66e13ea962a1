public import StrictJSON

/// Why a request was decided as it was: for each policy what became of it.
public struct Explanation: Sendable {
    /// What became of one policy.
    public enum Outcome: Sendable {
        case satisfied
        /// The scope does not match: which part, what it demands and what the request has.
        case outOfScope(part: Variable, demands: String, found: EntityUID)
        /// The first clause that did not hold, with what it read.
        case failed(ClauseReading)
        /// The clause whose evaluation failed.
        case erred(ClauseReading, EvaluationError)
    }

    /// A clause with the values that it saw.
    public struct ClauseReading: Sendable {
        /// The clause's text; `unless` clauses begin with that word.
        public let text: String
        /// Where the clause stands.
        public let position: SourcePosition?
        /// Each reading of the request or an entity with its value; nil where it could not be read.
        public let values: [(text: String, value: Value?)]
    }

    /// What one policy made of the request.
    public struct PolicyOutcome: Sendable {
        /// The policy's id.
        public let id: String
        /// Permit or forbid.
        public let effect: Effect
        /// The value of `@id`, where there is one.
        public let name: String?
        /// What came of it.
        public let outcome: Outcome
    }

    /// The answer that is explained.
    public let response: Response
    /// In the order of the set.
    public let policies: [PolicyOutcome]
}

extension Authorizer {
    /// Decides a request and tells for each policy why it applied or not.
    ///
    /// - Parameter all: Also tells of policies whose scope does not match; false gives the candidates alone.
    public func explain(_ request: Request, entities: Entities, all: Bool = false) -> Explanation {
        let candidates = Set(candidates(request, entities))
        var outcomes: [Explanation.PolicyOutcome] = []
        for (position, (id, policy, _)) in policies.linked.enumerated() {
            let outcome: Explanation.Outcome
            if candidates.contains(position) {
                outcome = Self.outcome(of: policy, request, entities)
            } else {
                guard all else { continue }
                outcome = Self.scopeMismatch(of: policy, request, entities)
            }
            outcomes.append(
                Explanation.PolicyOutcome(
                    id: id, effect: policy.effect, name: policy.annotation("id")?.string, outcome: outcome))
        }
        return Explanation(response: decide(request, entities: entities), policies: outcomes)
    }

    private static func outcome(of policy: Policy, _ request: Request, _ entities: Entities) -> Explanation.Outcome {
        var evaluator = Evaluator(request: request, entities: entities)
        for clause in Clause.all(of: policy) {
            do throws(EvaluationError) {
                guard try clause.holds(&evaluator) else { return .failed(reading(clause, policy, &evaluator)) }
            } catch {
                return .erred(reading(clause, policy, &evaluator), error)
            }
        }
        return .satisfied
    }

    private static func reading(_ clause: Clause, _ policy: Policy, _ evaluator: inout Evaluator) -> Explanation.ClauseReading {
        let values = clause.readings.map { expression in
            (policy.text(of: expression), try? evaluator.value(of: Program(expression)))
        }
        return Explanation.ClauseReading(
            text: (clause.isWhen ? "" : "unless ") + policy.text(of: clause.body),
            position: policy.position(of: clause.body), values: values)
    }

    private static func scopeMismatch(of policy: Policy, _ request: Request, _ entities: Entities) -> Explanation.Outcome {
        if !policy.principal.admits(request.principal, entities) {
            return .outOfScope(part: .principal, demands: policy.principal.text(.principal), found: request.principal)
        }
        if !policy.action.admits(request.action, entities) {
            return .outOfScope(part: .action, demands: policy.action.text, found: request.action)
        }
        return .outOfScope(part: .resource, demands: policy.resource.text(.resource), found: request.resource)
    }
}

extension ScopeConstraint {
    func admits(_ uid: EntityUID, _ entities: Entities) -> Bool {
        switch self {
        case .any: true
        case .equal(.entity(let other)): uid == other
        case .in(.entity(let other)): entities.isDescendant(uid, of: other)
        case .isType(let type): uid.type == type
        case .isTypeIn(let type, .entity(let other)): uid.type == type && entities.isDescendant(uid, of: other)
        case .equal(.slot), .in(.slot), .isTypeIn(_, .slot): false
        }
    }

    /// The constraint as Cedar text.
    func text(_ variable: Variable) -> String {
        func reference(_ reference: EntityReference) -> String {
            if case .entity(let uid) = reference { uid.description } else { "?" + variable.rawValue }
        }
        return switch self {
        case .any: variable.rawValue
        case .equal(let other): "\(variable.rawValue) == \(reference(other))"
        case .in(let other): "\(variable.rawValue) in \(reference(other))"
        case .isType(let type): "\(variable.rawValue) is \(type)"
        case .isTypeIn(let type, let other): "\(variable.rawValue) is \(type) in \(reference(other))"
        }
    }
}

extension ActionConstraint {
    func admits(_ uid: EntityUID, _ entities: Entities) -> Bool {
        switch self {
        case .any: true
        case .equal(let other): uid == other
        case .in(let list): list.contains { entities.isDescendant(uid, of: $0) }
        }
    }

    /// The constraint as Cedar text.
    var text: String {
        switch self {
        case .any: "action"
        case .equal(let uid): "action == \(uid)"
        case .in(let list): "action in [\(list.map(\.description).joined(separator: ", "))]"
        }
    }
}

extension Explanation {
    /// The explanation for programs.
    public var json: JSONValue {
        [
            "decision": .string(response.decision.rawValue), "reason": .array(response.reasons.map(JSONValue.string)),
            "policies": .array(policies.map(\.json)),
        ]
    }
}

extension Explanation.PolicyOutcome {
    fileprivate var json: JSONValue {
        var object: JSONObject = ["policy": .string(id), "effect": .string(effect.rawValue)]
        object["name"] = name.map(JSONValue.string)
        switch outcome {
        case .satisfied: object["outcome"] = "satisfied"
        case .outOfScope(let part, let demands, let found):
            object["outcome"] = "out of scope"
            object["part"] = .string(part.rawValue)
            object["demands"] = .string(demands)
            object["found"] = .string(found.description)
        case .failed(let clause):
            object["outcome"] = "failed"
            clause.add(to: &object)
        case .erred(let clause, let error):
            object["outcome"] = "erred"
            object["error"] = .string(error.description)
            clause.add(to: &object)
        }
        return .object(object)
    }
}

extension Explanation.ClauseReading {
    fileprivate func add(to object: inout JSONObject) {
        object["clause"] = .string(text)
        object["line"] = position.map { JSONValue($0.line) }
        object["values"] = .object(JSONObject(values.map { ($0.text, $0.value?.json ?? .null) }))
    }
}
