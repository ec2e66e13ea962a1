import StrictJSON

/// Fuzz entry: bytes as a compact signature, a signature in JSON, a header and claims.
public func fuzzJWT(_ bytes: [UInt8]) {
    guard let key = try? JSONWebKey(.symmetric([UInt8](repeating: 7, count: 64))) else { return }
    var options = JWSVerifier.Options()
    options.allowsUnencodedPayload = true
    guard let verifier = try? JWSVerifier(key, allowing: .all, options: options) else { return }
    _ = try? verifier.verify(bytes)
    _ = try? verifier.verify(json: bytes, requiring: .any)
    let policy = JWTPolicy(issuer: "i", audiences: ["a"], types: ["jwt"])
    if let claims = try? JWTClaims(parsing: bytes) { try? policy.check(type: "JWT", claims: claims, at: NumericDate(seconds: 1)) }
    if let header = try? JWSHeader(protected: bytes, understanding: ["b64"]) { _ = try? verifier.key(for: header) }
}

/// Fuzz entry: bytes as a key and a set of keys, written again and read again.
public func fuzzJWK(_ bytes: [UInt8]) {
    if let key = try? JSONWebKey(parsing: bytes), let text = try? key.json(includingPrivate: true).bytes() {
        let again = try? JSONWebKey(parsing: text)
        precondition(again == key, "a key does not survive writing")
        _ = key.thumbprint
    }
    _ = try? JSONWebKeySet(parsing: bytes)
}

/// Fuzz entry: bytes as an encrypted message and its header.
public func fuzzJWE(_ bytes: [UInt8]) {
    guard let key = try? JSONWebKey(.symmetric([UInt8](repeating: 7, count: 32))) else { return }
    var options = JWEDecrypter.Options()
    options.algorithms = Set(KeyManagementAlgorithm.allCases)
    options.maximumIterations = 1000
    guard let decrypter = try? JWEDecrypter(key, options: options) else { return }
    _ = try? decrypter.decrypt(bytes)
    _ = try? decrypter.decrypt(json: bytes)
    _ = try? JWEHeader(protected: bytes)
}
