import StrictJSON

/// A proof of possession of RFC 9449, section 4, that has been verified for one request.
public struct DPoPProof: Sendable {
    /// SHA-256 thumbprint of the key, in base64url: what `cnf.jkt` of a token must be.
    public let thumbprint: String
    /// `jti`, 1 to 256 bytes.
    public let identifier: String
    /// `iat`.
    public let issuedAt: NumericDate
    /// `nonce`.
    public let nonce: String?

    /// The request that a proof must be for.
    public struct Request: Sendable {
        /// `htm`.
        public var method: String
        /// `htu`; query and fragment do not count.
        public var address: String
        /// The access token that comes with the proof, whose hash `ath` must be; nil at the token endpoint.
        public var accessToken: [UInt8]?

        /// A request.
        public init(method: String, address: String, accessToken: [UInt8]? = nil) {
            self.method = method
            self.address = address
            self.accessToken = accessToken
        }
    }

    /// Verifies a proof.
    ///
    /// Refuses: any `typ` but `dpop+jwt`, symmetric algorithms and `none`, private keys, another method or address, an `iat` too old
    /// or in the future, and, beside an access token, another `ath`.
    /// Assumes: the caller refuses a `jti` that it has seen, compares the thumbprint with the token's, and checks the nonce.
    /// - Parameters:
    ///   - lifetime: oldest proof that counts.
    ///   - skew: how far the other clock may be off.
    /// - Throws: ``JOSEError``.
    public init(
        _ text: [UInt8], for request: Request, allowing algorithms: Set<SignatureAlgorithm> = .asymmetric, lifetime: Duration,
        skew: Duration, at now: NumericDate
    ) throws(JOSEError) {
        let key = try Self.key(in: text)
        var policy = JWTPolicy(issuer: nil, audiences: [], types: ["dpop+jwt"])
        policy.requiresExpiration = false
        policy.skew = skew
        policy.maximumAge = lifetime
        policy.requiredClaims = ["jti", "htm", "htu", "iat"]
        let claims = try JWTVerifier(key, allowing: algorithms, policy: policy).verify(text, at: now).claims
        guard claims["htm"]?.string == request.method, let stated = claims["htu"]?.string,
            Self.normalized(stated) == Self.normalized(request.address)
        else { throw JOSEError(.audienceMismatch, "the proof is for another request") }
        if let token = request.accessToken {
            guard claims["ath"]?.string == Base64URL.string(sha256(token)) else {
                throw JOSEError(.audienceMismatch, "the proof is for another access token")
            }
        }
        guard let identifier = claims.tokenID, (1...256).contains(identifier.utf8.count), let issuedAt = claims.issuedAt else {
            throw JOSEError(.claimMissing, "`jti` is not as required")
        }
        thumbprint = Base64URL.string(key.thumbprint)
        self.identifier = identifier
        self.issuedAt = issuedAt
        nonce = claims["nonce"]?.string
    }

    /// The key that the header carries. Proofs are the one kind of message whose key comes with it: it identifies, it does not authorize.
    private static func key(in text: [UInt8]) throws(JOSEError) -> JSONWebKey {
        let refusal = JOSEError(.invalidKey, "the proof's header has no public key")
        guard text.count <= JWTVerifier.defaultLimit, let header = Base64URL.decode(Array(text.prefix { $0 != UInt8(ascii: ".") }))
        else { throw refusal }
        let root = try parseJSON(header, limits: .header).root
        guard let member = root["jwk"], let algorithm = try root.string("alg") else { throw refusal }
        let key = try JSONWebKey(member)
        guard !key.material.isPrivate, !key.material.isSymmetric else { throw refusal }
        return try JSONWebKey(key.material, algorithm: algorithm)
    }

    /// Scheme and host in lower case, no default port, no query and fragment (RFC 9449, section 4.3; RFC 3986, section 6.2).
    static func normalized(_ address: String) -> String {
        let bare = address.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = bare.firstRange(of: "://") else { return String(bare) }
        let rest = bare[scheme.upperBound...]
        var authority = rest.prefix { $0 != "/" }.lowercased()
        let name = bare[..<scheme.lowerBound].lowercased()
        for (known, port) in [("https", ":443"), ("http", ":80")] where name == known && authority.hasSuffix(port) {
            authority.removeLast(port.count)
        }
        let path = rest.dropFirst(rest.prefix { $0 != "/" }.count)
        return name + "://" + authority + (path.isEmpty ? "/" : path)
    }
}
