/// The question whether a principal may do something to a resource.
public struct Request: Sendable, Equatable {
    /// Who asks.
    public let principal: EntityUID
    /// What is to be done.
    public let action: EntityUID
    /// With what.
    public let resource: EntityUID
    /// Under which circumstances.
    public let context: Record

    /// A request.
    public init(principal: EntityUID, action: EntityUID, resource: EntityUID, context: Record = Record()) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }
}

/// What comes of a request.
public enum Decision: String, Sendable, Hashable {
    case allow, deny
}

/// The answer to a request, with what it rests on.
public struct Response: Sendable, Equatable {
    /// A policy whose evaluation failed; it took no part in the decision.
    public struct PolicyError: Sendable, Equatable {
        /// The policy's id.
        public let policy: String
        /// What the policy would have done.
        public let effect: Effect
        /// What went wrong.
        public let error: EvaluationError
    }

    /// Allow or deny.
    public let decision: Decision
    /// Ids of the determining policies in the order of the set: the satisfied forbids of a deny, else the satisfied permits.
    public let reasons: [String]
    /// The policies that failed, in the order of the set.
    public let errors: [PolicyError]

    /// True where a `forbid` could not be evaluated, so that an allow rests on a check that did not take place.
    public var hasErringForbid: Bool { errors.contains { $0.effect == .forbid } }
}
