/// Tokens of the house's own provider.
public struct HouseTokenSettings: Sendable, Equatable {
    /// A token must be for one of them; empty: none of its tokens count.
    public var audiences: [String] = []

    /// No tokens.
    public init() {}
}

extension HouseTokenSettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "house tokens" }
    /// What it is for.
    public static var about: String {
        "Tokens of the house's own provider, opaque or signed. The store is asked for each request, so that what is revoked is refused on the next one."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<HouseTokenSettings>] {
        [ConfigurationKey("audiences", \.audiences, "Resources of the provider that a token must be for, one of them.")]
    }
}

/// Sign-in of browsers: the house is the relying party of an OpenID provider.
public struct BrowserSessionSettings: Sendable, Equatable {
    /// The provider's issuer.
    public var provider = HTTPAddress.none
    /// The client that is registered there.
    public var clientID = ""
    /// Its secret; nil for a public client.
    public var clientSecret: Secret?
    /// Scopes that are asked for.
    public var scopes: [ScopeName] = ["openid", "profile", "email"].compactMap(ScopeName.init)
    /// Where the house answers for signing in and out.
    public var path = PathPrefix("/.gatehouse") ?? PathPrefix.sessions
    /// Time without a request after which a session ends; default 1 h.
    public var idle = Duration.seconds(3600)
    /// Longest life of a session; default 12 h.
    public var lifetime = Duration.seconds(12 * 3600)
    /// Signature algorithms of ID tokens that count.
    public var algorithms: [TokenAlgorithm] = [.es256, .rs256, .ps256, .edDSA]
    /// CA certificates (PEM) to trust in place of the system's.
    public var authorities: FilePath?
    /// Where groups stand in ID tokens.
    public var groupsClaim = "groups"
    /// Where roles stand in ID tokens.
    public var rolesClaim = "roles"

    /// An entry to be filled in.
    public init() {}
}

extension PathPrefix {
    static var sessions: PathPrefix {
        guard let path = PathPrefix("/.gatehouse") else { preconditionFailure("a path of the source is wrong") }
        return path
    }
}

extension BrowserSessionSettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "browser session" }
    /// What it is for.
    public static var about: String {
        "Sign-in of browsers: code flow with PKCE at an OpenID provider, a session in the store, its cookie `__Host-gatehouse-session`. Register "
            + "`…/.gatehouse/callback` there as redirect address, `…/.gatehouse/signed-out` as address after signing out, and "
            + "`…/.gatehouse/backchannel-logout` for back-channel logout. Pages link to `/.gatehouse/logout`."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<BrowserSessionSettings>] {
        [
            ConfigurationKey("provider", \.provider, "The provider's issuer.", isRequired: true, risk: HTTPAddress.clearTextRisk),
            ConfigurationKey("client_id", \.clientID, "The client that is registered there.", isRequired: true),
            ConfigurationKey("client_secret", \.clientSecret, "Its secret.", defaultText: "none: a public client"),
            ConfigurationKey(
                "scopes", \.scopes, "Scopes that are asked for; `offline_access` where the provider gives refresh tokens for it."),
            ConfigurationKey("path", \.path, "Where the house answers for signing in and out."),
            ConfigurationKey(
                "idle", \.idle, in: .seconds(60) ... .seconds(30 * 86_400), "Time without a request after which a session ends."),
            ConfigurationKey("lifetime", \.lifetime, in: .seconds(60) ... .seconds(90 * 86_400), "Longest life of a session."),
            ConfigurationKey("algorithms", \.algorithms, "Signature algorithms of ID tokens that count."),
            ConfigurationKey("ca", \.authorities.existing, "CA certificates (PEM) to trust in place of the system's."),
            ConfigurationKey("groups_claim", \.groupsClaim, "Where groups stand in ID tokens: a claim's name, or a JSON Pointer."),
            ConfigurationKey("roles_claim", \.rolesClaim, "Where roles stand in ID tokens."),
        ]
    }

    /// Checks that there is a client, and that the scopes are OpenID Connect's.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if clientID.isEmpty { reader.error("`client_id` is empty", at: node["client_id"] ?? node) }
        if !scopes.contains(where: { $0.description == "openid" }) {
            reader.error("`scopes` must have `openid`", at: node["scopes"] ?? node)
        }
        if path.text.isEmpty { reader.error("`path` must leave the rest to the service", at: node["path"] ?? node) }
    }
}
