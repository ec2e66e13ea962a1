import Crypto
import Foundation
import GatehouseCore
import GatehouseStore
import JOSE
import Passwords
import StrictJSON

extension AuthorizationServer {
    /// Tokens for an authorization code (RFC 6749 section 4.1.3).
    ///
    /// Refuses: codes of other clients, spent or expired ones, another `redirect_uri`, a `code_verifier` that is missing, wrong, or sent where no
    /// challenge was, and another key than the one the code is bound to. A second use ends the grant.
    func redeemCode(_ parameters: FormParameters, _ client: Client, _ proof: DPoPProof?) async throws -> JSONObject {
        let now = now
        guard let hash = SecretFormats.code.hash(of: try parameters.required("code")),
            let code = try await store.read({ try AuthorizationCode.find(hash, in: $0) }), code.grant.clientID == client.id
        else { throw OAuthError(.invalidGrant, "the code is not known") }
        guard code.spent == nil else { throw try await replayed(code.grant) }
        try check(code, parameters, proof, at: now)
        var plan = try await plan(code.grant, code.grant.scopes, parameters, client, proof, at: now)
        if client.metadata.grantTypes.contains("refresh_token"),
            code.grant.scopes.contains("offline_access") || !code.grant.scopes.contains("openid")
        {
            plan.addRefreshToken(configuration)
        }
        if code.grant.scopes.contains("openid") {
            try plan.addIDToken(nonce: code.nonce, claims: await requestedClaims(code.grant), configuration, keys)
        }
        let made = plan
        let isWinner = try await store.write { transaction in
            guard try GrantStore.grant(made.grant.id, in: transaction)?.isActive(at: now) == true,
                try AuthorizationCode.spend(hash, at: now, in: transaction)
            else { return false }
            try made.insert(in: transaction)
            return true
        }
        guard isWinner else { throw try await replayed(code.grant) }
        return made.body
    }

    /// Someone came second with a code: the grant ends with all its tokens (RFC 6749 section 4.1.2).
    private func replayed(_ grant: Grant) async throws -> OAuthError {
        if try await endGrant(grant.id, reason: "code_replayed") {
            emit("code_replayed", .high, "an authorization code was used twice", [("client", grant.clientID), ("grant", grant.id)])
        }
        return OAuthError(.invalidGrant, "the code was used before")
    }

    private func check(_ code: AuthorizationCode, _ parameters: FormParameters, _ proof: DPoPProof?, at now: Int64) throws {
        guard now < code.expires, code.grant.isActive(at: now) else { throw OAuthError(.invalidGrant, "the code has expired") }
        guard parameters["redirect_uri"] == code.redirectURI else {
            throw OAuthError(.invalidGrant, "`redirect_uri` is another than before")
        }
        let verifier = parameters["code_verifier"]
        guard (verifier == nil) == (code.challenge == nil) else {
            throw OAuthError(.invalidGrant, "`code_verifier` is missing, or has no challenge")
        }
        if let verifier, let challenge = code.challenge {
            let made = Base64URL.string([UInt8](SHA256.hash(data: Array(verifier.utf8))))
            guard (43...128).contains(verifier.utf8.count), isEqualInConstantTime(Array(made.utf8), Array(challenge.utf8)) else {
                throw OAuthError(.invalidGrant, "`code_verifier` is wrong")
            }
        }
        if let bound = code.grant.confirmation, proof?.thumbprint != bound {
            throw proof == nil
                ? OAuthError(.invalidDPoPProof, "the code is bound to a key")
                : OAuthError(.invalidGrant, "the code is bound to another key")
        }
    }

    /// The access token for a grant.
    func plan(
        _ grant: Grant, _ scopes: [String], _ parameters: FormParameters, _ client: Client, _ proof: DPoPProof?, at now: Int64
    ) async throws -> TokenPlan {
        let target = try audience(parameters, grant.resources, scopes)
        return try TokenPlan(
            client: client, grant: grant, scopes: target.scopes, audience: target.audience, confirmation: proof?.thumbprint, at: now,
            configuration: configuration, keys: keys)
    }
}
