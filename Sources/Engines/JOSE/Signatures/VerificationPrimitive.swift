import Crypto
import CryptoExtras
import FoundationEssentials

/// A key in the form that the cryptographic library verifies with, made once per key.
enum VerificationPrimitive: Sendable {
    case secret(SymmetricKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
    case rsa(_RSA.Signing.PublicKey, signatureBytes: Int)
    case mlDSA65(MLDSA65.PublicKey)
    case mlDSA87(MLDSA87.PublicKey)

    /// The primitive of a checked key; nil for a key that cannot verify.
    init?(_ material: KeyMaterial) throws {
        switch material {
        case .symmetric(let secret): self = .secret(SymmetricKey(data: secret))
        case .elliptic(.p256, let x, let y, _): self = .p256(try .init(rawRepresentation: x + y))
        case .elliptic(.p384, let x, let y, _): self = .p384(try .init(rawRepresentation: x + y))
        case .elliptic(.p521, let x, let y, _): self = .p521(try .init(rawRepresentation: x + y))
        case .rsa(let numbers):
            self = .rsa(try .init(n: numbers.modulus, e: numbers.exponent), signatureBytes: numbers.modulus.count)
        case .octetPair(.ed25519, let x, _): self = .ed25519(try .init(rawRepresentation: x))
        case .octetPair(.x25519, _, _): return nil
        case .algorithmPair(.mlDSA65, let pub, _): self = .mlDSA65(try .init(rawRepresentation: pub))
        case .algorithmPair(.mlDSA87, let pub, _): self = .mlDSA87(try .init(rawRepresentation: pub))
        }
    }

    /// True where the signature is that of the message under exactly this algorithm.
    func verifies(_ signature: [UInt8], of message: [UInt8], by algorithm: SignatureAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.secret(let key), .hs256): HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: message, using: key)
        case (.secret(let key), .hs384): HMAC<SHA384>.isValidAuthenticationCode(signature, authenticating: message, using: key)
        case (.secret(let key), .hs512): HMAC<SHA512>.isValidAuthenticationCode(signature, authenticating: message, using: key)
        case (.p256(let key), .es256): Self.verifies(signature, of: message, by: key)
        case (.p384(let key), .es384): Self.verifies(signature, of: message, by: key)
        case (.p521(let key), .es512): Self.verifies(signature, of: message, by: key)
        case (.ed25519(let key), .edDSA), (.ed25519(let key), .ed25519): key.isValidSignature(signature, for: message)
        case (.mlDSA65(let key), .mlDSA65): key.isValidSignature(signature, for: message)
        case (.mlDSA87(let key), .mlDSA87): key.isValidSignature(signature, for: message)
        case (.rsa(let key, let length), _): signature.count == length && Self.verifies(signature, of: message, by: algorithm, key)
        default: false
        }
    }

    private static func verifies(_ signature: [UInt8], of message: [UInt8], by key: P256.Signing.PublicKey) -> Bool {
        guard let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
        return key.isValidSignature(parsed, for: SHA256.hash(data: message))
    }

    private static func verifies(_ signature: [UInt8], of message: [UInt8], by key: P384.Signing.PublicKey) -> Bool {
        guard let parsed = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
        return key.isValidSignature(parsed, for: SHA384.hash(data: message))
    }

    private static func verifies(_ signature: [UInt8], of message: [UInt8], by key: P521.Signing.PublicKey) -> Bool {
        guard let parsed = try? P521.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
        return key.isValidSignature(parsed, for: SHA512.hash(data: message))
    }

    private static func verifies(
        _ signature: [UInt8], of message: [UInt8], by algorithm: SignatureAlgorithm, _ key: _RSA.Signing.PublicKey
    ) -> Bool {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        return switch algorithm {
        case .rs256: key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
        case .rs384: key.isValidSignature(signature, for: SHA384.hash(data: message), padding: .insecurePKCS1v1_5)
        case .rs512: key.isValidSignature(signature, for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
        case .ps256: key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .PSS)
        case .ps384: key.isValidSignature(signature, for: SHA384.hash(data: message), padding: .PSS)
        case .ps512: key.isValidSignature(signature, for: SHA512.hash(data: message), padding: .PSS)
        default: false
        }
    }
}
