import Crypto
import FoundationEssentials
import StrictJSON

/// Ephemeral-static ECDH of RFC 7518 section 4.6 and RFC 8037 section 3.2.
enum ECDHAgreement {
    /// What goes into the derivation beside the secret.
    struct Context {
        var algorithm: KeyManagementAlgorithm
        var encryption: ContentEncryption
        var partyU: [UInt8]
        var partyV: [UInt8]
    }

    /// The key that the private half and the other side's public half agree on; nil where they do not fit.
    static func key(_ own: KeyMaterial, _ other: KeyMaterial, _ context: Context) -> [UInt8]? {
        sharedSecret(own, other).map { derive($0, context) }
    }

    /// A new key on the recipient's curve.
    static func ephemeral(like recipient: KeyMaterial, _ random: inout some RandomNumberGenerator) throws(JOSEError) -> JSONWebKey {
        switch recipient {
        case .elliptic(let curve, _, _, _): try JSONWebKey(ellipticEphemeral(curve, &random))
        case .octetPair(.x25519, _, _): try JSONWebKey(montgomeryEphemeral(&random))
        default: throw JOSEError(.invalidKey, "the key cannot agree on another")
        }
    }

    private static func sharedSecret(_ own: KeyMaterial, _ other: KeyMaterial) -> [UInt8]? {
        switch (own, other) {
        case (.elliptic(let curve, _, _, let d?), .elliptic(let theirs, let x, let y, _)) where curve == theirs:
            return curve.sharedSecret(scalar: d, x: x, y: y)
        case (.octetPair(.x25519, _, let d?), .octetPair(.x25519, let x, _)):
            let secret = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: d)
                .sharedSecretFromKeyAgreement(with: .init(rawRepresentation: x))
            return secret.map { unsafe $0.withUnsafeBytes { unsafe [UInt8]($0) } }.flatMap { $0.allSatisfy { $0 == 0 } ? nil : $0 }
        default: return nil
        }
    }

    /// The Concat KDF of NIST SP 800-56A with SHA-256.
    private static func derive(_ secret: [UInt8], _ context: Context) -> [UInt8] {
        let length = context.algorithm.wrappingKeyBytes ?? context.encryption.keyBytes
        let name = context.algorithm == .ecdhES ? context.encryption.rawValue : context.algorithm.rawValue
        let info = prefixed(Array(name.utf8)) + prefixed(context.partyU) + prefixed(context.partyV) + bigEndian(UInt32(length * 8))
        var key: [UInt8] = []
        var round: UInt32 = 1
        while key.count < length {
            key += sha256(bigEndian(round) + secret + info)
            round += 1
        }
        return Array(key.prefix(length))
    }

    private static func prefixed(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt32(bytes.count)) + bytes }

    /// Scalars out of range, one in 2^32 at most, are drawn again; the top bits of P-521 are cleared first.
    private static func ellipticEphemeral(_ curve: Curve, _ random: inout some RandomNumberGenerator) -> KeyMaterial {
        while true {
            var scalar = randomBytes(curve.coordinateBytes, &random)
            if curve == .p521 { scalar[0] &= 1 }
            guard curve.publicPoint(of: scalar) != nil else { continue }
            return JSONWebKey.elliptic(curve, Data(scalar))
        }
    }

    private static func montgomeryEphemeral(_ random: inout some RandomNumberGenerator) -> KeyMaterial {
        while true {
            let scalar = randomBytes(32, &random)
            guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: scalar) else { continue }
            return .octetPair(.x25519, x: [UInt8](key.publicKey.rawRepresentation), d: scalar)
        }
    }
}
