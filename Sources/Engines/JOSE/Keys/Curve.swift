import Crypto
import FoundationEssentials

/// A curve of the NIST family as JOSE names it (RFC 7518 section 6.2.1.1).
public enum Curve: String, Sendable, Hashable, CaseIterable {
    /// secp256r1.
    case p256 = "P-256"
    /// secp384r1.
    case p384 = "P-384"
    /// secp521r1.
    case p521 = "P-521"

    /// The length of a coordinate and of a private scalar, in bytes.
    public var coordinateBytes: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }

    /// The one signature algorithm of the curve (RFC 7518 section 3.4).
    public var signatureAlgorithm: SignatureAlgorithm {
        switch self {
        case .p256: .es256
        case .p384: .es384
        case .p521: .es512
        }
    }

    /// True where the point lies on the curve; the point at infinity does not.
    func contains(x: [UInt8], y: [UInt8]) -> Bool {
        switch self {
        case .p256: (try? P256.KeyAgreement.PublicKey(rawRepresentation: x + y)) != nil
        case .p384: (try? P384.KeyAgreement.PublicKey(rawRepresentation: x + y)) != nil
        case .p521: (try? P521.KeyAgreement.PublicKey(rawRepresentation: x + y)) != nil
        }
    }

    /// The public point of a private scalar as x then y, or nil where the scalar is out of range.
    func publicPoint(of scalar: [UInt8]) -> [UInt8]? {
        switch self {
        case .p256: (try? P256.KeyAgreement.PrivateKey(rawRepresentation: scalar)).map { [UInt8]($0.publicKey.rawRepresentation) }
        case .p384: (try? P384.KeyAgreement.PrivateKey(rawRepresentation: scalar)).map { [UInt8]($0.publicKey.rawRepresentation) }
        case .p521: (try? P521.KeyAgreement.PrivateKey(rawRepresentation: scalar)).map { [UInt8]($0.publicKey.rawRepresentation) }
        }
    }

    /// The shared x coordinate of ECDH, or nil where either side is not a valid key.
    func sharedSecret(scalar: [UInt8], x: [UInt8], y: [UInt8]) -> [UInt8]? {
        let secret: SharedSecret?
        switch self {
        case .p256:
            secret = try? P256.KeyAgreement.PrivateKey(rawRepresentation: scalar)
                .sharedSecretFromKeyAgreement(with: .init(rawRepresentation: x + y))
        case .p384:
            secret = try? P384.KeyAgreement.PrivateKey(rawRepresentation: scalar)
                .sharedSecretFromKeyAgreement(with: .init(rawRepresentation: x + y))
        case .p521:
            secret = try? P521.KeyAgreement.PrivateKey(rawRepresentation: scalar)
                .sharedSecretFromKeyAgreement(with: .init(rawRepresentation: x + y))
        }
        return secret.map { unsafe $0.withUnsafeBytes { unsafe [UInt8]($0) } }
    }
}
