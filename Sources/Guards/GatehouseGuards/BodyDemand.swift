/// How much of a request's body is held back until guards have seen it.
public struct RequestBodyDemand: Sendable, Equatable {
    /// Longest body that may come at all: a longer one is refused with 413; `nil` when none is too long for the guards.
    public private(set) var longest: Int?
    /// Bytes from the beginning of a longer body that guards want to see before it flows on; 0 when they want the whole of it.
    public private(set) var beginning = 0

    /// What becomes of a body that is longer than the limit.
    public enum Longer: Sendable {
        /// It is refused with 413.
        case refuse
        /// The guards see its beginning, ``Exchange/requestBodyIsBeginning``, and it flows on if they pass it.
        case beginning
    }

    /// A demand for the body up to a limit in bytes.
    public init(limit: Int, longer: Longer) {
        switch longer {
        case .refuse: longest = limit
        case .beginning: beginning = limit
        }
    }

    /// Bytes that are held.
    public var heldBytes: Int { longest ?? beginning }

    /// What satisfies both: the stricter refusal, the longer beginning.
    func joined(with other: RequestBodyDemand) -> RequestBodyDemand {
        var both = self
        both.longest = if let longest, let other = other.longest { min(longest, other) } else { longest ?? other.longest }
        both.beginning = max(beginning, other.beginning)
        return both
    }
}

/// How much of an answer's body is held back until guards have seen it whole.
public struct BodyDemand: Sendable, Equatable {
    /// Most bytes that are held.
    public var limit: Int
    /// What happens with a longer body: it is refused with 502, or it flows on, uninspected with an event.
    public var refusesLonger: Bool
    /// Shows the guards the first `limit` bytes of a longer body before it flows on or is replaced; see
    /// ``Exchange/responseBodyIsBeginning``.
    public var judgesBeginning: Bool

    /// A demand up to a limit.
    public init(limit: Int, refusesLonger: Bool, judgesBeginning: Bool = false) {
        self.limit = limit
        self.refusesLonger = refusesLonger
        self.judgesBeginning = judgesBeginning
    }

    func stricter(_ other: BodyDemand) -> BodyDemand {
        BodyDemand(
            limit: max(limit, other.limit), refusesLonger: refusesLonger || other.refusesLonger,
            judgesBeginning: judgesBeginning || other.judgesBeginning)
    }
}
