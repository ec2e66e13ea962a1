import Crypto
import Foundation
public import JOSE

/// A credential public key (RFC 9052 section 7, WebAuthn section 5.8.5), checked as keys of JOSE are.
public struct COSEKey: Sendable, Equatable {
    /// The one algorithm of the key.
    public let algorithm: COSEAlgorithm
    /// The numbers.
    public let material: KeyMaterial

    /// Reads a key from a CBOR map.
    ///
    /// Refuses: a missing `alg`, members beside the required ones, a curve that is not the algorithm's, points off their curve,
    /// weak RSA numbers.
    /// - Throws: ``WebAuthnError``: `malformed`, `unsupported`.
    public init(_ map: CBORMap) throws(WebAuthnError) {
        guard let number = map[3]?.integer else { throw WebAuthnError(.malformed, "a credential key needs `alg`") }
        guard let algorithm = COSEAlgorithm(rawValue: number) else {
            throw WebAuthnError(.unsupported, "cose algorithm \(number) is not supported")
        }
        self.algorithm = algorithm
        let found: KeyMaterial?
        switch algorithm {
        case .es256: found = Self.elliptic(map, .p256, number: 1)
        case .es384: found = Self.elliptic(map, .p384, number: 2)
        case .es512: found = Self.elliptic(map, .p521, number: 3)
        case .edDSA: found = Self.edwards(map)
        case .rs256: found = Self.rsa(map)
        }
        guard let found else { throw WebAuthnError(.malformed, "the credential key's members do not fit its algorithm") }
        do {
            material = try found.checked()
        } catch {
            throw WebAuthnError(.malformed, "the credential key is refused: \(error.reason)")
        }
    }

    /// Reads a key from its bytes.
    public init(_ bytes: [UInt8]) throws(WebAuthnError) {
        guard let map = try CBORReader.decode(bytes).map else { throw WebAuthnError(.malformed, "a credential key is a cbor map") }
        try self.init(map)
    }

    private static func elliptic(_ map: CBORMap, _ curve: Curve, number: Int64) -> KeyMaterial? {
        guard map.members.count == 5, map[1]?.integer == 2, map[-1]?.integer == number, let x = map[-2]?.bytes, let y = map[-3]?.bytes
        else { return nil }
        return .elliptic(curve, x: x, y: y, d: nil)
    }

    private static func edwards(_ map: CBORMap) -> KeyMaterial? {
        guard map.members.count == 4, map[1]?.integer == 1, map[-1]?.integer == 6, let x = map[-2]?.bytes else { return nil }
        return .octetPair(.ed25519, x: x, d: nil)
    }

    private static func rsa(_ map: CBORMap) -> KeyMaterial? {
        guard map.members.count == 4, map[1]?.integer == 3, let n = map[-1]?.bytes, let e = map[-2]?.bytes else { return nil }
        return .rsa(RSANumbers(modulus: n, exponent: e))
    }

    /// True where the signature, ECDSA in DER, is that of the message.
    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch material {
        case .elliptic(let curve, let x, let y, _): Self.verifies(signature, message, curve, x + y)
        case .octetPair, .rsa:
            (try? JSONWebKey(material)).flatMap { try? VerificationKey($0, allowing: [.edDSA, .rs256]) }
                .map { $0.verifies(signature, of: message, by: algorithm == .edDSA ? .edDSA : .rs256) } ?? false
        default: false
        }
    }

    private static func verifies(_ signature: [UInt8], _ message: [UInt8], _ curve: Curve, _ point: [UInt8]) -> Bool {
        switch curve {
        case .p256:
            guard let key = try? P256.Signing.PublicKey(rawRepresentation: point),
                let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(parsed, for: SHA256.hash(data: message))
        case .p384:
            guard let key = try? P384.Signing.PublicKey(rawRepresentation: point),
                let parsed = try? P384.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(parsed, for: SHA384.hash(data: message))
        case .p521:
            guard let key = try? P521.Signing.PublicKey(rawRepresentation: point),
                let parsed = try? P521.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(parsed, for: SHA512.hash(data: message))
        }
    }

    /// The key as CTAP2 canonical CBOR.
    public var bytes: [UInt8] {
        let kind: [(Int64, CBORValue)]
        switch material {
        case .elliptic(let curve, let x, let y, _):
            let number: Int64 = curve == .p256 ? 1 : curve == .p384 ? 2 : 3
            kind = [(1, CBORValue(2)), (-1, CBORValue(number)), (-2, .bytes(x)), (-3, .bytes(y))]
        case .octetPair(_, let x, _): kind = [(1, CBORValue(1)), (-1, CBORValue(6)), (-2, .bytes(x))]
        case .rsa(let numbers): kind = [(1, CBORValue(3)), (-1, .bytes(numbers.modulus)), (-2, .bytes(numbers.exponent))]
        default: kind = []
        }
        let members = (kind + [(3, CBORValue(algorithm.rawValue))]).map { (CBORValue($0.0), $0.1) }
        return CBORWriter.encode(.map(CBORMap(members)))
    }
}

func sha256(_ bytes: [UInt8]) -> [UInt8] { [UInt8](SHA256.hash(data: bytes)) }
