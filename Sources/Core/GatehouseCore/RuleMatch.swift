/// One match of a rule of the web application firewall, as the event stream holds it.
///
/// Texts hold what the rules saw; the writer of events takes secrets out of them.
public struct RuleMatch: Sendable, Equatable {
    /// The rule's id.
    public var id: Int
    /// What was seen.
    public var message: String
    /// The rule's severity, such as `CRITICAL`; empty for none.
    public var severity: String
    /// 1 to 5.
    public var phase: Int
    /// The variable that matched, such as `ARGS:q`.
    public var variable: String
    /// The part of the value that the rule found; bytes that are no UTF-8 as `\xNN`.
    public var matched: String
    /// The rule's `logdata`; empty for none.
    public var data: String
    /// What it added to an anomaly score.
    public var score: Int
    /// The rule's marks.
    public var tags: [String]

    /// A match.
    public init(
        id: Int, message: String, severity: String, phase: Int, variable: String, matched: String, data: String, score: Int, tags: [String]
    ) {
        (self.id, self.message, self.severity, self.phase) = (id, message, severity, phase)
        (self.variable, self.matched, self.data, self.score, self.tags) = (variable, matched, data, score, tags)
    }
}

/// A match of a rule on a request.
public struct RuleMatchRecord: Sendable {
    /// Who and where.
    public var context: RequestContext
    /// When, nanoseconds since 1970.
    public var time: Int64
    /// The guard whose rule it is, such as `waf`.
    public var guardName: String
    /// The mode of the guard on the route.
    public var mode: GuardMode
    /// What matched.
    public var match: RuleMatch

    /// A record of a match.
    public init(context: RequestContext, time: Int64, guardName: String, mode: GuardMode, match: RuleMatch) {
        (self.context, self.time, self.guardName, self.mode, self.match) = (context, time, guardName, mode, match)
    }
}

/// A request as it came, kept so that it can be judged again. The writer of events takes secrets out of it.
public struct RecordedRequest: Sendable, Equatable {
    /// The method as it came.
    public var method: String
    /// The target as it came.
    public var target: String
    /// The version, such as `HTTP/1.1`.
    public var version: String
    /// The field lines in order, names as they came.
    public var fields: [(name: String, value: String)]
    /// The body, as far as it is kept.
    public var body: [UInt8]
    /// False where `body` is not all of it.
    public var isBodyWhole: Bool

    /// A request.
    public init(method: String, target: String, version: String, fields: [(name: String, value: String)], body: [UInt8], isBodyWhole: Bool)
    {
        (self.method, self.target, self.version) = (method, target, version)
        (self.fields, self.body, self.isBodyWhole) = (fields, body, isBodyWhole)
    }

    /// Equal when every part is.
    public static func == (left: Self, right: Self) -> Bool {
        left.method == right.method && left.target == right.target && left.version == right.version
            && left.fields.elementsEqual(right.fields) { $0 == $1 } && left.body == right.body && left.isBodyWhole == right.isBodyWhole
    }
}

/// What a decision rests on, for those who ask why.
public final class DecisionDetails: Sendable {
    /// The rules that scored or refused.
    public let matches: [RuleMatch]
    /// The sum of what they added.
    public let score: Int
    /// The smallest change to the rules that would have let the request pass, as one line; empty for none.
    public let exclusion: String
    /// The request, where it is kept.
    public let request: RecordedRequest?

    /// Details of a decision.
    public init(matches: [RuleMatch] = [], score: Int = 0, exclusion: String = "", request: RecordedRequest? = nil) {
        (self.matches, self.score, self.exclusion, self.request) = (matches, score, exclusion, request)
    }
}
