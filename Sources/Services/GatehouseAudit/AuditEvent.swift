import StrictJSON

/// What an auditor asks about.
public enum AuditClass: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Logins, logouts and what failed on the way.
    case login = 1
    /// What was allowed or refused, and why.
    case decision = 2
    /// Use and life of keys.
    case keyUse = 3
    /// Changes of the configuration.
    case configuration = 4
    /// What administrators did.
    case administration = 5
    /// What the house did by itself.
    case automaticAction = 6

    /// The class by the name that commands and exports use.
    public init?(name: String) {
        guard let known = Self.allCases.first(where: { $0.description == name }) else { return nil }
        self = known
    }

    /// For logs; holds no secret.
    public var description: String {
        switch self {
        case .login: "login"
        case .decision: "decision"
        case .keyUse: "key-use"
        case .configuration: "configuration"
        case .administration: "administration"
        case .automaticAction: "automatic-action"
        }
    }
}

/// One event of the audit log. Class and time stand open in the log, all else is sealed.
public struct AuditEvent: Sendable, Hashable {
    /// What kind of event.
    public var kind: AuditClass
    /// What happened, such as `password_refused`.
    public var action: String
    /// Who did it; empty for the house.
    public var actor: String
    /// Whom or what it was done to.
    public var subject: String
    /// How it ended, such as `allowed` or `refused`.
    public var outcome: String
    /// The trace or incident that it belongs to; empty for none.
    public var trace: String
    /// More facts, in order.
    public var facts: [Fact]
    /// When, in milliseconds since 1970; 0 for the moment it is appended.
    public var time: Int64

    /// A named fact.
    public struct Fact: Sendable, Hashable {
        /// What the fact is about.
        public var name: String
        /// The fact.
        public var value: String

        /// A fact.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// An event.
    public init(
        _ kind: AuditClass, action: String, actor: String = "", subject: String = "", outcome: String = "", trace: String = "",
        facts: [Fact] = [], time: Int64 = 0
    ) {
        self.kind = kind
        self.action = action
        self.actor = actor
        self.subject = subject
        self.outcome = outcome
        self.trace = trace
        self.facts = facts
        self.time = time
    }

    /// The sealed part as JSON, empty members left out.
    public var payload: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("action")
        writer.write(action)
        for (name, value) in [("actor", actor), ("subject", subject), ("outcome", outcome), ("trace", trace)] where !value.isEmpty {
            writer.key(name)
            writer.write(value)
        }
        if !facts.isEmpty {
            writer.key("facts")
            writer.beginObject()
            for fact in facts {
                writer.key(fact.name)
                writer.write(fact.value)
            }
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }

    /// An event read back from its open and sealed parts.
    ///
    /// - Throws: ``JSONError``.
    init(kind: AuditClass, time: Int64, payload: [UInt8]) throws {
        var limits = JSONLimits()
        limits.duplicateKeys = .keep
        let root = try JSONDocument(payload, limits: limits).root
        let text = { (key: String) in root[key]?.string ?? "" }
        self.init(
            kind, action: text("action"), actor: text("actor"), subject: text("subject"), outcome: text("outcome"), trace: text("trace"),
            facts: root["facts"].map { $0.members.map { Fact($0.name, $0.value.string ?? "") } } ?? [], time: time)
    }
}
