public import StrictJSON

/// Who sends a request, as the authentication guard has verified it.
///
/// Read by everything that comes later: rate limits by user, authorization, events and the identity that goes to the backend.
/// A principal is always issuer and subject together; the same subject of two issuers is two callers.
public struct CallerIdentity: Sendable {
    /// Who vouches for the subject: the issuer's URL of a token, or `gatehouse` for credentials that the house checks itself.
    public var issuer: String
    /// The subject within the issuer; never empty.
    public var subject: String
    /// The OAuth client that acts; empty when the subject acts itself.
    public var client = ""
    /// What proved it.
    public var credential: Credential
    /// Granted scopes.
    public var scopes: [String] = []
    /// Groups the subject belongs to.
    public var groups: [String] = []
    /// Roles the subject has.
    public var roles: [String] = []
    /// Entitlements of the subject (RFC 9068, section 2.2.3.1).
    public var entitlements: [String] = []
    /// How the subject was authenticated: `acr`; empty when unknown.
    public var authenticationContext = ""
    /// By which methods: `amr` (RFC 8176).
    public var authenticationMethods: [String] = []
    /// When the subject was authenticated (`auth_time`), in seconds since 1970; `nil` when unknown.
    public var authenticatedAt: Int64?
    /// When the credential ends, in seconds since 1970; `nil` for one without end.
    public var expiresAt: Int64?
    /// The session that the credential belongs to; empty for none.
    public var sessionID = ""
    /// The key that the credential is bound to: `jkt` or `x5t#S256` of `cnf`; empty for bearer credentials.
    public var confirmation = ""
    /// All claims of the credential, an object; `nil` where it has none.
    public var claims: JSONDocument?

    /// What kind of credential proved an identity.
    public enum Credential: String, Sendable {
        /// A token in `Authorization`.
        case bearer
        /// A session cookie of a browser.
        case session
        /// An API key or personal token.
        case apiKey = "api_key"
        /// A client certificate.
        case certificate
        /// User name and password of a machine.
        case basic
    }

    /// Makes an identity.
    public init(issuer: String, subject: String, credential: Credential) {
        self.issuer = issuer
        self.subject = subject
        self.credential = credential
    }
}
