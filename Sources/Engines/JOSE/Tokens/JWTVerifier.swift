/// Verifies JSON Web Tokens: signature by given keys, then `typ` and claims by a policy.
///
/// Refuses: all that ``JWSVerifier`` refuses, unencoded payloads, tokens over 16 KiB, and what the policy does not allow.
public struct JWTVerifier: Sendable {
    /// Verifies the signature.
    public let signatures: JWSVerifier
    /// What the token must say.
    public let policy: JWTPolicy

    /// Largest token, in bytes, unless a verifier of its own is given: 16 KiB.
    public static let defaultLimit = 16 << 10

    /// A verifier by the keys of a set.
    ///
    /// - Throws: ``JOSEError/Code/noMatchingKey`` where no key of the set can verify.
    public init(_ keys: JSONWebKeySet, allowing algorithms: Set<SignatureAlgorithm>, policy: JWTPolicy) throws(JOSEError) {
        self.init(try JWSVerifier(keys, allowing: algorithms, options: Self.options), policy: policy)
    }

    /// A verifier by one key.
    ///
    /// - Throws: what ``VerificationKey/init(_:allowing:)`` throws.
    public init(_ key: JSONWebKey, allowing algorithms: Set<SignatureAlgorithm>, policy: JWTPolicy) throws(JOSEError) {
        self.init(try JWSVerifier(key, allowing: algorithms, options: Self.options), policy: policy)
    }

    /// A verifier of its own making.
    public init(_ signatures: JWSVerifier, policy: JWTPolicy) {
        self.signatures = signatures
        self.policy = policy
    }

    /// Verifies a token at a moment.
    ///
    /// - Throws: ``JOSEError``.
    public func verify(_ token: [UInt8], at now: NumericDate) throws(JOSEError) -> VerifiedJWT {
        let message = try signatures.verify(token)
        guard message.header.isPayloadEncoded else { throw JOSEError(.malformed, "the claims of a token are encoded") }
        let claims = try JWTClaims(parsing: message.payload)
        try policy.check(type: message.header.type, claims: claims, at: now)
        return VerifiedJWT(header: message.header, claims: claims)
    }

    /// Verifies a token at a moment, as ``verify(_:at:)-([UInt8],_)`` does.
    public func verify(_ token: String, at now: NumericDate) throws(JOSEError) -> VerifiedJWT {
        try verify(Array(token.utf8), at: now)
    }

    /// Opens a nested token (signed, then encrypted) and verifies what is inside.
    ///
    /// - Throws: ``JOSEError``, among them ``JOSEError/Code/typeMismatch`` where `cty` is not `JWT` (RFC 7519 section 5.2).
    public func verify(_ token: [UInt8], decryptedBy decrypter: JWEDecrypter, at now: NumericDate) throws(JOSEError) -> VerifiedJWT {
        let outer = try decrypter.decrypt(token)
        guard outer.header.contentType?.uppercased() == "JWT" else { throw JOSEError(.typeMismatch, "`cty` is not `JWT`") }
        return try verify(outer.plaintext, at: now)
    }

    private static var options: JWSVerifier.Options {
        var options = JWSVerifier.Options()
        options.limit = defaultLimit
        return options
    }
}

/// A token that has been verified.
public struct VerifiedJWT: Sendable {
    /// The header.
    public let header: JWSHeader
    /// The claims.
    public let claims: JWTClaims
}
