internal import Foundation
internal import GatehouseCore
internal import GatehouseGuards
public import JOSE
public import StrictJSON

/// Signs identities for backends: the field `Gatehouse-Identity`, a JWT of type `gatehouse-identity+jwt`.
public struct IdentitySigner: Sendable {
    /// The path of the keys, on every host of the house.
    public static let keysPath = "/.well-known/gatehouse/jwks.json"
    /// `iss` of the field.
    public static let issuer = "gatehouse"
    /// `typ` of the field.
    static let type = "gatehouse-identity+jwt"

    private let signer: JWTSigner
    private let key: SigningKey
    /// The published set, as JSON.
    let published: [UInt8]

    /// A signer with a private key, published with older ones.
    ///
    /// - Throws: where a key cannot sign or cannot be published.
    public init(_ key: JSONWebKey, older: [JSONWebKey] = []) throws(JOSEError) {
        self.key = try SigningKey(key)
        signer = JWTSigner(self.key, type: Self.type)
        var keys = [try key.publicKey()]
        for key in older { keys.append(try key.publicKey()) }
        published = try JSONWebKeySet(keys).json().bytes()
    }

    /// A document of the house as a JWT of a type of its own, which the published keys verify; nil where the library cannot sign.
    public func sign(_ claims: JSONObject, type: String) -> String? { try? JWTSigner(key, type: type).sign(claims) }

    /// The signed identity of a caller for an audience.
    func sign(_ identity: CallerIdentity, audience: String, lifetime: Int64, at now: Int64) -> SignedIdentity? {
        let end = min(now + lifetime, identity.expiresAt.map { max($0, now + 1) } ?? .max)
        var claims: JSONObject = [
            "iss": .string(Self.issuer), "aud": .string(audience), "sub": .string(identity.subject), "iat": JSONValue(now),
            "exp": JSONValue(end), "idp": .string(identity.issuer), "credential": .string(identity.credential.rawValue),
        ]
        if !identity.client.isEmpty { claims.append("client_id", .string(identity.client)) }
        if !identity.scopes.isEmpty { claims.append("scope", .string(identity.scopes.joined(separator: " "))) }
        for (name, list) in [
            ("groups", identity.groups), ("roles", identity.roles), ("entitlements", identity.entitlements),
            ("amr", identity.authenticationMethods),
        ] where !list.isEmpty { claims.append(name, .array(list.map { .string($0) })) }
        if !identity.authenticationContext.isEmpty { claims.append("acr", .string(identity.authenticationContext)) }
        if let time = identity.authenticatedAt { claims.append("auth_time", JSONValue(time)) }
        if !identity.sessionID.isEmpty { claims.append("sid", .string(identity.sessionID)) }
        guard let text = try? signer.sign(claims) else { return nil }
        return SignedIdentity(audience: audience, text: Array(text.utf8), renewed: now + max(1, (end - now) / 2))
    }
}
