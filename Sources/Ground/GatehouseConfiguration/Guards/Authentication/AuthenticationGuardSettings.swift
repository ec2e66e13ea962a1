public import GatehouseCore

/// Who the caller is: which credentials count, whether one is needed, and what the backend learns.
public struct AuthenticationGuardSettings: Sendable, Equatable {
    /// Default `enforce`. In `report` a caller that would be refused passes, and the backend learns of none.
    public var mode = GuardMode.enforce
    /// Whether a caller must be known; default `off`: credentials are not looked at.
    public var require = CallerRequirement.off
    /// The issuers whose bearer tokens count.
    public var issuers: [TokenIssuerSettings] = []
    /// Tokens of the house's own provider.
    public var house = HouseTokenSettings()
    /// Sign-in of browsers; nil: none.
    public var session: BrowserSessionSettings?
    /// API keys.
    public var apiKeys = APIKeySettings()
    /// Names and passwords of machines (RFC 7617).
    public var basic = BasicCredentialSettings()
    /// Client certificates, in order; the first that matches names the caller.
    public var certificates: [CertificateRule] = []
    /// Proofs of possession (RFC 9449).
    public var dpop = ProofSettings()
    /// Scopes that a caller must hold, all of them.
    public var scopes: [ScopeName] = []
    /// How strongly and how lately a user must have signed in (RFC 9470).
    public var stepUp = StepUpSettings()
    /// What the backend learns.
    public var identity = ForwardedIdentitySettings()
    /// The resource's identifier for RFC 9728; nil: no metadata is served.
    public var resource: HTTPAddress?
    /// Verified credentials that are remembered at most; default 20 000.
    public var cacheEntries = 20_000

    /// No credentials are looked at.
    public init() {}
}

extension AuthenticationGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "authentication guard" }
    /// What it is for.
    public static var about: String {
        "Who the caller is: bearer tokens, API keys, client certificates, passwords of machines. `required` alone is short for `require: required`."
    }
    /// `required`, `optional`, `off` alone.
    public static var shortForm: ValueForm? { .choice(CallerRequirement.allCases.map(\.rawValue)) }

    /// Its keys.
    public static var keys: [ConfigurationKey<AuthenticationGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey(
                "require", \.require,
                "`required` refuses callers without a good credential, `optional` lets those pass that show none, `off` looks at none."),
            ConfigurationKey("issuers", \.issuers, "The issuers whose bearer tokens count (JWT, RFC 9068)."),
            ConfigurationKey("house", \.house, "Tokens of the house's own provider (`builtin: identity`).", defaultText: ""),
            ConfigurationKey(
                "session", \.session, "Sign-in of browsers at an OpenID provider, and the session afterwards.", defaultText: "none"),
            ConfigurationKey("api_keys", \.apiKeys, "API keys.", defaultText: ""),
            ConfigurationKey("basic", \.basic, "Names and passwords of machines (RFC 7617).", defaultText: ""),
            ConfigurationKey(
                "certificates", \.certificates,
                "Client certificates that name a caller; the first entry that matches counts. Needs a listener with `client_ca`."),
            ConfigurationKey("dpop", \.dpop, "Proofs that a token's key is at hand (RFC 9449).", defaultText: ""),
            ConfigurationKey("scopes", \.scopes, "Scopes that a caller must hold, all of them; others are answered with 403."),
            ConfigurationKey("step_up", \.stepUp, "How strongly and how lately a user must have signed in (RFC 9470).", defaultText: ""),
            ConfigurationKey("identity", \.identity, "What the backend learns of the caller.", defaultText: ""),
            ConfigurationKey(
                "resource", \.resource,
                "The resource's identifier; its metadata (RFC 9728) are served at `/.well-known/oauth-protected-resource`."),
            ConfigurationKey(
                "cache_entries", \.cacheEntries, in: 100...10_000_000, "Verified credentials that are remembered at most."),
        ]
    }

    /// Takes the requirement alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let requirement = CallerRequirement.read(node, over: nil, with: &reader) else { return false }
        require = requirement
        reader.origin(of: "require", at: node)
        return true
    }

    /// Checks that a required caller can be known at all, and that audiences and resource agree.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if require == .required, !acceptsAny {
            reader.error(
                "a caller is required, but nothing is accepted", at: node["require"] ?? node,
                help: ["name `issuers`, `house`, `session`, `api_keys`, `basic` or `certificates`"])
        }
        if require == .off, !scopes.isEmpty || stepUp.isAsked {
            reader.warning("`scopes` and `step_up` have no effect without `require`", at: node["scopes"] ?? node["step_up"] ?? node)
        }
        for (index, issuer) in issuers.enumerated() where issuers[..<index].contains(where: { $0.issuer == issuer.issuer }) {
            reader.error("two entries are for the issuer `\(issuer.issuer)`", at: node["issuers"] ?? node)
        }
    }

    /// True where some credential can make a caller known.
    public var acceptsAny: Bool {
        !issuers.isEmpty || !house.audiences.isEmpty || session != nil || apiKeys.isAccepted || basic.file != nil || !certificates.isEmpty
    }
}

/// Whether a caller must be known.
public enum CallerRequirement: String, Sendable, CaseIterable {
    /// Credentials are not looked at.
    case off
    /// A caller may come without a credential; a bad one is refused all the same.
    case optional
    /// A caller without a good credential is refused.
    case required
}

extension CallerRequirement: ConfigurationChoice {}

/// A scope (RFC 6749, section 3.3): visible characters without quotation mark and backslash.
public struct ScopeName: Sendable, Hashable, CustomStringConvertible {
    /// The scope.
    public let description: String

    /// A scope; nil where the text is none.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }) else { return nil }
        description = text
    }
}

extension ScopeName: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("scope", example: "orders:read", pattern: "^[!#-\\[\\]-~]+$") }
    /// Reads a scope.
    public static func configured(_ text: String) -> ScopeName? { ScopeName(text) }
    /// One scope at a time.
    public static func hint(for text: String) -> String? { text.contains(" ") ? "several scopes are a list" : nil }
}
