public import GatehouseCore

/// Refuses request targets and fields that two parsers could read differently, beyond what framing demands.
public struct ProtocolGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// Methods let through at all; default the eight of RFC 9110 and PATCH, without CONNECT and TRACE.
    public var methods: [MethodName] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].compactMap(MethodName.init)
    /// Lets `%2F` and `%5C` stand in a path. False refuses them. True is an unsafe choice.
    public var allowsEncodedSlashes = false
    /// Lets empty segments (`//`) stand in a path; false merges them.
    public var allowsEmptySegments = false
    /// Lets field names with an underscore through, which some backends read as a dash; false refuses them.
    public var allowsUnderscores = false

    /// The defaults.
    public init() {}
}

/// Allow and deny lists of the true client's address.
public struct AddressGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// Where not empty, only these networks are let in.
    public var allow: [CIDRBlock] = []
    /// These networks are refused, even where `allow` has them.
    public var deny: [CIDRBlock] = []
    /// Files of further networks to allow, one a line; read and watched.
    public var allowFiles: [AddressFile] = []
    /// Files of further networks to refuse, one a line; read and watched.
    public var denyFiles: [AddressFile] = []

    /// Everyone is let in.
    public init() {}

    /// All networks to allow, from the file and the lists it names.
    public var allAllowed: [CIDRBlock] { allow + allowFiles.flatMap(\.blocks) }
    /// All networks to refuse, from the file and the lists it names.
    public var allDenied: [CIDRBlock] { deny + denyFiles.flatMap(\.blocks) }
}

/// A file of networks, one a line; `#` begins a comment.
public struct AddressFile: Sendable, Equatable {
    /// The file.
    public var path: FilePath
    /// What it held when the configuration was loaded.
    public var blocks: [CIDRBlock]

    /// A file with its content.
    public init(path: FilePath, blocks: [CIDRBlock]) {
        self.path = path
        self.blocks = blocks
    }
}

/// Rate and concurrency limits: a request must pass all of them.
public struct RateLimitGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// The limits. A limit with the name of an inherited one takes its place; others are added.
    public var limits: [RateLimit] = [.standard]
    /// Sends `RateLimit` and `RateLimit-Policy` fields; default true.
    public var sendsFields = true
    /// Keys that all counters of one limit hold at most; the oldest make room. Default 1 000 000.
    public var maxKeys = 1_000_000

    /// One generous limit per client network.
    public init() {}
}

/// One rate or concurrency limit.
public struct RateLimit: Sendable, Equatable {
    /// Its name in events and in `RateLimit` fields; unique.
    public var name = ""
    /// What requests are counted by; several make one key.
    public var key: [RateLimitKey] = [.clientNetwork]
    /// How many requests in what time; nil: no rate.
    public var rate: Rate?
    /// How many may come at once on top of an even flow; nil: as many as the rate's count.
    public var burst: Int?
    /// How many may run at the same time; nil: no bound.
    public var concurrency: Int?

    /// An empty limit, to be filled in.
    public init() {}

    /// The default: 3000 requests a minute of one client network, 600 at once.
    public static var standard: RateLimit {
        var limit = RateLimit()
        limit.name = "default"
        limit.rate = Rate(count: 3000, period: .seconds(60))
        limit.burst = 600
        return limit
    }
}

/// What a rate limit counts by.
public enum RateLimitKey: Sendable, Hashable {
    /// The true client's address.
    case client
    /// Its network: /24 of IPv4, /56 of IPv6.
    case clientNetwork
    /// A field of the request.
    case header(FieldName)
    /// The API key that authenticated the request.
    case apiKey
    /// The service and route.
    case route
    /// The authenticated user.
    case user
}

extension ProtocolGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "protocol guard" }
    /// What it is for.
    public static var about: String { "Refuses request targets and fields that two parsers could read differently, beyond what framing demands." }

    /// Its keys.
    public static var keys: [ConfigurationKey<ProtocolGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey(
                "methods", \.methods, "Methods let through at all.",
                risk: Risk("`TRACE` or `CONNECT`", because: "TRACE sends back the fields of a request, CONNECT opens a tunnel") {
                    $0.contains { ["TRACE", "CONNECT"].contains($0.name) }
                }),
            ConfigurationKey(
                "allow_encoded_slashes", \.allowsEncodedSlashes, "Lets `%2F` and `%5C` stand in a path.",
                risk: .ifTrue("a backend that decodes them sees another path than the rules did")),
            ConfigurationKey(
                "allow_empty_segments", \.allowsEmptySegments, "Lets empty segments (`//`) stand in a path; otherwise they are merged.",
                risk: .ifTrue("a backend that merges them sees another path than the rules did")),
            ConfigurationKey(
                "allow_underscores", \.allowsUnderscores, "Lets field names with an underscore through.",
                risk: .ifTrue("some backends read `x_user` as `x-user`, past every rule about that name")),
        ]
    }
}

extension AddressGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "addresses guard" }
    /// What it is for.
    public static var about: String { "Allow and deny lists of the true client's address." }

    /// Its keys.
    public static var keys: [ConfigurationKey<AddressGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey("allow", \.allow, "Where not empty (files counted), only these networks are let in."),
            ConfigurationKey("deny", \.deny, "These networks are refused, even where `allow` has them."),
            ConfigurationKey("allow_files", \.allowFiles, "Files of networks to allow, one a line; watched."),
            ConfigurationKey("deny_files", \.denyFiles, "Files of networks to refuse, one a line; watched."),
        ]
    }
}

extension RateLimitGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "rate_limits guard" }
    /// What it is for.
    public static var about: String { "Rate and concurrency limits (GCRA); a request must pass all of them." }
    /// The mode word, or the limits alone.
    public static var shortForm: ValueForm? { .either([.list(of: RateLimit.form), GuardMode.form]) }

    /// Its keys.
    public static var keys: [ConfigurationKey<RateLimitGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey(
                "limits", "The limits. One with the name of an inherited limit takes its place, others are added; an empty list takes all away.",
                form: [RateLimit].form, defaultText: "one named `default`: 3000/1m by client network, burst 600",
                risk: "an empty list: clients may send as much as they like.",
                rows: { settings, path in
                    settings.limits.isEmpty
                        ? [ConfigurationRow(path: path, value: "[]")] : settings.limits.flatMap { $0.rows(at: "\(path).\($0.name)") }
                }
            ) { node, settings, reader in settings.merge(node, with: &reader) },
            ConfigurationKey("send_fields", \.sendsFields, "Sends the `RateLimit` and `RateLimit-Policy` fields."),
            ConfigurationKey("max_keys", \.maxKeys, in: 1000...100_000_000, "Keys that the counters of one limit hold at most; the oldest make room."),
        ]
    }

    /// Takes the limits or the mode word.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        if node.sequence != nil {
            merge(node, with: &reader)
            return true
        }
        guard node.scalar != nil, let mode = GuardMode.read(node, over: nil, with: &reader) else { return false }
        self.mode = mode
        reader.origin(of: "mode", at: node)
        if let why = Self.modeRisk.reason(mode) { reader.unsafe(mode.rawValue, because: why, at: node) }
        return true
    }

    private mutating func merge(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard let new = [RateLimit].read(node, over: nil, with: &reader) else { return }
        if new.isEmpty {
            reader.unsafe("[]", because: "clients may send as much as they like", at: node)
            return limits = []
        }
        for (index, limit) in new.enumerated() {
            reader.rename(index: index, to: "limits.\(limit.name)")
            if new[..<index].contains(where: { $0.name == limit.name }) {
                reader.error("two limits have the name `\(limit.name)`", at: node.sequence?[index] ?? node)
            }
            if let place = limits.firstIndex(where: { $0.name == limit.name }) { limits[place] = limit } else { limits.append(limit) }
        }
    }
}

extension RateLimit: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "rate limit" }
    /// What it is for.
    public static var about: String { "One limit: a rate, a bound on what runs at once, or both." }

    /// Its keys.
    public static var keys: [ConfigurationKey<RateLimit>] {
        [
            ConfigurationKey("name", \.name, "Its name in events and `RateLimit` fields; `default` replaces the built-in one.", isRequired: true),
            ConfigurationKey("key", \.key, "What requests are counted by; several make one key together."),
            ConfigurationKey("rate", \.rate, "How many requests in what time."),
            ConfigurationKey("burst", \.burst, "How many may come at once.", defaultText: "the rate's count"),
            ConfigurationKey("concurrency", \.concurrency, "How many may run at the same time."),
        ]
    }

    /// Checks that it limits anything.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if rate == nil, concurrency == nil { reader.error("the limit `\(name)` has neither `rate` nor `concurrency`", at: node) }
        if rate == nil, burst != nil { reader.error("`burst` needs a `rate`", at: node["burst"] ?? node) }
        for (word, value) in [("burst", burst), ("concurrency", concurrency)] where value.map({ !(1...1_000_000_000).contains($0) }) == true {
            reader.error("`\(word)` must be 1 or more", at: node[word] ?? node)
        }
        if key.isEmpty { reader.error("the limit `\(name)` counts by nothing", at: node["key"] ?? node) }
    }
}

extension RateLimitKey: ConfigurationScalar {
    /// `client`, `client_network`, `header:NAME`, `api_key`, `route` or `user`.
    public static var scalarForm: ScalarForm {
        ScalarForm("limit key", example: "client_network", pattern: "^(client|client_network|api_key|route|user|header:.+)$")
    }

    /// Reads a key.
    public static func configured(_ text: String) -> RateLimitKey? {
        switch text {
        case "client": .client
        case "client_network": .clientNetwork
        case "api_key": .apiKey
        case "route": .route
        case "user": .user
        default: text.hasPrefix("header:") ? FieldName(String(text.dropFirst(7))).map(Self.header) : nil
        }
    }

    /// The key as it is written.
    public var configuredText: String {
        switch self {
        case .client: "client"
        case .clientNetwork: "client_network"
        case .header(let name): "header:\(name)"
        case .apiKey: "api_key"
        case .route: "route"
        case .user: "user"
        }
    }
}
