/// A key ready to verify, bound to the algorithms it may be used with.
///
/// The binding is made here, from the key and the caller's list alone; no token can widen or change it.
public struct VerificationKey: Sendable {
    /// `kid`, if the key has one.
    public let keyID: String?
    /// What this key verifies: one algorithm where its JWK names one, else those of its type that the caller allows.
    public let algorithms: [SignatureAlgorithm]
    let primitive: VerificationPrimitive

    /// A key for the algorithms that both the key and the caller allow.
    ///
    /// Refuses: a key whose `use` is not `sig` or whose `key_ops` name neither `verify` nor `sign`, and a key that no allowed
    /// algorithm fits.
    /// - Throws: ``JOSEError/Code/invalidKey``, ``JOSEError/Code/unsupported``, ``JOSEError/Code/algorithmNotAllowed``.
    public init(_ key: JSONWebKey, allowing allowed: Set<SignatureAlgorithm>) throws(JOSEError) {
        let algorithms = try key.signatureAlgorithms(for: ["verify", "sign"]).filter(allowed.contains)
        guard !algorithms.isEmpty else { throw JOSEError(.algorithmNotAllowed, "no allowed algorithm fits the key") }
        do {
            guard let primitive = try VerificationPrimitive(key.material) else {
                throw JOSEError(.unsupported, "the key cannot verify")
            }
            self.primitive = primitive
        } catch let error as JOSEError {
            throw error
        } catch {
            throw JOSEError(.invalidKey, "the key's numbers were refused")
        }
        self.algorithms = algorithms
        keyID = key.keyID
    }

    /// True where the signature is that of the message under the algorithm, and the key is bound to the algorithm.
    ///
    /// Refuses: signatures of another length than the algorithm's, ECDSA values out of range, non-canonical Ed25519 scalars.
    public func verifies(_ signature: [UInt8], of message: [UInt8], by algorithm: SignatureAlgorithm) -> Bool {
        algorithms.contains(algorithm) && primitive.verifies(signature, of: message, by: algorithm)
    }
}
