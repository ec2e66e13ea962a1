extension AuthorizationServer {
    /// The client that an access token was made for, where the client acts for itself and the token has a scope; nil otherwise, and for tokens
    /// that are bound to a key.
    public func serviceAccount(of token: String, scope: String) async throws -> String? {
        guard let found = try await PresentedToken.find(token, store: store, keys: keys, configuration: configuration, at: now),
            found.grant.userID == nil, found.confirmation == nil, found.scopes.contains(scope)
        else { return nil }
        return found.grant.clientID
    }
}
