import GatehouseStore
import Passwords
import StrictJSON

extension AuthorizationServer {
    /// The introspection endpoint (RFC 7662).
    ///
    /// A token is told about only to its own client and to clients registered for the resource that it is for; everyone else learns that it is
    /// not active.
    public func introspect(_ request: IdentityRequest) async -> IdentityResponse {
        await answer(request) {
            guard request.method == "POST" else { throw OAuthError(.invalidRequest, "the method must be POST") }
            let client = try await authenticator.authenticate(request, at: now)
            guard client.metadata.authentication != .none else { throw OAuthError(.invalidClient, "a public client may not ask") }
            let text = try request.parameters.required("token")
            return .json(try await description(of: text, for: client).map { .object($0) } ?? ["active": false])
        }
    }

    private func description(of text: String, for client: Client) async throws -> JSONObject? {
        let now = now
        if let hash = SecretFormats.refreshToken.hash(of: text) {
            guard let token = try await store.read({ try RefreshToken.find(hash, in: $0) }), token.grant.clientID == client.id,
                token.spent == nil,
                now < token.expires, token.grant.isActive(at: now)
            else { return nil }
            return common(token.grant, token.grant.scopes, issued: nil, expires: token.expires)
        }
        guard let token = try await PresentedToken.find(text, store: store, keys: keys, configuration: configuration, at: now),
            token.grant.clientID == client.id || client.metadata.introspects.contains(token.audience)
        else { return nil }
        var members = common(token.grant, token.scopes, issued: token.issued, expires: token.expires)
        members.append("token_type", .string(token.confirmation == nil ? "Bearer" : "DPoP"))
        members.append("aud", .string(token.audience))
        if let confirmation = token.confirmation { members.append("cnf", ["jkt": .string(confirmation)]) }
        return members
    }

    private func common(_ grant: Grant, _ scopes: [String], issued: Int64?, expires: Int64) -> JSONObject {
        var members: JSONObject = [
            "active": true, "iss": .string(configuration.issuer), "client_id": .string(grant.clientID),
            "sub": .string(grant.userID ?? grant.clientID), "scope": .string(scopes.joined(separator: " ")), "exp": JSONValue(expires),
        ]
        if let issued { members.append("iat", JSONValue(issued)) }
        if let authentication = grant.authentication {
            members.append("auth_time", JSONValue(authentication.time))
            members.append("acr", .string(authentication.context))
        }
        return members
    }
}
