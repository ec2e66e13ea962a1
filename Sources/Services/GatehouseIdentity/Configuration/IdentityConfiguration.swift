public import JOSE

/// How the authorization server works. Lifetimes are in seconds.
public struct IdentityConfiguration: Sendable {
    /// `iss`: an https address without query, fragment and slash at its end.
    public var issuer: String
    /// Where endpoints lie under the issuer's host; the discovery document tells it.
    public var endpoints = EndpointPaths()
    /// Protected resources that tokens can be made for.
    public var resources: [ProtectedResource] = []
    /// Scopes beside those of OpenID Connect and of resources.
    public var scopes: Set<String> = []
    /// Life of an authorization code; 60.
    public var codeLifetime: Int64 = 60
    /// Life of an access token; 600.
    public var accessTokenLifetime: Int64 = 600
    /// Life of an ID token; 600.
    public var idTokenLifetime: Int64 = 600
    /// Life of a refresh token that is not used; 14 days.
    public var refreshTokenLifetime: Int64 = 14 * 86_400
    /// Life of a grant; 90 days. Nothing under it lives longer.
    public var grantLifetime: Int64 = 90 * 86_400
    /// How long a spent refresh token is answered with the pair that it was spent for; 30. Later it counts as stolen.
    public var refreshRetryWindow: Int64 = 30
    /// Life of a device code; 600.
    public var deviceCodeLifetime: Int64 = 600
    /// Seconds between two questions of a device; 5.
    public var devicePace: Int64 = 5
    /// Life of a pushed authorization request; 60.
    public var pushedRequestLifetime: Int64 = 60
    /// How far other clocks may be off; 30.
    public var skew: Int64 = 30
    /// Oldest DPoP proof; 60.
    public var proofLifetime: Int64 = 60
    /// Whether DPoP proofs must carry a nonce of ours; true.
    public var requiresProofNonce = true
    /// Algorithms of signing keys, the default for ID tokens first; RS256, ES256, EdDSA.
    public var signingAlgorithms: [SignatureAlgorithm] = [.rs256, .es256, .edDSA]
    /// Time that a signing key signs; 30 days.
    public var signingKeyLifetime: Int64 = 30 * 86_400
    /// Time that a signing key is published before it signs; 1 day.
    public var signingKeyLead: Int64 = 86_400
    /// Authentication contexts that can be asked for by `acr_values`, the weakest first.
    public var authenticationContexts = ["urn:gatehouse:acr:password", "urn:gatehouse:acr:mfa", "urn:gatehouse:acr:passkey"]

    /// The defaults for an issuer.
    public init(issuer: String) { self.issuer = issuer }

    /// Every scope that a client may be registered for.
    public var knownScopes: Set<String> {
        scopes.union(Self.standardScopes).union(resources.flatMap(\.scopes))
    }

    /// Scopes of OpenID Connect Core.
    public static let standardScopes: Set<String> = ["openid", "profile", "email", "address", "phone", "groups", "offline_access"]

    func resource(_ identifier: String) -> ProtectedResource? { resources.first { $0.identifier.utf8.elementsEqual(identifier.utf8) } }
}

/// Paths of the endpoints.
public struct EndpointPaths: Sendable {
    /// Authorization endpoint.
    public var authorization = "/authorize"
    /// Token endpoint.
    public var token = "/token"
    /// UserInfo endpoint.
    public var userInfo = "/userinfo"
    /// Introspection endpoint.
    public var introspection = "/introspect"
    /// Revocation endpoint.
    public var revocation = "/revoke"
    /// Pushed authorization request endpoint.
    public var pushedAuthorization = "/par"
    /// Device authorization endpoint.
    public var deviceAuthorization = "/device_authorization"
    /// The page where a user types a device's code.
    public var device = "/device"
    /// End session endpoint.
    public var endSession = "/logout"
    /// Published keys.
    public var keys = "/jwks"

    /// The defaults.
    public init() {}
}

/// A service that takes access tokens (RFC 8707).
public struct ProtectedResource: Sendable, Hashable {
    /// Its identifier, which is the tokens' audience: an absolute address without fragment.
    public var identifier: String
    /// Scopes that mean something to it.
    public var scopes: Set<String>
    /// The form of its tokens; opaque.
    public var format = Format.opaque

    /// The form of an access token.
    public enum Format: String, Sendable, Hashable {
        /// Random; the resource asks by introspection, and revocation holds at once.
        case opaque
        /// A signed token of RFC 9068.
        case jwt
    }

    /// A resource.
    public init(identifier: String, scopes: Set<String>, format: Format = .opaque) {
        self.identifier = identifier
        self.scopes = scopes
        self.format = format
    }
}
