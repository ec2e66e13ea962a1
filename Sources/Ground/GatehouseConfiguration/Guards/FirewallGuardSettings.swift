public import GatehouseCore

/// The web application firewall: the OWASP Core Rule Set, or other rules in ModSecurity's language.
public struct FirewallGuardSettings: Sendable, Equatable {
    /// Which requests are kept in events, so that they can be judged again.
    public enum Recording: String, Sendable, CaseIterable {
        /// Those that the rules refuse, or would.
        case refused
        /// Every one.
        case all
        /// None.
        case none
    }

    /// Default `off`: the rules are a package of their own, and know nothing of the service.
    public var mode = GuardMode.off
    /// What decides which rules there are and how they are set up; places with equal rules share them.
    public var rules = Rules()
    /// How long the rules may think about one exchange, all phases together. Default 500 ms.
    public var timeBudget = Duration.milliseconds(500)
    /// Which requests are kept in events; default `refused`.
    public var record = Recording.refused
    /// How much of a body is kept with them. Default 16 KiB.
    public var recordBodyLimit = ByteCount.kibibytes(16)
    /// Asks DNS block lists where rules say so (`@rbl`); default false.
    public var blockLists = false

    /// The defaults.
    public init() {}

    /// What is compiled.
    public struct Rules: Sendable, Equatable {
        /// The paranoia level whose rules may refuse, 1 to 4; nil: the rule set's own, 1.
        public var paranoiaLevel: Int?
        /// The paranoia level up to which rules are run and recorded; nil: the same.
        public var detectionParanoiaLevel: Int?
        /// The anomaly score at which a request is refused; nil: the rule set's own, 5.
        public var inboundThreshold: Int?
        /// The anomaly score at which an answer is refused; nil: the rule set's own, 4.
        public var outboundThreshold: Int?
        /// Folders of rules; empty: the system's package `modsecurity-crs`.
        public var folders: [FilePath] = []
        /// Files or folders read before the rules.
        public var before: [FilePath] = []
        /// Files of exclusions, read before the rules.
        public var exclusions: [ExclusionFile] = []
        /// Files or folders read behind the rules.
        public var after: [FilePath] = []
        /// Longest body; default 12.5 MiB.
        public var bodyLimit = ByteCount.kibibytes(12_800)
        /// Longest body not counting uploaded files; default 1 MiB.
        public var bodyLimitWithoutFiles = ByteCount.mebibytes(1)
        /// Most arguments; default 1 000.
        public var argumentsLimit = 1000
        /// Deepest JSON; default 512.
        public var jsonDepthLimit = 512
        /// Looks at the bodies of answers; default true.
        public var inspectsResponses = true
        /// Media types of the answers whose bodies are held and looked at.
        public var responseTypes = ["text/plain", "text/html", "text/xml", "application/json"]
        /// How much of such a body is held and looked at; default 512 KiB.
        public var responseBodyLimit = ByteCount.kibibytes(512)
        /// A database in MaxMind's format that `@geoLookup` asks; nil: none.
        public var geoDatabase: FilePath?
        /// Attacks the rules before they are used, and refuses to start where these pass; default true.
        public var provesItself = true

        /// The packaged rules as they are.
        public init() {}
    }
}

extension Configuration {
    /// Whether the web application firewall is on anywhere.
    public var usesFirewall: Bool {
        guards.waf.mode != .off
            || services.contains { $0.guards.waf.mode != .off || $0.routes.contains { $0.guards.waf.mode != .off } }
    }
}

/// A file of exclusions: it need not be there yet, and is watched.
public struct ExclusionFile: Sendable, Equatable {
    /// The file.
    public var path: FilePath

    /// A file.
    public init(path: FilePath) { self.path = path }
}

extension ExclusionFile: ConfigurationValue {
    /// A path.
    public static var form: ValueForm { FilePath.form }

    /// Reads the path and watches the file.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let path = FilePath.read(node, over: nil, with: &reader) else { return nil }
        reader.track(path.path)
        return ExclusionFile(path: path)
    }

    /// The path.
    public func rows(at path: String) -> [ConfigurationRow] { self.path.rows(at: path) }
}

extension FirewallGuardSettings.Recording: ConfigurationChoice {}

extension FirewallGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "waf guard" }
    /// What it is for.
    public static var about: String {
        "Web application firewall: the OWASP Core Rule Set of the package `modsecurity-crs`, or other rules in ModSecurity's language. "
            + "It proves at start that it refuses known attacks, and does not start without rules."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<FirewallGuardSettings>] {
        [modeKey(\.mode)] + ruleKeys + sizeKeys + [
            ConfigurationKey(
                "time_budget", \.timeBudget, in: .milliseconds(1)...(.seconds(60)),
                "How long the rules may think about one exchange, all phases together; over it the exchange is refused with 503."),
            ConfigurationKey(
                "record", \.record, "Which requests are kept in events, secrets taken out, so that `gatehouse waf` can judge them again."),
            ConfigurationKey(
                "record_body_limit", \.recordBodyLimit, in: 0...(.mebibytes(1)), "How much of a body is kept with a recorded request."),
            ConfigurationKey("block_lists", \.blockLists, "Asks DNS block lists where rules say so (`@rbl`)."),
        ]
    }

    private static var ruleKeys: [ConfigurationKey<FirewallGuardSettings>] {
        [
            ConfigurationKey(
                "paranoia_level", \.rules.paranoiaLevel, "The paranoia level whose rules may refuse, 1 to 4.",
                defaultText: "the rule set's own: 1"),
            ConfigurationKey(
                "detection_paranoia_level", \.rules.detectionParanoiaLevel,
                "The paranoia level up to which rules are run and recorded, 1 to 4.", defaultText: "`paranoia_level`"),
            ConfigurationKey(
                "inbound_threshold", \.rules.inboundThreshold, "The anomaly score at which a request is refused.",
                defaultText: "the rule set's own: 5"),
            ConfigurationKey(
                "outbound_threshold", \.rules.outboundThreshold, "The anomaly score at which an answer is refused.",
                defaultText: "the rule set's own: 4"),
            ConfigurationKey(
                "rules", \.rules.folders, "Folders of rules, such as a release of the Core Rule Set, in place of the system's package.",
                defaultText: "the package `modsecurity-crs`"),
            ConfigurationKey("before", \.rules.before, "Files or folders of settings and rules, read before the rules."),
            ConfigurationKey(
                "exclusions", \.rules.exclusions,
                "Files of exclusions, read before the rules and watched; `gatehouse waf exclude` writes them. They need not be there yet."),
            ConfigurationKey("after", \.rules.after, "Files or folders of own rules, read behind the rules."),
            ConfigurationKey(
                "self_proof", \.rules.provesItself, "Attacks the compiled rules at start, and does not start where an attack passes.",
                risk: .ifFalse("nobody notices rules that refuse nothing")),
        ]
    }

    private static var sizeKeys: [ConfigurationKey<FirewallGuardSettings>] {
        [
            ConfigurationKey(
                "body_limit", \.rules.bodyLimit, in: 1024...(.mebibytes(1024)),
                "Longest request body; it is held until the rules have seen it."),
            ConfigurationKey(
                "body_limit_without_files", \.rules.bodyLimitWithoutFiles, in: 1024...(.mebibytes(1024)),
                "Longest request body, uploaded files not counted."),
            ConfigurationKey("arguments_limit", \.rules.argumentsLimit, in: 1...100_000, "Most arguments of a request."),
            ConfigurationKey("json_depth_limit", \.rules.jsonDepthLimit, in: 1...1000, "Deepest nesting of a JSON body."),
            ConfigurationKey(
                "inspect_responses", \.rules.inspectsResponses,
                "Holds and looks at the bodies of answers of the types below; event streams, WebSockets and downloads flow."),
            ConfigurationKey("response_types", \.rules.responseTypes, "Media types of the answers whose bodies are looked at."),
            ConfigurationKey(
                "response_body_limit", \.rules.responseBodyLimit, in: 1024...(.mebibytes(64)),
                "How much of the body of an answer is held and looked at; the rest flows."),
            ConfigurationKey(
                "geo_database", \.rules.geoDatabase, "A database in MaxMind's format that `@geoLookup` asks.", defaultText: "none"),
        ]
    }

    /// Settings without a mode where the guard is off would do nothing; levels and thresholds have bounds.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if node.mapping != nil, node["mode"] == nil, mode == .off {
            reader.error(
                "the `waf` guard is off here, so its settings need a mode", at: node, help: ["add `mode: enforce` or `mode: report`"])
        }
        for (key, value, range) in [
            ("paranoia_level", rules.paranoiaLevel, 1...4), ("detection_paranoia_level", rules.detectionParanoiaLevel, 1...4),
            ("inbound_threshold", rules.inboundThreshold, 1...100_000), ("outbound_threshold", rules.outboundThreshold, 1...100_000),
        ] {
            guard let value, !range.contains(value) else { continue }
            reader.error("`\(value)` is not in the range \(range.lowerBound) to \(range.upperBound)", at: node[key] ?? node)
        }
        if let detection = rules.detectionParanoiaLevel, detection < rules.paranoiaLevel ?? 1 {
            reader.error(
                "`detection_paranoia_level` is below `paranoia_level`: rules that refuse would not be run",
                at: node["detection_paranoia_level"] ?? node)
        }
    }
}
