import GatehouseStore
import Passwords

extension AuthorizationServer {
    /// The revocation endpoint (RFC 7009).
    ///
    /// Whatever token of a user's grant is revoked, the grant ends and every other token with it. A client's own token ends alone. The hint is
    /// not needed and a wrong one does no harm. Unknown tokens and those of other clients are answered alike: with 200 and nothing.
    public func revoke(_ request: IdentityRequest) async -> IdentityResponse {
        await answer(request) {
            guard request.method == "POST" else { throw OAuthError(.invalidRequest, "the method must be POST") }
            let client = try await authenticator.authenticate(request, at: now)
            let text = try request.parameters.required("token")
            if let grant = try await grant(of: text), grant.clientID == client.id { try await revoke(text, grant) }
            return IdentityResponse(status: 200, fields: [.init("Cache-Control", "no-store")])
        }
    }

    private func grant(of text: String) async throws -> Grant? {
        if let hash = SecretFormats.refreshToken.hash(of: text) {
            return try await store.read { try RefreshToken.find(hash, in: $0)?.grant }
        }
        return try await PresentedToken.find(text, store: store, keys: keys, configuration: configuration, at: now)?.grant
    }

    private func revoke(_ text: String, _ grant: Grant) async throws {
        if grant.userID != nil {
            _ = try await endGrant(grant.id, reason: "revoked")
        } else if let hash = SecretFormats.accessToken.hash(of: text) {
            try await store.run("DELETE FROM identity_access_tokens WHERE hash = \(hash)")
        } else {
            throw OAuthError(.invalidRequest, "a signed token of a client cannot be revoked alone")
        }
    }
}
