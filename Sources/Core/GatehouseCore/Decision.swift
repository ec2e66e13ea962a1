/// What a guard does on a route.
public enum GuardMode: String, Sendable, CaseIterable, Codable {
    /// Decides, and what it decides is done.
    case enforce
    /// Decides and records, and never refuses or changes anything.
    case report
    /// Is not asked.
    case off
}

/// How bad an event is; the order is from harmless to grave (OCSF severities).
public enum Severity: UInt8, Sendable, Comparable, CaseIterable {
    case informational = 1, low, medium, high, critical, fatal

    /// Less grave severities are less.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One decision of one guard on one request, as the event stream holds it.
///
/// Refuses: values of Authorization, cookies and tokens must never be put into `reason` or `evidence`.
public struct Decision: Sendable {
    /// What the guard said.
    public enum Outcome: String, Sendable {
        case pass, refuse, challenge, respond, modify
    }

    /// The guard's name as in the configuration, such as `rate_limits`.
    public var guardName: String
    /// The rule of the guard that decided, such as a limit's name or a rule id.
    public var rule: String
    /// What the guard said, which in `report` was not done.
    public var outcome: Outcome
    /// The mode of the guard on the route.
    public var mode: GuardMode
    /// One clause for the log; lower case.
    public var reason: String
    /// How bad it is.
    public var severity: Severity
    /// More facts for the log, in order; names are `snake_case`.
    public var evidence: [(name: String, value: String)]
    /// The status that the refusal has, or would have.
    public var status: Int?
    /// What it rests on, where a guard keeps that.
    public var details: DecisionDetails?

    /// Makes a decision.
    public init(
        guardName: String, rule: String, outcome: Outcome, mode: GuardMode, reason: String, severity: Severity = .low,
        evidence: [(name: String, value: String)] = [], status: Int? = nil, details: DecisionDetails? = nil
    ) {
        self.guardName = guardName
        self.rule = rule
        self.outcome = outcome
        self.mode = mode
        self.reason = reason
        self.severity = severity
        self.evidence = evidence
        self.status = status
        self.details = details
    }

    /// True when the decision was carried out.
    public var isEnforced: Bool { mode == .enforce }
}
