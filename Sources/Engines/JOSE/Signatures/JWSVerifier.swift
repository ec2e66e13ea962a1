/// Verifies JSON Web Signatures (RFC 7515, RFC 7797) by keys that were given to it and by nothing else.
///
/// Refuses: `none`, algorithms that the key or the caller does not allow, unknown `crit`, every text but the canonical one, and
/// a `kid` that is not among the keys. Without `kid` exactly one key must fit.
public struct JWSVerifier: Sendable {
    /// What a verifier accepts beyond the defaults.
    public struct Options: Sendable {
        /// Largest message, in bytes; 1 MiB.
        public var limit = 1 << 20
        /// Whether unencoded payloads (RFC 7797, `b64` false) are understood; false.
        public var allowsUnencodedPayload = false

        /// The defaults.
        public init() {}

        var extensions: Set<String> { allowsUnencodedPayload ? ["b64"] : [] }
    }

    private let keys: [VerificationKey]
    private let named: [String: [VerificationKey]]
    /// True for a verifier of one key, whose missing `kid` matches any.
    private let hasSingleKey: Bool
    let options: Options

    /// A verifier by one key. A `kid` in a header must be the key's, if it has one.
    ///
    /// - Throws: what ``VerificationKey/init(_:allowing:)`` throws.
    public init(_ key: JSONWebKey, allowing algorithms: Set<SignatureAlgorithm>, options: Options = Options()) throws(JOSEError) {
        self.init([try VerificationKey(key, allowing: algorithms)], single: true, options)
    }

    /// A verifier by the keys of a set that fit; those that do not are passed over.
    ///
    /// - Throws: ``JOSEError/Code/noMatchingKey`` where none fits.
    public init(_ set: JSONWebKeySet, allowing algorithms: Set<SignatureAlgorithm>, options: Options = Options()) throws(JOSEError) {
        let keys = set.keys.compactMap { try? VerificationKey($0, allowing: algorithms) }
        guard !keys.isEmpty else { throw JOSEError(.noMatchingKey, "no key of the set can verify") }
        self.init(keys, single: false, options)
    }

    private init(_ keys: [VerificationKey], single: Bool, _ options: Options) {
        self.keys = keys
        named = Dictionary(grouping: keys.filter { $0.keyID != nil }) { $0.keyID ?? "" }
        hasSingleKey = single
        self.options = options
    }

    /// Verifies a compact message.
    ///
    /// - Parameter detachedPayload: The payload, where it is not within the message (RFC 7515 appendix F).
    /// - Throws: ``JOSEError``.
    public func verify(_ message: [UInt8], detachedPayload: [UInt8]? = nil) throws(JOSEError) -> VerifiedJWS {
        let form = try CompactForm(message, parts: 3, limit: options.limit)
        let header = try JWSHeader(
            protected: form.decode(0, of: message, "header"), understanding: options.extensions)
        let key = try key(for: header)
        let signature = try form.decode(2, of: message, "signature")
        let content = form.range(1, of: message)
        let input: [UInt8]
        let payload: [UInt8]
        if let detachedPayload {
            guard content.isEmpty else { throw JOSEError(.malformed, "the payload is not detached") }
            payload = detachedPayload
            input = Self.signingInput(Array(message[..<form.dots[0]]), payload, encoded: header.isPayloadEncoded)
        } else {
            payload = header.isPayloadEncoded ? try form.decode(1, of: message, "payload") : Array(message[content])
            input = Array(message[..<form.dots[1]])
        }
        guard key.verifies(signature, of: input, by: header.algorithm) else {
            throw JOSEError(.signatureInvalid, "the signature does not verify")
        }
        return VerifiedJWS(header: header, payload: payload)
    }

    /// Verifies a compact message, as ``verify(_:detachedPayload:)-([UInt8],_)`` does.
    public func verify(_ message: String, detachedPayload: [UInt8]? = nil) throws(JOSEError) -> VerifiedJWS {
        try verify(Array(message.utf8), detachedPayload: detachedPayload)
    }

    /// The one key that the header means.
    func key(for header: JWSHeader) throws(JOSEError) -> VerificationKey {
        let candidates = candidates(header.keyID).filter { $0.algorithms.contains(header.algorithm) }
        guard candidates.count == 1 else { throw refusal(header) }
        return candidates[0]
    }

    private func candidates(_ keyID: String?) -> [VerificationKey] {
        guard let keyID else { return keys }
        return named[keyID] ?? (hasSingleKey && named.isEmpty ? keys : [])
    }

    private func refusal(_ header: JWSHeader) -> JOSEError {
        candidates(header.keyID).isEmpty
            ? JOSEError(.noMatchingKey, "no key has the `kid` `\(header.keyID ?? "")`")
            : JOSEError(.algorithmNotAllowed, "not exactly one key is for `\(header.algorithm.rawValue)`")
    }

    /// What is signed: the header's text, a dot, and the payload, encoded or as it stands.
    static func signingInput(_ header: [UInt8], _ payload: [UInt8], encoded: Bool) -> [UInt8] {
        header + [UInt8(ascii: ".")] + (encoded ? Base64URL.encode(payload) : payload)
    }
}

/// A message whose signature has been verified.
public struct VerifiedJWS: Sendable {
    /// The header; it has been verified with the message.
    public let header: JWSHeader
    /// The payload.
    public let payload: [UInt8]
}
