/// The audit log.
public struct Audit: Sendable, Equatable {
    /// Whether there is one.
    public enum Mode: String, Sendable, ConfigurationChoice {
        /// There is one; a house that cannot write it says so and serves all the same.
        case on
        /// There is one; a house that cannot write it does not start.
        case required
        /// There is none.
        case off
    }

    /// Whether there is one; default on.
    public var mode = Mode.on
    /// Its folder; nil: `audit` in the data folder.
    public var folder: FilePath?
    /// The log's name in its checkpoints; nil: the host's name with random digits behind it, as first chosen.
    public var origin: String?
    /// Who cosigns the log's checkpoints.
    public var witnesses: [AuditWitness] = []

    /// On, in the data folder.
    public init() {}
}

extension Audit: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "audit" }
    /// What it is for.
    public static var about: String {
        "The audit log: logins, decisions, key use, configuration, administration and automatic actions in a signed Merkle log."
    }
    /// The mode alone.
    public static var shortForm: ValueForm? { Mode.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<Audit>] {
        [
            ConfigurationKey(
                "mode", \.mode,
                "`on`: a house that cannot write the log says so and serves all the same; `required`: it does not start; `off`: there is none.",
                risk: absence),
            ConfigurationKey("folder", \.folder, "Its folder.", defaultText: "DATA/audit"),
            ConfigurationKey(
                "origin", \.origin, "The log's name in its checkpoints, such as `gatehouse.example/audit`; fixed once the log has begun.",
                defaultText: "the host's name and random digits"),
            ConfigurationKey(
                "witnesses", \.witnesses, "Who cosigns checkpoints, so that a fork or a cut shows (C2SP tlog-witness).", defaultText: "none"
            ),
        ]
    }

    /// Takes the mode alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let mode = Mode.read(node, over: nil, with: &reader) else { return false }
        self.mode = mode
        if let why = Self.absence.reason(mode) { reader.unsafe(mode.rawValue, because: why, at: node) }
        return true
    }

    /// Refuses a name that checkpoints cannot hold.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard let origin, origin.isEmpty || origin.contains(where: { $0.isWhitespace || $0 == "+" }) else { return }
        reader.error("`\(origin.clipped)` is no name of a log: no spaces, no `+`", at: node["origin"] ?? node)
    }

    private static var absence: Risk<Mode> {
        Risk("`off`", because: "security events are kept nowhere that nobody can edit quietly") { $0 == .off }
    }
}

/// A witness of the audit log: cosigns each checkpoint that grows from the last one it saw.
public struct AuditWitness: Sendable, Equatable {
    /// Its public key, `NAME+ID+BASE64`.
    public var key = ""
    /// The prefix of its submissions; `/add-checkpoint` is added.
    public var url = HTTPAddress.none
    /// How often it is asked; default every minute.
    public var every = Duration.seconds(60)

    /// None yet.
    public init() {}
}

extension AuditWitness: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "witness" }
    /// What it is for.
    public static var about: String { "A witness that cosigns checkpoints of the audit log (C2SP tlog-witness)." }

    /// Its keys.
    public static var keys: [ConfigurationKey<AuditWitness>] {
        [
            ConfigurationKey("key", \.key, "Its public key, `NAME+ID+BASE64`.", isRequired: true),
            ConfigurationKey(
                "url", \.url, "The prefix of its submissions; `/add-checkpoint` is added.", isRequired: true,
                risk: HTTPAddress.clearTextRisk),
            ConfigurationKey("every", \.every, in: .seconds(1)...Duration.seconds(86_400), "How often it is asked."),
        ]
    }
}
