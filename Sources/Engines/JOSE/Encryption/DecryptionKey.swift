/// A private or shared key ready to decrypt, bound to the algorithms it may be used with.
public struct DecryptionKey: Sendable {
    /// `kid`, if the key has one.
    public let keyID: String?
    /// What this key opens: one algorithm where its JWK names one, else those of its type that the caller allows.
    public let algorithms: Set<KeyManagementAlgorithm>
    /// The content encryption that a direct key is bound to by its `alg`, such as `A128GCM`.
    let encryption: ContentEncryption?
    let material: KeyMaterial

    /// A key for the algorithms that both the key and the caller allow.
    ///
    /// Refuses: public keys, keys whose `use` is not `enc` or whose `key_ops` name nothing of decryption.
    /// - Throws: ``JOSEError/Code/invalidKey``, ``JOSEError/Code/algorithmNotAllowed``.
    public init(_ key: JSONWebKey, allowing allowed: Set<KeyManagementAlgorithm>) throws(JOSEError) {
        guard key.use == nil || key.use == "enc" else { throw JOSEError(.invalidKey, "the key is not for encryption") }
        let wanted = ["decrypt", "unwrapKey", "deriveKey", "deriveBits"]
        guard key.operations.map({ $0.contains(where: wanted.contains) }) ?? true else {
            throw JOSEError(.invalidKey, "`key_ops` do not allow decryption")
        }
        guard key.material.isPrivate || key.material.isSymmetric else { throw JOSEError(.invalidKey, "a public key cannot decrypt") }
        encryption = key.algorithm.flatMap(ContentEncryption.init(rawValue:))
        let named: Set<KeyManagementAlgorithm> =
            switch key.algorithm {
            case nil: Set(KeyManagementAlgorithm.allCases)
            case _ where encryption != nil: [.direct]
            case let name?: KeyManagementAlgorithm(rawValue: name).map { [$0] } ?? []
            }
        algorithms = named.filter { allowed.contains($0) && $0.fits(key.material) }
        guard !algorithms.isEmpty else { throw JOSEError(.algorithmNotAllowed, "no allowed algorithm fits the key") }
        keyID = key.keyID
        material = key.material
    }
}
