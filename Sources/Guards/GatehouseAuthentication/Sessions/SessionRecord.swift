/// A browser's session at the gateway, as it is kept on the server. The cookie holds a secret; here is its hash.
public struct SessionRecord: Sendable, Equatable {
    /// SHA-256 of the cookie's value.
    public var hash: [UInt8]
    /// The provider.
    public var issuer: String
    /// The client that the gateway is there.
    public var client: String
    /// `sub`.
    public var subject: String
    /// `sid` of the provider's session; empty for none.
    public var providerSession: String
    /// The claims of the last ID token, as JSON.
    public var claims: [UInt8]
    /// The last ID token, for signing out.
    public var idToken: String
    /// The refresh token; empty for none.
    public var refreshToken: String
    /// Granted scopes.
    public var scopes: [String]
    /// When the provider must be asked again, in seconds since 1970; 0 for never.
    public var refreshAt: Int64
    /// When the session began.
    public var created: Int64
    /// When it was last used, to the minute.
    public var seen: Int64
    /// When it ends, used or not.
    public var expires: Int64

    /// A record of these parts.
    public init(
        hash: [UInt8], issuer: String, client: String, subject: String, providerSession: String, claims: [UInt8], idToken: String,
        refreshToken: String, scopes: [String], refreshAt: Int64, created: Int64, seen: Int64, expires: Int64
    ) {
        (self.hash, self.issuer, self.client, self.subject, self.providerSession) = (hash, issuer, client, subject, providerSession)
        (self.claims, self.idToken, self.refreshToken, self.scopes, self.refreshAt) = (claims, idToken, refreshToken, scopes, refreshAt)
        (self.created, self.seen, self.expires) = (created, seen, expires)
    }
}

/// Keeps sessions. Each request asks it, so that what is ended anywhere is over everywhere.
public protocol SessionVault: Sendable {
    /// The session of a cookie.
    func find(_ hash: [UInt8]) async throws -> SessionRecord?
    /// Keeps a new session, or what has changed of one that is still there.
    func save(_ record: SessionRecord, isNew: Bool) async throws
    /// Ends a session.
    func remove(_ hash: [UInt8]) async throws
    /// Ends the sessions of a provider's session, or of all of a subject where `session` is nil.
    func remove(issuer: String, session: String?, subject: String?) async throws -> Int
    /// Forgets what is over.
    func purge(at now: Int64) async throws
}
