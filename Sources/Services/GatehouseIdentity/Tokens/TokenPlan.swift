import Crypto
import Foundation
import GatehouseStore
import JOSE
import Passwords
import StrictJSON

/// The tokens of one answer: decided, made and then stored in the write that spends what they were asked with.
struct TokenPlan: Sendable {
    let client: Client
    let grant: Grant
    let scopes: [String]
    let audience: String
    let confirmation: String?
    let now: Int64
    /// The answer's body.
    private(set) var body: JSONObject
    private var accessTokenHash: [UInt8]?
    private(set) var refreshTokenHash: [UInt8]?
    private var expires: Int64
    private var refreshExpires: Int64 = 0
    private let bindsRefreshToken: Bool

    init(
        client: Client, grant: Grant, scopes: [String], audience: String, confirmation: String?, at now: Int64,
        configuration: IdentityConfiguration, keys: SigningKeys
    ) throws {
        self.client = client
        self.grant = grant
        self.scopes = scopes
        self.audience = audience
        self.confirmation = confirmation
        self.now = now
        bindsRefreshToken = client.metadata.authentication == .none
        expires = min(now + configuration.accessTokenLifetime, grant.expires)
        body = [:]
        let token: String
        if configuration.resource(audience)?.format == .jwt {
            token = try Self.signed(
                AccessTokenClaims(
                    grant: grant, scopes: scopes, audience: audience, confirmation: confirmation, issued: now, expires: expires),
                configuration, keys)
        } else {
            var random = SystemRandomNumberGenerator()
            let secret = SecretFormats.accessToken.generate(using: &random)
            accessTokenHash = secret.hash
            token = secret.text
        }
        body = [
            "access_token": .string(token), "token_type": .string(confirmation == nil ? "Bearer" : "DPoP"),
            "expires_in": JSONValue(expires - now), "scope": .string(scopes.joined(separator: " ")),
        ]
    }

    /// Adds a refresh token.
    mutating func addRefreshToken(_ configuration: IdentityConfiguration) {
        var random = SystemRandomNumberGenerator()
        let secret = SecretFormats.refreshToken.generate(using: &random)
        refreshTokenHash = secret.hash
        refreshExpires = min(now + configuration.refreshTokenLifetime, grant.expires)
        body.append("refresh_token", .string(secret.text))
    }

    /// Adds an ID token (OpenID Connect Core section 2).
    mutating func addIDToken(nonce: String?, claims extra: JSONObject, _ configuration: IdentityConfiguration, _ keys: SigningKeys) throws {
        guard let userID = grant.userID, let token = body["access_token"]?.string else { return }
        let algorithm = client.metadata.idTokenAlgorithm
        var claims: JSONObject = [
            "iss": .string(configuration.issuer), "sub": .string(userID), "aud": .string(client.id),
            "exp": JSONValue(now + configuration.idTokenLifetime), "iat": JSONValue(now),
            "at_hash": .string(Self.halfHash(token, algorithm)),
        ]
        if let authentication = grant.authentication {
            claims.append("auth_time", JSONValue(authentication.time))
            claims.append("acr", .string(authentication.context))
            claims.append("amr", .array(authentication.methods.map { .string($0) }))
        }
        if let nonce { claims.append("nonce", .string(nonce)) }
        if let session = grant.sessionID { claims.append("sid", .string(session)) }
        for member in extra where !claims.contains(key: member.key) { claims.append(member.key, member.value) }
        body.append("id_token", .string(try JWTSigner(keys.signer(algorithm, at: now), type: "JWT").sign(claims)))
    }

    /// Stores what the tokens need, in the transaction that spends what they were asked with.
    func insert(in transaction: Transaction) throws {
        if let accessTokenHash {
            try AccessToken(
                grant: grant, scope: scopes.joined(separator: " "), audience: audience, confirmation: confirmation, issued: now,
                expires: expires
            ).insert(accessTokenHash, in: transaction)
        }
        if let refreshTokenHash {
            try RefreshToken.insert(
                refreshTokenHash, grant: grant.id, confirmation: bindsRefreshToken ? confirmation : nil, expires: refreshExpires,
                in: transaction)
        }
    }

    private static func signed(_ claims: AccessTokenClaims, _ configuration: IdentityConfiguration, _ keys: SigningKeys) throws -> String {
        let algorithm = configuration.signingAlgorithms.first ?? .rs256
        return try JWTSigner(keys.signer(algorithm, at: claims.issued), type: "at+jwt").sign(claims.json(configuration))
    }

    /// `at_hash`: the left half of the hash that the ID token's algorithm uses (OpenID Connect Core section 3.1.3.6).
    private static func halfHash(_ token: String, _ algorithm: SignatureAlgorithm) -> String {
        let text = Array(token.utf8)
        let digest =
            switch algorithm {
            case .es384, .rs384, .ps384, .hs384: [UInt8](SHA384.hash(data: text))
            case .es512, .rs512, .ps512, .hs512, .edDSA, .ed25519: [UInt8](SHA512.hash(data: text))
            default: [UInt8](SHA256.hash(data: text))
            }
        return Base64URL.string(Array(digest.prefix(digest.count / 2)))
    }
}

/// The claims of a signed access token (RFC 9068 section 2.2).
struct AccessTokenClaims: Sendable {
    let grant: Grant
    let scopes: [String]
    let audience: String
    let confirmation: String?
    let issued: Int64
    let expires: Int64

    /// `gatehouse_grant` lets the house refuse the token as soon as the grant has ended.
    func json(_ configuration: IdentityConfiguration) -> JSONObject {
        var random = SystemRandomNumberGenerator()
        let identifier = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        var claims: JSONObject = [
            "iss": .string(configuration.issuer), "sub": .string(grant.userID ?? grant.clientID), "aud": .string(audience),
            "exp": JSONValue(expires), "iat": JSONValue(issued), "jti": .string(Base64URL.string(identifier)),
            "client_id": .string(grant.clientID), "scope": .string(scopes.joined(separator: " ")), "gatehouse_grant": .string(grant.id),
        ]
        if let authentication = grant.authentication {
            claims.append("auth_time", JSONValue(authentication.time))
            claims.append("acr", .string(authentication.context))
            claims.append("amr", .array(authentication.methods.map { .string($0) }))
        }
        if let confirmation { claims.append("cnf", ["jkt": .string(confirmation)]) }
        return claims
    }
}
