import GatehouseStore
import JOSE
import Passwords
import StrictJSON

/// An access token that someone presents, looked up whatever its form is.
struct PresentedToken: Sendable {
    let grant: Grant
    let scopes: [String]
    let audience: String
    let confirmation: String?
    let issued: Int64
    let expires: Int64
    /// Hash of an opaque token.
    let hash: [UInt8]?

    /// The token, if it is one of ours and good now.
    static func find(
        _ text: String, store: Store, keys: SigningKeys, configuration: IdentityConfiguration, at now: Int64
    ) async throws -> PresentedToken? {
        if let hash = SecretFormats.accessToken.hash(of: text) {
            guard let token = try await store.read({ try AccessToken.find(hash, in: $0) }), token.isActive(at: now) else { return nil }
            return PresentedToken(
                grant: token.grant, scopes: token.scope.words, audience: token.audience, confirmation: token.confirmation,
                issued: token.issued,
                expires: token.expires, hash: hash)
        }
        return try await signed(text, store: store, keys: keys, configuration: configuration, at: now)
    }

    private static func signed(
        _ text: String, store: Store, keys: SigningKeys, configuration: IdentityConfiguration, at now: Int64
    ) async throws -> PresentedToken? {
        var policy = JWTPolicy(
            issuer: configuration.issuer, audiences: Set(configuration.resources.map(\.identifier)), types: ["at+jwt"])
        policy.skew = .zero
        policy.requiredClaims = ["gatehouse_grant", "scope", "iat"]
        guard let verifier = try? JWTVerifier(keys.published(at: now), allowing: .asymmetric, policy: policy),
            let claims = try? verifier.verify(text, at: NumericDate(seconds: Double(now))).claims,
            let id = claims["gatehouse_grant"]?.string, let grant = try await store.read({ try GrantStore.grant(id, in: $0) }),
            grant.isActive(at: now)
        else { return nil }
        return PresentedToken(
            grant: grant, scopes: (claims["scope"]?.string ?? "").words, audience: claims.audiences.first ?? "",
            confirmation: claims["cnf"]?["jkt"]?.string, issued: Int64(claims.issuedAt?.seconds ?? 0),
            expires: Int64(claims.expiration?.seconds ?? 0), hash: nil)
    }
}
