/// A client that is registered by the configuration.
public struct IdentityClient: Sendable, Equatable {
    /// How a client proves who it is.
    public enum Authentication: String, Sendable, CaseIterable, ConfigurationChoice {
        /// Its secret in `Authorization`.
        case basic = "client_secret_basic"
        /// Its secret in the body.
        case post = "client_secret_post"
        /// A signed assertion.
        case privateKeyJWT = "private_key_jwt"
        /// Not at all: programs on phones and in browsers.
        case none
    }

    /// What a client may ask tokens with.
    public enum GrantType: String, Sendable, CaseIterable, ConfigurationChoice {
        /// A user's code.
        case code = "authorization_code"
        /// A refresh token.
        case refresh = "refresh_token"
        /// Its own credentials.
        case clientCredentials = "client_credentials"
        /// A device code.
        case device = "device_code"
    }

    /// What signs its ID tokens.
    public enum Algorithm: String, Sendable, CaseIterable, ConfigurationChoice {
        /// RSA.
        case rs256 = "RS256"
        /// P-256.
        case es256 = "ES256"
        /// Ed25519.
        case edDSA = "EdDSA"
    }

    /// `client_id`.
    public var id = ""
    /// Shown to users; by default the id.
    public var name = ""
    /// Its secret, by reference.
    public var secret: Secret?
    /// How it proves who it is; by default with its secret in `Authorization`, or not at all where it has none.
    public var authentication: Authentication?
    /// Its public keys: a file with a JWK Set.
    public var keys: FilePath?
    /// Where users may be sent back to.
    public var redirectURIs: [String] = []
    /// Where users may be sent after signing out.
    public var postLogoutRedirectURIs: [String] = []
    /// Where it is told that a session has ended.
    public var backChannelLogoutURI: String?
    /// What it may ask tokens with.
    public var grantTypes: [GrantType] = [.code, .refresh]
    /// What it may ask for.
    public var scopes = ["openid"]
    /// What signs its ID tokens; default RS256.
    public var algorithm = Algorithm.rs256
    /// Refuses authorization requests that were not pushed.
    public var requiresPushedRequests = false
    /// Binds every token to a key of the client (DPoP).
    public var requiresProof = false
    /// Demands PKCE; default true.
    public var requiresPKCE = true
    /// Asks users for consent; default true.
    public var asksConsent = true
    /// Resources whose tokens it may ask about by introspection.
    public var introspects: [String] = []

    /// No id yet.
    public init() {}
}

extension IdentityClient: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "client" }
    /// What it is for.
    public static var about: String { "A program that asks for tokens." }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityClient>] {
        [
            ConfigurationKey("id", \.id, "Its `client_id`.", isRequired: true),
            ConfigurationKey("name", \.name, "What users are shown.", defaultText: "the id"),
            ConfigurationKey("secret", \.secret, "Its secret, by reference."),
            ConfigurationKey(
                "authentication", \.authentication, "How it proves who it is.",
                defaultText: "`client_secret_basic` with a secret, `private_key_jwt` with keys, else `none`"),
            ConfigurationKey("jwks", \.keys.existing, "A file with its public keys (JWK Set), for `private_key_jwt`."),
            ConfigurationKey("redirect_uris", \.redirectURIs, "Where users may be sent back to, compared byte for byte."),
            ConfigurationKey("post_logout_redirect_uris", \.postLogoutRedirectURIs, "Where users may be sent after signing out."),
            ConfigurationKey("backchannel_logout_uri", \.backChannelLogoutURI, "Where it is told that a session has ended."),
            ConfigurationKey("grant_types", \.grantTypes, "What it may ask tokens with."),
            ConfigurationKey("scopes", \.scopes, "What it may ask for."),
            ConfigurationKey("id_token_algorithm", \.algorithm, "What signs its ID tokens."),
            ConfigurationKey(
                "require_pushed_requests", \.requiresPushedRequests, "Refuses authorization requests that were not pushed (RFC 9126)."),
            ConfigurationKey("require_dpop", \.requiresProof, "Binds every token to a key of the client (RFC 9449)."),
            ConfigurationKey(
                "require_pkce", \.requiresPKCE, "Demands PKCE with S256.",
                risk: .ifFalse("a code can be used by whoever catches it")),
            ConfigurationKey(
                "ask_consent", \.asksConsent,
                "Asks users whether the client may have what it wants; `false` for programs of the house itself."),
            ConfigurationKey("introspects", \.introspects, "Resources whose tokens it may ask about by introspection."),
        ]
    }

    /// Chooses the way of authentication that fits.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if name.isEmpty { name = id }
        let method = authentication ?? (keys != nil ? .privateKeyJWT : secret != nil ? .basic : Authentication.none)
        authentication = method
        if method == .basic || method == .post, secret == nil { reader.error("`\(method.rawValue)` needs a `secret`", at: node) }
        if method == .privateKeyJWT, keys == nil { reader.error("`private_key_jwt` needs `jwks`", at: node) }
        if method == .none, !requiresPKCE { reader.error("a client without authentication needs pkce", at: node) }
        if method == .none, grantTypes.contains(.clientCredentials) {
            reader.error("a client without authentication cannot have `client_credentials`", at: node)
        }
        if grantTypes.contains(.code), redirectURIs.isEmpty { reader.error("`authorization_code` needs `redirect_uris`", at: node) }
        if id.isEmpty { reader.error("the id is empty", at: node["id"] ?? node) }
    }
}

/// A service that takes access tokens.
public struct IdentityResource: Sendable, Equatable {
    /// The form of its tokens.
    public enum Format: String, Sendable, CaseIterable, ConfigurationChoice {
        /// Random: the service asks about them, and revoking works at once.
        case opaque
        /// Signed (RFC 9068): the service checks them itself.
        case jwt
    }

    /// The audience of its tokens.
    public var identifier = ""
    /// Scopes that mean something to it.
    public var scopes: [String] = []
    /// The form of its tokens; default opaque.
    public var format = Format.opaque

    /// No identifier yet.
    public init() {}
}

extension IdentityResource: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "resource" }
    /// What it is for.
    public static var about: String { "A service that takes access tokens (RFC 8707)." }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityResource>] {
        [
            ConfigurationKey(
                "identifier", \.identifier, "The audience of its tokens: an absolute address without fragment.", isRequired: true),
            ConfigurationKey("scopes", \.scopes, "Scopes that mean something to it."),
            ConfigurationKey(
                "format", \.format,
                "`opaque` tokens are asked about and can be revoked at once; `jwt` ones (RFC 9068) are checked by the service."),
        ]
    }

    /// Refuses identifiers that are no address.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard identifier.contains(":"), !identifier.contains("#"), identifier.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return reader.error("`\(identifier)` is no absolute address", at: node["identifier"] ?? node)
        }
    }
}
