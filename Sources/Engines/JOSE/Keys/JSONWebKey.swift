/// A key of RFC 7517, checked when it was made.
public struct JSONWebKey: Sendable, Equatable {
    /// The numbers.
    public let material: KeyMaterial
    /// `kid`.
    public var keyID: String?
    /// `use`, usually `sig` or `enc`.
    public var use: String?
    /// `key_ops`.
    public var operations: [String]?
    /// `alg`: the only algorithm that the key may be used with.
    public var algorithm: String?

    /// A key of checked numbers.
    ///
    /// - Throws: ``JOSEError/Code/invalidKey`` where the numbers or the metadata contradict themselves.
    public init(
        _ material: KeyMaterial, keyID: String? = nil, use: String? = nil, operations: [String]? = nil, algorithm: String? = nil
    ) throws(JOSEError) {
        self.material = try material.checked()
        self.keyID = keyID
        self.use = use
        self.operations = operations
        self.algorithm = algorithm
        if let contradiction { throw JOSEError(.invalidKey, contradiction) }
    }

    /// The key without its private half.
    ///
    /// `key_ops` turn to their public side: `sign` to `verify`, `decrypt` to `encrypt`, `unwrapKey` to `wrapKey`.
    /// - Throws: ``JOSEError/Code/invalidKey`` for a symmetric key, which has no public half.
    public func publicKey() throws(JOSEError) -> JSONWebKey {
        guard let half = material.publicHalf else { throw JOSEError(.invalidKey, "a symmetric key has no public half") }
        let turned = ["sign": "verify", "decrypt": "encrypt", "unwrapKey": "wrapKey"]
        let operations = operations.map { $0.compactMap { turned[$0] ?? (["verify", "encrypt", "wrapKey"].contains($0) ? $0 : nil) } }
        return try JSONWebKey(
            half, keyID: keyID, use: use, operations: operations.map(Self.withoutRepeats), algorithm: algorithm)
    }

    /// What the key can do among signatures, from its type, `alg`, `use` and `key_ops`.
    ///
    /// - Throws: where `use` or `key_ops` speak against it, or `alg` is none of ours.
    func signatureAlgorithms(for wanted: [String]) throws(JOSEError) -> [SignatureAlgorithm] {
        guard use == nil || use == "sig" else { throw JOSEError(.invalidKey, "the key is not for signatures: `use` is `\(use ?? "")`") }
        if let operations, !operations.contains(where: wanted.contains) {
            throw JOSEError(.invalidKey, "`key_ops` do not allow `\(wanted[0])`")
        }
        guard let algorithm else { return material.signatureAlgorithms }
        guard let named = SignatureAlgorithm(rawValue: algorithm) else {
            throw JOSEError(.unsupported, "`\(algorithm)` is no supported signature algorithm")
        }
        return [named]
    }

    /// What of the metadata speaks against the numbers or itself.
    private var contradiction: String? {
        if let operations, Set(operations).count != operations.count { return "`key_ops` names an operation twice" }
        if let operations, let use, let other = Self.operationsOutside(use).first(where: operations.contains) {
            return "`use` `\(use)` contradicts `\(other)` in `key_ops`"
        }
        guard let algorithm else { return keyTypeNeedsAlgorithm ? "an AKP key needs `alg`" : nil }
        if let named = SignatureAlgorithm(rawValue: algorithm) {
            if use == "enc" { return "`use` `enc` contradicts `alg` `\(algorithm)`" }
            return material.signatureAlgorithms.contains(named) ? nil : "the key does not fit its `alg` `\(algorithm)`"
        }
        if let named = KeyManagementAlgorithm(rawValue: algorithm) {
            if use == "sig" { return "`use` `sig` contradicts `alg` `\(algorithm)`" }
            return named.fits(material) ? nil : "the key does not fit its `alg` `\(algorithm)`"
        }
        return nil
    }

    private var keyTypeNeedsAlgorithm: Bool { material.keyType == "AKP" }

    private static func operationsOutside(_ use: String) -> [String] {
        switch use {
        case "sig": ["encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"]
        case "enc": ["sign", "verify"]
        default: []
        }
    }

    private static func withoutRepeats(_ list: [String]) -> [String] {
        list.enumerated().filter { list.firstIndex(of: $1) == $0 }.map(\.element)
    }
}
