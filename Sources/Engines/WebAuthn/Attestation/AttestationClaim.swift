import Crypto
import CryptoExtras
import Foundation
import JOSE
import SwiftASN1
import X509

/// A statement with everything it speaks about.
struct AttestationClaim {
    let statement: CBORMap
    let data: AuthenticatorData
    let credential: AuthenticatorData.AttestedCredential
    let clientDataHash: [UInt8]
    let requiresAndroidHardware: Bool

    /// What most formats sign.
    var signedBytes: [UInt8] { data.bytes + clientDataHash }

    func algorithm() throws(WebAuthnError) -> COSEAlgorithm {
        guard let number = statement["alg"]?.integer else { throw refusal("`alg` is missing") }
        guard let algorithm = COSEAlgorithm(rawValue: number) else {
            throw WebAuthnError(.unsupported, "cose algorithm \(number) is not supported")
        }
        return algorithm
    }

    func signature() throws(WebAuthnError) -> [UInt8] {
        guard let signature = statement["sig"]?.bytes else { throw refusal("`sig` is missing") }
        return signature
    }

    /// `x5c`, the attestation certificate first.
    func chain() throws(WebAuthnError) -> AttestationChain {
        guard let list = statement["x5c"]?.array, !list.isEmpty, list.count <= 8 else {
            throw refusal("`x5c` is not a list of certificates")
        }
        var certificates: [AttestationCertificate] = []
        for element in list {
            guard let bytes = element.bytes, let certificate = AttestationCertificate(bytes) else {
                throw refusal("a certificate of `x5c` is malformed")
            }
            certificates.append(certificate)
        }
        return AttestationChain(certificates: certificates)
    }

    /// Refuses members beside those that the format has.
    func checkMembers(_ names: Set<String>) throws(WebAuthnError) {
        for member in statement.members where !(member.key.text.map(names.contains) ?? false) {
            throw refusal("the statement has a member that its format does not know")
        }
    }

    func refusal(_ reason: String) -> WebAuthnError { WebAuthnError(.attestationInvalid, reason) }
}

/// A certificate with its bytes.
struct AttestationCertificate {
    let certificate: Certificate
    let bytes: [UInt8]

    init?(_ bytes: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: bytes) else { return nil }
        self.certificate = certificate
        self.bytes = bytes
    }

    /// True where the signature is this certificate's key's.
    func verifies(_ signature: [UInt8], of message: [UInt8], by algorithm: COSEAlgorithm) -> Bool {
        certificate.publicKey.isValidSignature(signature, for: message, signatureAlgorithm: algorithm.certificateAlgorithm)
    }

    /// True where the certificate's key is the credential's.
    func holds(_ key: COSEKey) -> Bool {
        switch key.material {
        case .elliptic(.p256, let x, let y, _):
            P256.Signing.PublicKey(certificate.publicKey).map { [UInt8]($0.rawRepresentation) == x + y } ?? false
        case .elliptic(.p384, let x, let y, _):
            P384.Signing.PublicKey(certificate.publicKey).map { [UInt8]($0.rawRepresentation) == x + y } ?? false
        case .elliptic(.p521, let x, let y, _):
            P521.Signing.PublicKey(certificate.publicKey).map { [UInt8]($0.rawRepresentation) == x + y } ?? false
        case .octetPair(_, let x, _):
            Curve25519.Signing.PublicKey(certificate.publicKey).map { [UInt8]($0.rawRepresentation) == x } ?? false
        case .rsa(let numbers):
            _RSA.Signing.PublicKey(certificate.publicKey).flatMap { try? $0.getKeyPrimitives() }
                .map { [UInt8]($0.modulus) == numbers.modulus && [UInt8]($0.publicExponent) == numbers.exponent } ?? false
        default: false
        }
    }

    /// The bytes of an extension.
    func value(of identifier: ASN1ObjectIdentifier) -> [UInt8]? { certificate.extensions[oid: identifier].map { Array($0.value) } }

    var isAuthority: Bool {
        guard let constraints = try? certificate.extensions.basicConstraints else { return false }
        if case .isCertificateAuthority = constraints { return true }
        return false
    }

    /// True where the extension that names the model is absent, or names this one and is not critical (section 8.2.1).
    func namesModel(_ aaguid: [UInt8]) -> Bool {
        guard let found = certificate.extensions[oid: [1, 3, 6, 1, 4, 1, 45724, 1, 1, 4]] else { return true }
        return !found.critical && Array(found.value) == [4, 16] + aaguid
    }
}
