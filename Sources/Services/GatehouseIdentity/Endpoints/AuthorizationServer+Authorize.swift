import GatehouseCore
import GatehouseStore
import JOSE
import Passwords
import StrictJSON

extension AuthorizationServer {
    /// The authorization endpoint (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2): what has to happen next.
    ///
    /// - Parameters:
    ///   - parameters: Of the query, or of the body of a POST.
    ///   - session: Who is signed in in this browser.
    ///   - begun: When this request was first seen, in seconds since 1970; nil for the first time. Whoever serves pages carries it from step to
    ///     step, protected.
    public func authorize(_ parameters: FormParameters, session: LoginSession?, begun: Int64? = nil) async throws -> AuthorizationStep {
        let stated: AuthorizationParameters
        do {
            stated = try await self.stated(parameters)
        } catch let error as OAuthError {
            return .page(error)
        }
        do {
            let request = try stated.validated(configuration) { self.hintedUser($0) }
            return try await next(request, session, begun: begun ?? now)
        } catch let error as OAuthError {
            return .respond(failure(error, stated))
        }
    }

    /// Gives the client what the user allowed.
    ///
    /// - Parameter scopes: What the user left of the scopes asked for; nil for all.
    /// - Returns: The answer for the browser: a code, or an error where a pushed request was used already.
    public func approve(_ request: AuthorizationRequest, by session: LoginSession, scopes: [String]? = nil) async throws -> IdentityResponse
    {
        let now = now
        let allowed = scopes.map { chosen in request.scopes.filter(chosen.contains) } ?? request.scopes
        let grant = Grant(
            id: newIdentifier(), clientID: request.client.id, userID: session.userID, sessionID: session.id, scopes: allowed,
            resources: request.resources, confirmation: request.confirmation, authentication: session.authentication,
            claims: request.claims,
            created: now, expires: now + configuration.grantLifetime)
        var random = SystemRandomNumberGenerator()
        let secret = SecretFormats.code.generate(using: &random)
        let code = AuthorizationCode(
            grant: grant, redirectURI: request.redirectURI, challenge: request.challenge, nonce: request.nonce,
            expires: now + configuration.codeLifetime, spent: nil)
        let isFirst = try await store.write { transaction in
            guard try PushedRequest.spend(request.pushed, at: now, in: transaction) else { return false }
            try GrantStore.insert(grant, in: transaction)
            try code.insert(secret.hash, in: transaction)
            if !request.client.metadata.skipsConsent {
                try Consent.remember(allowed, of: session.userID, request.client.id, at: now, in: transaction)
            }
            return true
        }
        guard isFirst else { return failure(OAuthError(.invalidRequest, "the pushed request was used before"), request) }
        emit(
            "grant_given", .informational, "a client was allowed access",
            [("client", grant.clientID), ("user", session.userID), ("grant", grant.id)])
        return respond([("code", secret.text)], request)
    }

    /// Tells the client that the user refused.
    public func deny(_ request: AuthorizationRequest) async throws -> IdentityResponse {
        let now = now
        _ = try await store.write { try PushedRequest.spend(request.pushed, at: now, in: $0) }
        return failure(OAuthError(.accessDenied, "the user refused"), request)
    }

    // MARK: Steps

    /// The parameters with a client and a redirect address that can be trusted, pushed ones taken from the store.
    private func stated(_ parameters: FormParameters) async throws -> AuthorizationParameters {
        let id = try parameters.required("client_id")
        guard let client = try await store.read({ try ClientStore.client(id, in: $0) }), !client.isDisabled else {
            throw OAuthError(.invalidClient, "the client is not known")
        }
        guard let address = parameters["request_uri"], address.hasPrefix(PushedRequest.prefix) else {
            guard !client.metadata.requiresPushedRequests else { throw OAuthError(.invalidRequest, "this client must push its requests") }
            return try AuthorizationParameters(parameters, client: client, pushed: nil)
        }
        let now = now
        guard let hash = SecretFormats.pushedRequest.hash(of: String(address.dropFirst(PushedRequest.prefix.count))),
            let pushed = try await store.read({ try PushedRequest.parameters(hash, client: id, at: now, in: $0) })
        else { throw OAuthError(.invalidRequestURI, "the pushed request is not known, used or expired") }
        return try AuthorizationParameters(pushed, client: client, pushed: hash)
    }

    private func next(_ request: AuthorizationRequest, _ session: LoginSession?, begun: Int64) async throws -> AuthorizationStep {
        let isSilent = request.prompts.contains("none")
        if let reason = request.signInReason(session, begun: begun, contexts: configuration.authenticationContexts, at: now) {
            guard !isSilent else { throw OAuthError(.loginRequired, "the user has to sign in") }
            return .signIn(request, reason: reason)
        }
        guard let session else { return .signIn(request, reason: .noSession) }
        let given = try await store.read { try Consent.given(by: session.userID, to: request.client.id, in: $0) }
        if request.needsConsent(given: given) {
            guard !isSilent else { throw OAuthError(.consentRequired, "the user has to be asked") }
            return .consent(request)
        }
        return .respond(try await approve(request, by: session))
    }

    /// The user that an ID token of ours names, expired or not (OpenID Connect Core section 3.1.2.2).
    private func hintedUser(_ token: String) -> String? { hintedClaims(token)?.subject }

    /// The claims of an ID token of ours, expired or not.
    func hintedClaims(_ token: String) -> JWTClaims? {
        guard let verifier = try? JWSVerifier(keys.published(at: now), allowing: .asymmetric), let verified = try? verifier.verify(token),
            verified.header.type == "JWT", let claims = try? JWTClaims(parsing: verified.payload), claims.issuer == configuration.issuer
        else { return nil }
        return claims
    }

    // MARK: Answers

    private func respond(_ parameters: [(String, String)], _ request: AuthorizationRequest) -> IdentityResponse {
        AuthorizationResponse.make(
            parameters, to: request.redirectURI, mode: request.responseMode, state: request.state, issuer: configuration.issuer)
    }

    private func failure(_ error: OAuthError, _ request: AuthorizationRequest) -> IdentityResponse {
        respond([("error", error.code.rawValue), ("error_description", error.reason)], request)
    }

    private func failure(_ error: OAuthError, _ stated: AuthorizationParameters) -> IdentityResponse {
        AuthorizationResponse.make(
            [("error", error.code.rawValue), ("error_description", error.reason)], to: stated.redirectURI, mode: stated.responseMode,
            state: stated.parameters["state"], issuer: configuration.issuer)
    }
}

/// What users have allowed clients before.
enum Consent {
    static func given(by user: String, to client: String, in transaction: Transaction) throws -> Set<String> {
        let row = try transaction.row("SELECT scope FROM identity_consents WHERE user_id = \(user) AND client_id = \(client)")
        return Set(try row?.text("scope").words ?? [])
    }

    static func remember(_ scopes: [String], of user: String, _ client: String, at now: Int64, in transaction: Transaction) throws {
        let all = try given(by: user, to: client, in: transaction).union(scopes).sorted().joined(separator: " ")
        try transaction.run(
            """
            INSERT INTO identity_consents (user_id, client_id, scope, given) VALUES (\(user), \(client), \(all), \(now))
            ON CONFLICT (user_id, client_id) DO UPDATE SET scope = \(all), given = \(now)
            """)
    }
}
