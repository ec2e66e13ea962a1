import GatehouseStore
import JOSE
import StrictJSON

extension AuthorizationServer {
    /// The end session endpoint: what has to happen next.
    ///
    /// Refuses: an ID token that is not ours (an expired one is), one of another client than `client_id` says, and a redirect address that is not
    /// registered, or given without saying for which client.
    public func logOut(_ parameters: FormParameters, session: LoginSession?) async throws -> LogoutStep {
        do {
            let request = try await logoutRequest(parameters)
            guard let session else { return .proceed(request) }
            return request.means(session) ? .proceed(request) : .confirm(request)
        } catch let error as OAuthError {
            return .page(error)
        }
    }

    /// Ends a session's grants. Whoever serves pages ends the session itself, sends the browser where the answer says, or shows a page where there
    /// is none, and posts the notices.
    public func signOut(_ request: LogoutRequest, session: LoginSession?) async throws -> (
        response: IdentityResponse?, notices: [BackChannelNotice]
    ) {
        var notices: [BackChannelNotice] = []
        if let session {
            notices = try await self.notices(for: session)
            try await endSession(session.id)
        }
        guard let address = request.redirectURI else { return (nil, notices) }
        let query = request.state.map { (address.contains("?") ? "&" : "?") + "state=" + FormParameters.encode($0) } ?? ""
        let fields = [
            IdentityResponse.Field("Location", address + query), .init("Cache-Control", "no-store"),
            .init("Referrer-Policy", "no-referrer"),
        ]
        return (IdentityResponse(status: 303, fields: fields), notices)
    }

    /// What to tell the clients that have grants of a session.
    public func notices(for session: LoginSession) async throws -> [BackChannelNotice] {
        let clients = try await store.read { transaction in
            try transaction.rows("SELECT DISTINCT client_id FROM identity_grants WHERE session_id = \(session.id)")
                .compactMap { try ClientStore.client($0.text("client_id"), in: transaction) }
        }
        return try clients.compactMap { client in
            guard let address = client.metadata.backChannelLogoutURI else { return nil }
            return BackChannelNotice(clientID: client.id, address: address, logoutToken: try logoutToken(for: client, session))
        }
    }

    /// OpenID Connect Back-Channel Logout section 2.4.
    private func logoutToken(for client: Client, _ session: LoginSession) throws -> String {
        let now = now
        let claims: JSONObject = [
            "iss": .string(configuration.issuer), "sub": .string(session.userID), "aud": .string(client.id), "iat": JSONValue(now),
            "exp": JSONValue(now + 120), "jti": .string(newIdentifier()), "sid": .string(session.id),
            "events": ["http://schemas.openid.net/event/backchannel-logout": .object([:])],
        ]
        return try JWTSigner(keys.signer(client.metadata.idTokenAlgorithm, at: now), type: "logout+jwt").sign(claims)
    }

    private func logoutRequest(_ parameters: FormParameters) async throws -> LogoutRequest {
        let hint = try parameters["id_token_hint"].map { token throws(OAuthError) in
            guard let claims = hintedClaims(token) else { throw OAuthError(.invalidRequest, "`id_token_hint` is no ID token of ours") }
            return claims
        }
        let stated = parameters["client_id"]
        let hinted = hint?.audiences.first
        guard stated == nil || hinted == nil || stated == hinted else {
            throw OAuthError(.invalidRequest, "the ID token is another client's")
        }
        var client: Client?
        if let id = stated ?? hinted { client = try await store.read { try ClientStore.client(id, in: $0) } }
        let address = parameters["post_logout_redirect_uri"]
        if let address {
            guard let client, client.metadata.postLogoutRedirectURIs.contains(where: { $0.utf8.elementsEqual(address.utf8) }) else {
                throw OAuthError(.invalidRequest, "`post_logout_redirect_uri` is not registered")
            }
        }
        return LogoutRequest(
            client: client, redirectURI: address, state: parameters["state"], subject: hint?.subject, sessionID: hint?["sid"]?.string)
    }
}
