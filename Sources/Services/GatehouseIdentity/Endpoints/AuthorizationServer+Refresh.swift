import GatehouseCore
import GatehouseStore
import JOSE
import Passwords
import StrictJSON

extension AuthorizationServer {
    /// Tokens for a refresh token (RFC 6749 section 6), which is spent for a new one (RFC 9700 section 4.14).
    ///
    /// A token spent a moment ago whose successor has not been used is answered with the same pair again: an answer may have been lost on its
    /// way. Any other second use ends the grant.
    func refresh(_ parameters: FormParameters, _ client: Client, _ proof: DPoPProof?) async throws -> JSONObject {
        let now = now
        let text = try parameters.required("refresh_token")
        guard let hash = SecretFormats.refreshToken.hash(of: text),
            let token = try await store.read({ try RefreshToken.find(hash, in: $0) }), token.grant.clientID == client.id
        else { throw OAuthError(.invalidGrant, "the refresh token is not known") }
        if let bound = token.confirmation, proof?.thumbprint != bound {
            throw proof == nil
                ? OAuthError(.invalidDPoPProof, "the token is bound to a key")
                : OAuthError(.invalidGrant, "the token is bound to another key")
        }
        if token.spent == nil, now < token.expires, token.grant.isActive(at: now) {
            if let body = try await spend(text, hash, token, parameters, client, proof, at: now) { return body }
        }
        return try await respent(text, hash, at: now)
    }

    /// Spends a fresh token; nil where another request was first.
    private func spend(
        _ text: String, _ hash: [UInt8], _ token: RefreshToken, _ parameters: FormParameters, _ client: Client, _ proof: DPoPProof?,
        at now: Int64
    ) async throws -> JSONObject? {
        let asked = parameters.words("scope")
        guard Set(asked).isSubset(of: token.grant.scopes) else { throw OAuthError(.invalidScope, "`scope` goes beyond the grant") }
        var plan = try await plan(token.grant, asked.isEmpty ? token.grant.scopes : asked, parameters, client, proof, at: now)
        plan.addRefreshToken(configuration)
        if plan.scopes.contains("openid") {
            try plan.addIDToken(nonce: nil, claims: await requestedClaims(token.grant), configuration, keys)
        }
        let made = plan
        guard let successor = made.refreshTokenHash else { throw OAuthError(.serverError, "no refresh token was made") }
        let answer = try RetainedAnswer.seal(JSONValue.object(made.body).bytes(), under: text)
        let isWinner = try await store.write { transaction in
            guard try GrantStore.grant(made.grant.id, in: transaction)?.isActive(at: now) == true,
                try RefreshToken.spend(hash, successor: successor, answer: answer, at: now, in: transaction)
            else { return false }
            try made.insert(in: transaction)
            return true
        }
        return isWinner ? made.body : nil
    }

    /// The answer to a token that has been spent: the pair it was spent for, or the end of the grant.
    private func respent(_ text: String, _ hash: [UInt8], at now: Int64) async throws -> JSONObject {
        let window = configuration.refreshRetryWindow
        let (token, standing) = try await store.read { transaction in
            guard let token = try RefreshToken.find(hash, in: transaction) else {
                throw OAuthError(.invalidGrant, "the refresh token is not known")
            }
            let isFresh = try RefreshToken.isFresh(token.successor, in: transaction)
            return (token, token.standing(at: now, window: window, isSuccessorFresh: isFresh))
        }
        if standing == .retriable, let spent = token.spent, let sealed = token.answer,
            let kept = RetainedAnswer.open(sealed, under: text), var body = (try? JSONValue(parsing: kept))?.object
        {
            if let seconds = body["expires_in"]?.int64 { body["expires_in"] = JSONValue(max(0, seconds - (now - spent))) }
            return body
        }
        if standing == .replayed, try await endGrant(token.grant.id, reason: "refresh_replayed") {
            emit(
                "refresh_replayed", .high, "a refresh token was used again",
                [("client", token.grant.clientID), ("grant", token.grant.id)])
        }
        throw OAuthError(.invalidGrant, "the refresh token is spent, expired or revoked")
    }
}
