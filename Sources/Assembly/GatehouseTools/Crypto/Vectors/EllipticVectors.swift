import Crypto
import CryptoExtras
import Envelope
import StrictJSON

extension VectorCase {
    func ellipticSignature(isDER: Bool) throws -> VectorVerdict {
        switch text("sha") ?? "" {
        case "SHA-256": return try ellipticSignature(SHA256.hash(data: bytes("msg")), isDER)
        case "SHA-384": return try ellipticSignature(SHA384.hash(data: bytes("msg")), isDER)
        case "SHA-512": return try ellipticSignature(SHA512.hash(data: bytes("msg")), isDER)
        case "SHA3-256": return try ellipticSignature(SHA3_256.hash(data: bytes("msg")), isDER)
        case "SHA3-384": return try ellipticSignature(SHA3_384.hash(data: bytes("msg")), isDER)
        case "SHA3-512": return try ellipticSignature(SHA3_512.hash(data: bytes("msg")), isDER)
        case let hash: return .unsupported("no hash `\(hash)` for ECDSA")
        }
    }

    private func ellipticSignature(_ digest: some Digest, _ isDER: Bool) throws -> VectorVerdict {
        let signature = bytes("sig")
        let key = group["publicKey"] ?? group["key"]
        let point = key?["uncompressed"]?.string.flatMap(Self.hexadecimal) ?? []
        let isValid: Bool
        switch key?["curve"]?.string ?? "" {
        case "secp256r1":
            let parsed = isDER ? try P256.Signing.ECDSASignature(derRepresentation: signature) : try .init(rawRepresentation: signature)
            isValid = try P256.Signing.PublicKey(x963Representation: point).isValidSignature(parsed, for: digest)
        case "secp384r1":
            let parsed = isDER ? try P384.Signing.ECDSASignature(derRepresentation: signature) : try .init(rawRepresentation: signature)
            isValid = try P384.Signing.PublicKey(x963Representation: point).isValidSignature(parsed, for: digest)
        case "secp521r1":
            let parsed = isDER ? try P521.Signing.ECDSASignature(derRepresentation: signature) : try .init(rawRepresentation: signature)
            isValid = try P521.Signing.PublicKey(x963Representation: point).isValidSignature(parsed, for: digest)
        case let curve: return .unsupported("no curve `\(curve)`")
        }
        return isValid ? .accepted : .refused
    }

    func ellipticAgreement(_ type: String) throws -> VectorVerdict {
        switch text("curve") ?? "" {
        case "secp256r1", "P-256": return try agreement(P256Agreement.self, type)
        case "secp384r1", "P-384": return try agreement(P384Agreement.self, type)
        case "secp521r1", "P-521": return try agreement(P521Agreement.self, type)
        case let curve: return .unsupported("no curve `\(curve)`")
        }
    }

    private func agreement<Curve: AgreementCurve>(_ curve: Curve.Type, _ type: String) throws -> VectorVerdict {
        let shared: [UInt8]
        switch type {
        case "EcdhTest":
            guard Self.namesItsCurve(bytes("public")) else { return .refused }
            shared = try Curve.shared(scalar(bytes("private"), Curve.size), der: bytes("public"))
        case "EcdhEcpointTest": shared = try Curve.shared(scalar(bytes("private"), Curve.size), point: bytes("public"))
        case "EcdhPemTest":
            guard Self.namesItsCurve(Self.pem(text("public") ?? "") ?? []) else { return .refused }
            shared = try Curve.shared(privatePEM: text("private") ?? "", publicPEM: text("public") ?? "")
        default:
            let (mine, theirs) = (try jwk("private", Curve.name, ["d"]), try jwk("public", Curve.name, ["x", "y"]))
            guard theirs.allSatisfy({ $0.count == Curve.size }) else { return .refused }
            shared = try Curve.shared(scalar(mine[0], Curve.size), point: [4] + theirs[0] + theirs[1])
        }
        return .output(shared, is: bytes("shared"))
    }

    /// Refuses: a public key that writes its curve's numbers out in place of its name (RFC 5480 §2.1.1), which the library reads without a
    /// look at order and cofactor.
    private static func namesItsCurve(_ key: [UInt8]) -> Bool {
        let algorithm: [UInt8] = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
        guard let found = key.firstRange(of: algorithm), found.upperBound < key.count else { return false }
        return key[found.upperBound] == 0x06
    }

    /// Members of a JSON Web Key on a curve.
    private func jwk(_ key: String, _ curve: String, _ members: [String]) throws -> [[UInt8]] {
        guard let node = test[key], node["crv"]?.string == curve else { throw EnvelopeError(.malformed, "not a key of this curve") }
        return try members.map { member in
            guard let bytes = node[member]?.string.flatMap(Self.base64URL) else { throw EnvelopeError(.malformed, "no `\(member)`") }
            return bytes
        }
    }

    /// A big-endian integer of any length as one of `size` bytes.
    private func scalar(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return digits.count >= size ? digits : [UInt8](repeating: 0, count: size - digits.count) + digits
    }

    func edwardsSignature() throws -> VectorVerdict {
        let key = group["publicKey"] ?? group["key"]
        guard let curve = key?["curve"]?.string, curve == "edwards25519" else { return .unsupported("no curve but edwards25519") }
        let point = key?["pk"]?.string.flatMap(Self.hexadecimal) ?? []
        let isValid = try Curve25519.Signing.PublicKey(rawRepresentation: point).isValidSignature(bytes("sig"), for: bytes("msg"))
        return isValid ? .accepted : .refused
    }

    func montgomeryAgreement(_ type: String) throws -> VectorVerdict {
        guard let curve = text("curve"), ["curve25519", "x25519", "X25519"].contains(curve) else {
            return .unsupported("no curve but curve25519")
        }
        let mine: Curve25519.KeyAgreement.PrivateKey
        let theirs: Curve25519.KeyAgreement.PublicKey
        switch type {
        case "XdhComp": (mine, theirs) = (try .init(rawRepresentation: bytes("private")), try .init(rawRepresentation: bytes("public")))
        case "XdhAsnComp": (mine, theirs) = (try .init(derRepresentation: bytes("private")), try .init(derRepresentation: bytes("public")))
        case "XdhPemComp":
            (mine, theirs) = (try .init(pemRepresentation: text("private") ?? ""), try .init(pemRepresentation: text("public") ?? ""))
        default:
            mine = try .init(rawRepresentation: jwk("private", "X25519", ["d"])[0])
            theirs = try .init(rawRepresentation: jwk("public", "X25519", ["x"])[0])
        }
        return .output(try mine.sharedSecretFromKeyAgreement(with: theirs).bytes, is: bytes("shared"))
    }
}

/// What the three curves have in common, which the library writes three times.
private protocol AgreementCurve {
    static var size: Int { get }
    static var name: String { get }
    static func shared(_ scalar: [UInt8], der: [UInt8]) throws -> [UInt8]
    static func shared(_ scalar: [UInt8], point: [UInt8]) throws -> [UInt8]
    static func shared(privatePEM: String, publicPEM: String) throws -> [UInt8]
}

private enum P256Agreement: AgreementCurve {
    static let (size, name) = (32, "P-256")
    private typealias Private = P256.KeyAgreement.PrivateKey
    private typealias Public = P256.KeyAgreement.PublicKey

    static func shared(_ scalar: [UInt8], der: [UInt8]) throws -> [UInt8] {
        try Private(rawRepresentation: scalar).sharedSecretFromKeyAgreement(with: Public(derRepresentation: der)).bytes
    }

    static func shared(_ scalar: [UInt8], point: [UInt8]) throws -> [UInt8] {
        let key = point.first == 4 ? try Public(x963Representation: point) : try Public(compressedRepresentation: point)
        return try Private(rawRepresentation: scalar).sharedSecretFromKeyAgreement(with: key).bytes
    }

    static func shared(privatePEM: String, publicPEM: String) throws -> [UInt8] {
        try Private(pemRepresentation: privatePEM).sharedSecretFromKeyAgreement(with: Public(pemRepresentation: publicPEM)).bytes
    }
}

private enum P384Agreement: AgreementCurve {
    static let (size, name) = (48, "P-384")
    private typealias Private = P384.KeyAgreement.PrivateKey
    private typealias Public = P384.KeyAgreement.PublicKey

    static func shared(_ scalar: [UInt8], der: [UInt8]) throws -> [UInt8] {
        try Private(rawRepresentation: scalar).sharedSecretFromKeyAgreement(with: Public(derRepresentation: der)).bytes
    }

    static func shared(_ scalar: [UInt8], point: [UInt8]) throws -> [UInt8] {
        let key = point.first == 4 ? try Public(x963Representation: point) : try Public(compressedRepresentation: point)
        return try Private(rawRepresentation: scalar).sharedSecretFromKeyAgreement(with: key).bytes
    }

    static func shared(privatePEM: String, publicPEM: String) throws -> [UInt8] {
        try Private(pemRepresentation: privatePEM).sharedSecretFromKeyAgreement(with: Public(pemRepresentation: publicPEM)).bytes
    }
}

private enum P521Agreement: AgreementCurve {
    static let (size, name) = (66, "P-521")
    private typealias Private = P521.KeyAgreement.PrivateKey
    private typealias Public = P521.KeyAgreement.PublicKey

    static func shared(_ scalar: [UInt8], der: [UInt8]) throws -> [UInt8] {
        try Private(rawRepresentation: scalar).sharedSecretFromKeyAgreement(with: Public(derRepresentation: der)).bytes
    }

    static func shared(_ scalar: [UInt8], point: [UInt8]) throws -> [UInt8] {
        let key = point.first == 4 ? try Public(x963Representation: point) : try Public(compressedRepresentation: point)
        return try Private(rawRepresentation: scalar).sharedSecretFromKeyAgreement(with: key).bytes
    }

    static func shared(privatePEM: String, publicPEM: String) throws -> [UInt8] {
        try Private(pemRepresentation: privatePEM).sharedSecretFromKeyAgreement(with: Public(pemRepresentation: publicPEM)).bytes
    }
}

extension SharedSecret {
    fileprivate var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}
