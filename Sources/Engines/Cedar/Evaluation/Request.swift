/// The question whether a principal may do something to a resource.
public struct Request: Sendable, Equatable {
    public let principal: EntityUID
    public let action: EntityUID
    public let resource: EntityUID
    public let context: Record

    public init(principal: EntityUID, action: EntityUID, resource: EntityUID, context: Record = Record()) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }
}

public enum Decision: String, Sendable, Hashable {
    case allow, deny
}

/// The answer to a request, with what it rests on.
public struct Response: Sendable, Equatable {
    /// A policy whose evaluation failed; it took no part in the decision.
    public struct PolicyError: Sendable, Equatable {
        public let policy: String
        public let effect: Effect
        public let error: EvaluationError
    }

    public let decision: Decision
    /// Ids of the determining policies in the order of the set: the satisfied forbids of a deny, else the satisfied permits.
    public let reasons: [String]
    /// The policies that failed, in the order of the set.
    public let errors: [PolicyError]

    /// True where a `forbid` could not be evaluated, so that an allow rests on a check that did not take place.
    public var hasErringForbid: Bool { errors.contains { $0.effect == .forbid } }
}
