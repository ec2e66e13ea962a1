internal import Crypto
internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseOutgoing
internal import JOSE
internal import StrictJSON

/// The gateway as the relying party of one OpenID provider (OpenID Connect Core, section 3.1; RFC 7636; RFC 9207; Back-Channel Logout).
struct RelyingParty: Sendable {
    let settings: BrowserSessionSettings
    let keys: IssuerKeys
    private let client: OutgoingClient
    private let claims: ClaimReader

    init(_ settings: BrowserSessionSettings, ground: AuthenticationGround) {
        self.settings = settings
        keys = ground.keys(of: KeySource(issuer: settings.provider, keysAddress: nil, authorities: settings.authorities))
        client = ground.client
        var reading = TokenIssuerSettings()
        reading.groupsClaim = settings.groupsClaim
        reading.rolesClaim = settings.rolesClaim
        claims = ClaimReader(reading)
    }

    /// Why a sign-in or a refresh came to nothing.
    struct Failure: Error {
        /// Why, for the log.
        var reason: String
        /// True where the provider said no, false where nobody could tell.
        var isRefused = true
    }

    /// What the provider gave.
    struct Tokens {
        var idToken: String?
        var refreshToken: String?
        var scopes: [String]?
        var expiresIn: Int64?
    }

    // MARK: To the provider

    /// Where the browser goes to sign in; nil while the provider was never reached.
    func authorizationAddress(_ flow: SessionCookies.Flow, callback: String, stepUp: StepUpSettings?) -> String? {
        guard let endpoint = keys.document?.authorization else { return nil }
        let challenge = Base64URL.string([UInt8](SHA256.hash(data: Array(flow.verifier.utf8))))
        var parameters = [
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", callback),
            ("scope", settings.scopes.map(\.description).joined(separator: " ")), ("state", flow.state), ("nonce", flow.nonce),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ]
        if let stepUp {
            if !stepUp.contexts.isEmpty { parameters.append(("acr_values", stepUp.contexts.joined(separator: " "))) }
            if let age = stepUp.maximumAge { parameters.append(("max_age", String(age.components.seconds))) }
        }
        return Self.address(endpoint, parameters)
    }

    /// Where the browser goes after its session has ended here; nil where the provider has no such place.
    func endSessionAddress(idToken: String, after: String) -> String? {
        keys.document?.endSession.map { endpoint in
            Self.address(
                endpoint, [("id_token_hint", idToken), ("client_id", settings.clientID), ("post_logout_redirect_uri", after)])
        }
    }

    // MARK: From the provider

    /// Spends a code.
    func exchange(code: String, verifier: String, callback: String) async throws -> Tokens {
        try await tokens([
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", callback), ("code_verifier", verifier),
        ])
    }

    /// Spends a refresh token.
    func refresh(_ token: String) async throws -> Tokens { try await tokens([("grant_type", "refresh_token"), ("refresh_token", token)]) }

    /// The claims of an ID token (OpenID Connect Core, section 3.1.3.7).
    ///
    /// Refuses: another issuer, audience or authorized party, another nonce than the one that was sent, a subject that is missing.
    func verify(idToken: String, nonce: String?, at now: Int64) throws -> VerifiedJWT {
        var policy = JWTPolicy(issuer: settings.provider.description, audiences: [settings.clientID], types: nil)
        policy.requiredClaims = ["sub", "iat"]
        let verified = try verifier(policy).verify(idToken, at: NumericDate(seconds: Double(now)))
        let claims = verified.claims
        if let nonce, claims["nonce"]?.string != nonce { throw Failure(reason: "the ID token has another nonce") }
        let party = claims["azp"]?.string
        guard party == nil || party == settings.clientID, claims.audiences.count == 1 || party != nil else {
            throw Failure(reason: "the ID token is another party's")
        }
        return verified
    }

    /// Whom a logout token names (Back-Channel Logout, section 2.6).
    func verify(logoutToken: String, at now: Int64) throws -> (session: String?, subject: String?, id: String) {
        var policy = JWTPolicy(issuer: settings.provider.description, audiences: [settings.clientID], types: nil)
        policy.maximumAge = .seconds(600)
        policy.requiresExpiration = false
        policy.requiredClaims = ["iat", "jti"]
        let verified = try verifier(policy).verify(logoutToken, at: NumericDate(seconds: Double(now)))
        let claims = verified.claims
        if let type = verified.header.type?.lowercased(), !["logout+jwt", "application/logout+jwt", "jwt"].contains(type) {
            throw Failure(reason: "a token of type `\(type)` is no logout token")
        }
        guard claims["events"]?["http://schemas.openid.net/event/backchannel-logout"]?.kind == .object, claims["nonce"] == nil else {
            throw Failure(reason: "not the claims of a logout token")
        }
        let session = claims["sid"]?.string
        guard session != nil || claims.subject != nil, let id = claims.tokenID else {
            throw Failure(reason: "the logout token names nobody")
        }
        return (session, claims.subject, id)
    }

    /// The caller of a session.
    func credential(_ record: SessionRecord) throws -> VerifiedCredential {
        var identity = try claims.identity(JWTClaims(parsing: record.claims), credential: .session)
        identity.scopes = record.scopes
        identity.client = record.client
        identity.expiresAt = record.expires
        return VerifiedCredential(identity, expires: record.expires, marks: CredentialMarks(issuedAt: record.created))
    }

    private func verifier(_ policy: JWTPolicy) throws -> JWTVerifier {
        guard let set = keys.current?.set else { throw Failure(reason: "there are no keys of the provider yet", isRefused: false) }
        return try JWTVerifier(
            set, allowing: Set(settings.algorithms.compactMap { SignatureAlgorithm(rawValue: $0.rawValue) }), policy: policy)
    }

    private func tokens(_ parameters: [(String, String)]) async throws -> Tokens {
        guard let endpoint = keys.document?.token else { throw Failure(reason: "the provider was never reached", isRefused: false) }
        var request = OutgoingRequest.form(endpoint, parameters + (settings.clientSecret == nil ? [("client_id", settings.clientID)] : []))
        if let secret = settings.clientSecret {
            let pair = OutgoingRequest.formEncoded(settings.clientID) + ":" + OutgoingRequest.formEncoded(secret.value.reveal())
            request.fields.append(("authorization", "Basic " + Data(pair.utf8).base64EncodedString()))
        }
        let answer: OutgoingAnswer
        do { answer = try await client.send(request, authorities: settings.authorities) } catch {
            throw Failure(reason: "the token endpoint cannot be reached: \(error)", isRefused: false)
        }
        let root = try? JSONDocument(answer.body).root
        guard answer.status == 200, let root, root.kind == .object else {
            let code = root?["error"]?.string ?? "no error code"
            throw Failure(reason: "the token endpoint answers \(answer.status), `\(code)`", isRefused: (400...499).contains(answer.status))
        }
        return Tokens(
            idToken: root["id_token"]?.string, refreshToken: root["refresh_token"]?.string,
            scopes: root["scope"]?.string.map { $0.split(separator: " ").map(String.init) }, expiresIn: root["expires_in"]?.int64)
    }

    private static func address(_ endpoint: HTTPAddress, _ parameters: [(String, String)]) -> String {
        let query = parameters.map { "\($0.0)=\(OutgoingRequest.formEncoded($0.1))" }.joined(separator: "&")
        return endpoint.description + (endpoint.target.contains("?") ? "&" : "?") + query
    }
}
