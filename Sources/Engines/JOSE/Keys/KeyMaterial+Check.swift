import Crypto
import CryptoExtras
import FoundationEssentials

extension KeyMaterial {
    /// The same key, proven usable.
    ///
    /// Refuses: empty secrets, points off their curve, a private half that does not belong to the public one, weak or
    /// malformed RSA numbers, low-order X25519 points.
    /// - Throws: ``JOSEError/Code/invalidKey``.
    public func checked() throws(JOSEError) -> KeyMaterial {
        if let flaw { throw JOSEError(.invalidKey, flaw) }
        return self
    }

    private var flaw: String? {
        switch self {
        case .symmetric(let secret): secret.isEmpty ? "the secret is empty" : nil
        case .elliptic(let curve, let x, let y, let d): Self.flaw(curve, x, y, d)
        case .rsa(let numbers): numbers.flaw
        case .octetPair(.ed25519, let x, let d): Self.edwardsFlaw(x, d)
        case .octetPair(.x25519, let x, let d): Self.montgomeryFlaw(x, d)
        case .algorithmPair(let algorithm, let pub, let seed): algorithm.flaw(pub, seed)
        }
    }

    private static func flaw(_ curve: Curve, _ x: [UInt8], _ y: [UInt8], _ d: [UInt8]?) -> String? {
        let length = curve.coordinateBytes
        guard x.count == length, y.count == length else { return "coordinates on \(curve.rawValue) have \(length) bytes" }
        guard curve.contains(x: x, y: y) else { return "the point is not on \(curve.rawValue)" }
        guard let d else { return nil }
        guard d.count == length else { return "the private scalar on \(curve.rawValue) has \(length) bytes" }
        return curve.publicPoint(of: d) == x + y ? nil : "the private scalar does not belong to the public point"
    }

    private static func edwardsFlaw(_ x: [UInt8], _ d: [UInt8]?) -> String? {
        guard x.count == 32, (try? Curve25519.Signing.PublicKey(rawRepresentation: x)) != nil else { return "an ed25519 key has 32 bytes" }
        guard !lowOrderEdwardsPoints.contains(x) else { return "the ed25519 key is a point of low order" }
        guard let d else { return nil }
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: d) else { return "an ed25519 seed has 32 bytes" }
        return [UInt8](key.publicKey.rawRepresentation) == x ? nil : "the seed does not belong to the public key"
    }

    private static func montgomeryFlaw(_ x: [UInt8], _ d: [UInt8]?) -> String? {
        guard x.count == 32, (try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: x)) != nil else {
            return "an x25519 key has 32 bytes"
        }
        guard let d else { return nil }
        guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: d) else { return "an x25519 scalar has 32 bytes" }
        return [UInt8](key.publicKey.rawRepresentation) == x ? nil : "the scalar does not belong to the public key"
    }

    /// Encodings of the eight points of small order on edwards25519, canonical and not: a signature under such a key
    /// verifies for any message.
    private static let lowOrderEdwardsPoints: Set<[UInt8]> = {
        let order8 = [
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ].map(hexadecimal)
        let small: [[UInt8]] = [
            [1] + [UInt8](repeating: 0, count: 31),
            [UInt8](repeating: 0, count: 32),
            [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
            [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
            [0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        ]
        let positive = order8 + small
        return Set(positive + positive.map { $0.dropLast() + [$0[31] | 0x80] })
    }()

    private static func hexadecimal(_ text: String) -> [UInt8] {
        let digits = text.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension RSANumbers {
    fileprivate var flaw: String? {
        if let flaw = RSAModulus.flaw(modulus: modulus, exponent: exponent) { return flaw }
        guard privateNumbers == nil || (try? signingKey()) != nil else { return "the rsa private numbers do not belong together" }
        return nil
    }

    /// The private key for signing.
    func signingKey() throws -> _RSA.Signing.PrivateKey? {
        guard let secret = privateNumbers else { return nil }
        guard let p = secret.firstPrime, let q = secret.secondPrime else {
            return try _RSA.Signing.PrivateKey._createFromNumbers(n: modulus, e: exponent, d: secret.exponent)
        }
        return try _RSA.Signing.PrivateKey(n: modulus, e: exponent, d: secret.exponent, p: p, q: q)
    }

    /// The private key for decryption.
    func decryptionKey() throws -> _RSA.Encryption.PrivateKey? {
        guard let secret = privateNumbers else { return nil }
        guard let p = secret.firstPrime, let q = secret.secondPrime else {
            return try _RSA.Encryption.PrivateKey._createFromNumbers(n: modulus, e: exponent, d: secret.exponent)
        }
        return try _RSA.Encryption.PrivateKey(n: modulus, e: exponent, d: secret.exponent, p: p, q: q)
    }
}

extension ModuleLattice {
    fileprivate func flaw(_ pub: [UInt8], _ seed: [UInt8]?) -> String? {
        guard pub.count == publicKeyBytes else { return "an \(rawValue) public key has \(publicKeyBytes) bytes" }
        guard let seed else { return nil }
        guard seed.count == 32 else { return "an \(rawValue) seed has 32 bytes" }
        return publicKey(ofSeed: seed) == pub ? nil : "the seed does not belong to the public key"
    }

    /// The public key that grows from the seed, or nil where the seed is none.
    func publicKey(ofSeed seed: [UInt8]) -> [UInt8]? {
        switch self {
        case .mlDSA65: (try? MLDSA65.PrivateKey(seedRepresentation: seed, publicKey: nil)).map { [UInt8]($0.publicKey.rawRepresentation) }
        case .mlDSA87: (try? MLDSA87.PrivateKey(seedRepresentation: seed, publicKey: nil)).map { [UInt8]($0.publicKey.rawRepresentation) }
        }
    }
}
