import JOSE
import StrictJSON

/// Assertions of `private_key_jwt` (RFC 7523 section 3, OpenID Connect Core section 9, FAPI 2.0).
enum ClientAssertion {
    /// What an assertion says about its client; it only chooses the keys that then verify it.
    static func statedSubject(_ assertion: String) -> String? {
        let parts = assertion.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, assertion.utf8.count <= JWTVerifier.defaultLimit, let payload = Base64URL.decode(String(parts[1])),
            let claims = try? JWTClaims(parsing: payload)
        else { return nil }
        return claims.subject
    }

    /// Verifies an assertion.
    ///
    /// Refuses: an audience other than the issuer, as a plain string; a missing `jti`; a life over an hour.
    /// - Returns: What must not be used a second time, and until when.
    static func verify(
        _ assertion: String, of client: Client, issuer: String, skew: Int64, at now: Int64
    ) throws(OAuthError) -> (identifier: String, expires: Int64) {
        var policy = JWTPolicy(issuer: client.id, audiences: [issuer], types: nil)
        policy.subject = client.id
        policy.skew = .seconds(skew)
        policy.requiredClaims = ["jti"]
        guard let keys = client.metadata.keys, let set = try? JSONWebKeySet(parsing: keys.bytes()),
            let verifier = try? JWTVerifier(set, allowing: .asymmetric, policy: policy),
            let verified = try? verifier.verify(assertion, at: NumericDate(seconds: Double(now)))
        else { throw OAuthError(.invalidClient, "the client assertion does not verify") }
        guard verified.claims["aud"]?.string != nil, let identifier = verified.claims.tokenID, let expiration = verified.claims.expiration,
            expiration <= NumericDate(seconds: Double(now + 3600))
        else { throw OAuthError(.invalidClient, "the client assertion's `aud`, `jti` or `exp` is not as required") }
        return (identifier, Int64(expiration.seconds) + skew + 1)
    }
}
