import Crypto
import Foundation
import JOSE
import StrictJSON

/// A provider's discovery document and keys.
struct ProviderMetadata: Sendable {
    let value: JSONValue
    let answer: WebAnswer
    let keysAnswer: WebAnswer

    init(_ plan: OpenIDPlan, _ transport: any WebTransport) async throws {
        answer = try await transport.send(WebRequest(plan.discovery))
        try require(answer.status == 200, "the discovery document answers \(answer.status)")
        value = try require(try? JSONValue(parsing: answer.body), "the discovery document is no json")
        keysAnswer = try await transport.send(WebRequest(try require(value["jwks_uri"]?.string, "`jwks_uri` is missing")))
        try require(keysAnswer.status == 200, "`jwks_uri` answers \(keysAnswer.status)")
    }

    var issuer: String { value["issuer"]?.string ?? "" }

    func address(_ name: String) throws -> String { try require(value[name]?.string, "`\(name)` is missing from the discovery document") }

    func lists(_ name: String, _ word: String) -> Bool { (value[name]?.array ?? []).contains { $0.string == word } }

    func keys() throws -> JSONWebKeySet {
        do { return try JSONWebKeySet(parsing: keysAnswer.body) } catch { throw ConformanceFailure("the keys cannot be used: \(error)") }
    }

    /// Verifies an ID token and gives its claims (OpenID Connect Core section 3.1.3.7).
    func verify(_ token: String, client: OpenIDPlan.Client, nonce: String?, accessToken: String?, type: String? = nil) throws -> JSONValue {
        var policy = JWTPolicy(issuer: issuer, audiences: [client.id], types: type.map { [$0] })
        policy.requiredClaims = type == nil ? ["sub", "iat"] : ["iat", "jti"]
        policy.skew = .seconds(60)
        let header = try header(of: token)
        if let id = header["kid"]?.string {
            try require(try keys().keys.contains { $0.keyID == id }, "the ID token's `kid` is not among the keys")
        }
        let claims: JSONValue
        do {
            let now = NumericDate(seconds: Date().timeIntervalSince1970)
            _ = try JWTVerifier(keys(), allowing: .asymmetric, policy: policy).verify(token, at: now)
            claims = try JSONValue(parsing: try require(Base64URL.decode(String(token.split(separator: ".")[1])), "no payload"))
        } catch {
            throw ConformanceFailure("the token does not verify: \(error)")
        }
        if let issued = claims["iat"]?.int64 {
            try require(abs(Double(issued) - Date().timeIntervalSince1970) < 300, "`iat` is not now")
        }
        try require(claims["nonce"]?.string == nonce, "`nonce` is not as sent")
        if (claims["aud"]?.array?.count ?? 1) > 1 { try require(claims["azp"]?.string == client.id, "several audiences without `azp`") }
        if let sub = claims["sub"]?.string { try require(sub.utf8.count <= 255, "`sub` is longer than 255") }
        if let half = claims["at_hash"]?.string, let accessToken {
            try require(half == Self.halfHash(accessToken, header["alg"]?.string ?? ""), "`at_hash` is wrong")
        }
        return claims
    }

    func header(of token: String) throws -> JSONValue {
        let first = token.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        return try require(Base64URL.decode(first).flatMap { try? JSONValue(parsing: $0) }, "the token has no header")
    }

    private static func halfHash(_ token: String, _ algorithm: String) -> String {
        let text = Array(token.utf8)
        let digest: [UInt8] =
            algorithm.hasSuffix("384")
            ? [UInt8](SHA384.hash(data: text))
            : algorithm.hasSuffix("512") || algorithm.hasPrefix("Ed") ? [UInt8](SHA512.hash(data: text)) : [UInt8](SHA256.hash(data: text))
        return Base64URL.string(Array(digest.prefix(digest.count / 2)))
    }
}
