/// What came of a transaction.
public struct TransactionRecord: Sendable, Equatable {
    /// The matches of rules that log, in order.
    public var matches: [Match]
    /// How the exchange was ended, if it was.
    public var interruption: Interruption?
    /// In detection-only mode: how it would have been ended first.
    public var intended: Interruption?
    /// The sum of inbound anomaly scores, as the rules counted it.
    public var inboundScore: Int
    /// The score at which a request is refused, where the rules keep one.
    public var inboundThreshold: Int?
    /// The sum of outbound anomaly scores, as the rules counted it.
    public var outboundScore: Int
    /// The most grave severity seen; nil where no rule with one matched.
    public var highestSeverity: Int?
    /// Whether the rules ask for the exchange to be in the audit log.
    public var isAudited: Bool
    /// What rules set with `setenv`.
    public var environment: [String: String]
    /// What went wrong with the body, if anything.
    public var bodyError: String?
    /// Limits that were reached: regular expressions by rule, time.
    public var limits: [String]
}
