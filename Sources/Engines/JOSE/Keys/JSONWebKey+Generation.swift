import Crypto
import CryptoExtras
import FoundationEssentials

extension JSONWebKey {
    /// A new private (or shared) key for a signature algorithm, its `kid` the thumbprint.
    ///
    /// RSA keys have 3,072 bits and come from the cryptographic library's own randomness, as do the others; only secrets for
    /// HMAC are drawn from the generator.
    /// - Throws: ``JOSEError/Code/invalidKey`` where the library fails.
    public static func generate(
        for algorithm: SignatureAlgorithm, using random: inout some RandomNumberGenerator
    ) throws(JOSEError) -> JSONWebKey {
        let material: KeyMaterial
        do {
            material = try newMaterial(algorithm, &random)
        } catch {
            throw JOSEError(.invalidKey, "no key could be made for `\(algorithm.rawValue)`")
        }
        var key = try JSONWebKey(material, use: "sig", algorithm: algorithm.rawValue)
        key.keyID = Base64URL.string(key.thumbprint)
        return key
    }

    /// A new private (or shared) key for a signature algorithm from the system's randomness.
    public static func generate(for algorithm: SignatureAlgorithm) throws(JOSEError) -> JSONWebKey {
        var random = SystemRandomNumberGenerator()
        return try generate(for: algorithm, using: &random)
    }

    private static func newMaterial(
        _ algorithm: SignatureAlgorithm, _ random: inout some RandomNumberGenerator
    ) throws -> KeyMaterial {
        switch algorithm {
        case .hs256, .hs384, .hs512: .symmetric(randomBytes(algorithm.minimumSecretBytes, &random))
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512:
            .rsa(try RSANumbers(pkcs1: [UInt8](_RSA.Signing.PrivateKey(keySize: .bits3072).derRepresentation)))
        case .es256: elliptic(.p256, P256.Signing.PrivateKey().rawRepresentation)
        case .es384: elliptic(.p384, P384.Signing.PrivateKey().rawRepresentation)
        case .es512: elliptic(.p521, P521.Signing.PrivateKey().rawRepresentation)
        case .edDSA, .ed25519: edwards(Curve25519.Signing.PrivateKey())
        case .mlDSA65: .algorithmPair(.mlDSA65, pub: [], seed: [UInt8](try MLDSA65.PrivateKey().seedRepresentation)).completed
        case .mlDSA87: .algorithmPair(.mlDSA87, pub: [], seed: [UInt8](try MLDSA87.PrivateKey().seedRepresentation)).completed
        }
    }

    static func elliptic(_ curve: Curve, _ scalar: Data) -> KeyMaterial {
        let point = curve.publicPoint(of: [UInt8](scalar)) ?? []
        return .elliptic(
            curve, x: Array(point.prefix(curve.coordinateBytes)), y: Array(point.dropFirst(curve.coordinateBytes)), d: [UInt8](scalar))
    }

    private static func edwards(_ key: Curve25519.Signing.PrivateKey) -> KeyMaterial {
        .octetPair(.ed25519, x: [UInt8](key.publicKey.rawRepresentation), d: [UInt8](key.rawRepresentation))
    }
}

extension KeyMaterial {
    /// The public half filled in from the seed.
    fileprivate var completed: KeyMaterial {
        guard case .algorithmPair(let algorithm, _, let seed?) = self else { return self }
        return .algorithmPair(algorithm, pub: algorithm.publicKey(ofSeed: seed) ?? [], seed: seed)
    }
}

func randomBytes(_ count: Int, _ random: inout some RandomNumberGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
}
