import Crypto
import CryptoExtras
import FoundationEssentials

/// A private or shared key bound to the one algorithm it signs with.
public struct SigningKey: Sendable {
    /// `kid`, written into each header where the key has one.
    public let keyID: String?
    /// The algorithm of every signature of this key.
    public let algorithm: SignatureAlgorithm
    private let primitive: Primitive

    private enum Primitive: Sendable {
        case secret(SymmetricKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case p521(P521.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
        case mlDSA65(MLDSA65.PrivateKey)
        case mlDSA87(MLDSA87.PrivateKey)
    }

    /// A key that signs with the algorithm given, by default the one its JWK names or, without that, its type's only one.
    ///
    /// Refuses: public keys, keys for encryption, an algorithm that the key does not fit, and a choice left open.
    /// - Throws: ``JOSEError/Code/invalidKey``, ``JOSEError/Code/algorithmNotAllowed``.
    public init(_ key: JSONWebKey, algorithm: SignatureAlgorithm? = nil) throws(JOSEError) {
        let fitting = try key.signatureAlgorithms(for: ["sign"])
        guard
            let chosen = algorithm
                ?? (Set(fitting).isSubset(of: [.edDSA, .ed25519]) ? fitting.first : fitting.count == 1 ? fitting[0] : nil)
        else { throw JOSEError(.algorithmNotAllowed, "the key leaves its algorithm open") }
        guard fitting.contains(chosen) else { throw JOSEError(.algorithmNotAllowed, "the key does not fit \(chosen.rawValue)") }
        do {
            guard let primitive = try Self.primitive(key.material) else { throw JOSEError(.invalidKey, "a public key cannot sign") }
            self.primitive = primitive
        } catch let error as JOSEError {
            throw error
        } catch {
            throw JOSEError(.invalidKey, "the key's numbers were refused")
        }
        keyID = key.keyID
        self.algorithm = chosen
    }

    /// The signature of a message, in the form that JWS carries.
    ///
    /// Randomness, where the algorithm wants it, comes from the cryptographic library.
    /// - Throws: ``JOSEError/Code/invalidKey`` where the library refuses.
    public func signature(of message: [UInt8]) throws(JOSEError) -> [UInt8] {
        do {
            return try rawSignature(message)
        } catch {
            throw JOSEError(.invalidKey, "the key could not sign")
        }
    }

    private static func primitive(_ material: KeyMaterial) throws -> Primitive? {
        switch material {
        case .symmetric(let secret): .secret(SymmetricKey(data: secret))
        case .elliptic(.p256, _, _, let d?): .p256(try .init(rawRepresentation: d))
        case .elliptic(.p384, _, _, let d?): .p384(try .init(rawRepresentation: d))
        case .elliptic(.p521, _, _, let d?): .p521(try .init(rawRepresentation: d))
        case .rsa(let numbers): try numbers.signingKey().map { .rsa($0) }
        case .octetPair(.ed25519, _, let d?): .ed25519(try .init(rawRepresentation: d))
        case .algorithmPair(.mlDSA65, _, let seed?): .mlDSA65(try .init(seedRepresentation: seed, publicKey: nil))
        case .algorithmPair(.mlDSA87, _, let seed?): .mlDSA87(try .init(seedRepresentation: seed, publicKey: nil))
        default: nil
        }
    }

    private func rawSignature(_ message: [UInt8]) throws -> [UInt8] {
        switch primitive {
        case .secret(let key): mac(message, key)
        case .p256(let key): [UInt8](try key.signature(for: SHA256.hash(data: message)).rawRepresentation)
        case .p384(let key): [UInt8](try key.signature(for: SHA384.hash(data: message)).rawRepresentation)
        case .p521(let key): [UInt8](try key.signature(for: SHA512.hash(data: message)).rawRepresentation)
        case .ed25519(let key): [UInt8](try key.signature(for: message))
        case .rsa(let key): try rsaSignature(message, key)
        case .mlDSA65(let key): [UInt8](try key.signature(for: message))
        case .mlDSA87(let key): [UInt8](try key.signature(for: message))
        }
    }

    private func mac(_ message: [UInt8], _ key: SymmetricKey) -> [UInt8] {
        switch algorithm {
        case .hs384: [UInt8](HMAC<SHA384>.authenticationCode(for: message, using: key))
        case .hs512: [UInt8](HMAC<SHA512>.authenticationCode(for: message, using: key))
        default: [UInt8](HMAC<SHA256>.authenticationCode(for: message, using: key))
        }
    }

    private func rsaSignature(_ message: [UInt8], _ key: _RSA.Signing.PrivateKey) throws -> [UInt8] {
        let padding: _RSA.Signing.Padding = [.ps256, .ps384, .ps512].contains(algorithm) ? .PSS : .insecurePKCS1v1_5
        let signature =
            switch algorithm {
            case .rs384, .ps384: try key.signature(for: SHA384.hash(data: message), padding: padding)
            case .rs512, .ps512: try key.signature(for: SHA512.hash(data: message), padding: padding)
            default: try key.signature(for: SHA256.hash(data: message), padding: padding)
            }
        return [UInt8](signature.rawRepresentation)
    }
}
