public import GatehouseCore

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

extension RateLimit: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "rate limit" }
    /// What it is for.
    public static var about: String { "One limit: a rate, a bound on what runs at once, or both." }

    /// Its keys.
    public static var keys: [ConfigurationKey<RateLimit>] {
        [
            ConfigurationKey(
                "name", \.name, "Its name in events and `RateLimit` fields; `default` replaces the built-in one.", isRequired: true),
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
        for (word, value) in [("burst", burst), ("concurrency", concurrency)] where value.map({ !(1...1_000_000_000).contains($0) }) == true
        {
            reader.error("`\(word)` must be 1 or more", at: node[word] ?? node)
        }
        if key.isEmpty { reader.error("the limit `\(name)` counts by nothing", at: node["key"] ?? node) }
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
