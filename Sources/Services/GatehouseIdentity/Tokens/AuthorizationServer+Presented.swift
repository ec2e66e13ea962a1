import GatehouseStore
import JOSE
import StrictJSON

extension AuthorizationServer {
    /// What is behind an access token that is good now; nil for any other text.
    ///
    /// For resource servers in the same process: what ``introspect(_:)`` tells, without a client, and with what may be said of groups and roles. It
    /// looks into the store each time, so that a grant that has ended anywhere is refused at once, and so is a user who was disabled.
    /// - Throws: ``StoreError``.
    public func presented(_ text: String) async throws -> AccessInformation? {
        let now = now
        guard let token = try await PresentedToken.find(text, store: store, keys: keys, configuration: configuration, at: now) else {
            return nil
        }
        var claims: JSONObject = [:]
        if let user = token.grant.userID {
            guard let known = try await users.claims(of: user, scopes: ["groups"]) else { return nil }
            claims = known
        }
        return AccessInformation(
            grant: token.grant, scopes: token.scopes, audience: token.audience, confirmation: token.confirmation, issued: token.issued,
            expires: token.expires, groups: (claims["groups"]?.array ?? []).compactMap(\.string),
            roles: (claims["roles"]?.array ?? []).compactMap(\.string))
    }
}

/// What is behind an access token.
public struct AccessInformation: Sendable {
    /// Its grant.
    public let grant: Grant
    /// Its scopes.
    public let scopes: [String]
    /// The resource that it is for.
    public let audience: String
    /// Thumbprint of the key that it is bound to (RFC 9449).
    public let confirmation: String?
    /// When it was issued, in seconds since 1970.
    public let issued: Int64
    /// When it ends.
    public let expires: Int64
    /// Groups of its user.
    public let groups: [String]
    /// Roles of its user.
    public let roles: [String]
}
