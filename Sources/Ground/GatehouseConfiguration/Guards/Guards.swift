public import GatehouseCore

/// The settings of every guard for one place: the top, a service or a route.
///
/// Merged downwards: a service's file entry overrides single keys of the top's, a route's those of its service.
public struct Guards: Sendable, Equatable {
    /// Hygiene of request targets and fields.
    public var `protocol` = ProtocolGuardSettings()
    /// Allow and deny lists of client addresses.
    public var addresses = AddressGuardSettings()
    /// Rate and concurrency limits.
    public var rateLimits = RateLimitGuardSettings()
    /// Who may do what, by the service's policies.
    public var authorization = AuthorizationGuardSettings()
    /// Response headers and cookies.
    public var headers = HeadersGuardSettings()
    /// Cross-origin requests.
    public var cors = CORSGuardSettings()
    /// Isolation by `Sec-Fetch-*`.
    public var fetchMetadata = FetchMetadataGuardSettings()
    /// Who the caller is.
    public var authentication = AuthenticationGuardSettings()
    /// Bodies of requests, without a document.
    public var bodies = BodiesGuardSettings()
    /// What an OpenAPI document says of requests and answers.
    public var openAPI = OpenAPIGuardSettings()
    /// The web application firewall.
    public var waf = FirewallGuardSettings()
    /// Error bodies.
    public var errors = ErrorsGuardSettings()

    /// Every guard that needs no knowledge of the service, on, at a safe level.
    public init() {}
}

extension Guards: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "guards" }
    /// What it is for.
    public static var about: String {
        "One entry per guard: a mode word alone, or a mapping with `mode` and the guard's own settings. "
            + "`enforce` decides and acts, `report` decides and records and lets everything pass, `off` does not run."
    }

    /// The guards, in the order in which a request meets them.
    public static var keys: [ConfigurationKey<Guards>] {
        [
            ConfigurationKey("protocol", \.protocol, ProtocolGuardSettings.about, defaultText: "enforce"),
            ConfigurationKey("addresses", \.addresses, AddressGuardSettings.about, defaultText: "enforce"),
            ConfigurationKey("rate_limits", \.rateLimits, RateLimitGuardSettings.about, defaultText: "enforce"),
            ConfigurationKey("fetch_metadata", \.fetchMetadata, FetchMetadataGuardSettings.about, defaultText: "enforce"),
            ConfigurationKey("cors", \.cors, CORSGuardSettings.about, defaultText: "enforce"),
            ConfigurationKey("authentication", \.authentication, AuthenticationGuardSettings.about, defaultText: "off"),
            ConfigurationKey("openapi", \.openAPI, OpenAPIGuardSettings.about, defaultText: "no document"),
            ConfigurationKey("bodies", \.bodies, BodiesGuardSettings.about, defaultText: "enforce"),
            ConfigurationKey("waf", \.waf, FirewallGuardSettings.about, defaultText: "off"),
            ConfigurationKey("authorization", \.authorization, AuthorizationGuardSettings.about, defaultText: "enforce"),
            ConfigurationKey("errors", \.errors, ErrorsGuardSettings.about, defaultText: "enforce"),
            ConfigurationKey("headers", \.headers, HeadersGuardSettings.about, defaultText: "enforce"),
        ]
    }
}

/// The settings of one guard: a mapping with a `mode`, or the mode word alone.
public protocol GuardSettings: ConfigurationSection {
    /// What it does with its decisions.
    var mode: GuardMode { get set }
}

extension GuardSettings {
    /// The mode word.
    public static var shortForm: ValueForm? { GuardMode.form }

    /// Takes the mode word alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let mode = GuardMode.read(node, over: nil, with: &reader) else { return false }
        self.mode = mode
        reader.origin(of: "mode", at: node)
        if let why = Self.modeRisk.reason(mode) { reader.unsafe(mode.rawValue, because: why, at: node) }
        return true
    }

    static var modeRisk: Risk<GuardMode> {
        Risk("`report` or `off`", because: "the guard lets everything pass") { $0 != .enforce }
    }

    static func modeKey(_ property: any WritableKeyPath<Self, GuardMode> & Sendable) -> ConfigurationKey<Self> {
        ConfigurationKey("mode", property, "What the guard does with its decisions.", risk: modeRisk)
    }
}
