import Foundation
import SwiftASN1
import X509

/// Certificates in the order of `x5c`: each is signed by the next.
struct AttestationChain {
    let certificates: [AttestationCertificate]

    var leaf: AttestationCertificate { certificates[0] }

    /// True where the chain leads to one of the roots.
    ///
    /// - Throws: ``WebAuthnError/Code/attestationInvalid`` where the certificates do not follow on each other, are out of their
    ///   time, or carry critical extensions that are not understood.
    func isTrusted(by roots: [Certificate], at seconds: Int64) throws(WebAuthnError) -> Bool {
        let now = Date(timeIntervalSince1970: Double(seconds))
        for (index, link) in certificates.enumerated() {
            try check(link, depth: index, at: now)
            if roots.contains(link.certificate) { return true }
            if roots.contains(where: { signs($0, link.certificate, at: now) }) { return true }
            guard index + 1 < certificates.count else { return false }
            guard signs(certificates[index + 1].certificate, link.certificate, at: now) else {
                throw WebAuthnError(.attestationInvalid, "the attestation certificates do not follow on each other")
            }
        }
        return false
    }

    private func check(_ link: AttestationCertificate, depth: Int, at now: Date) throws(WebAuthnError) {
        let certificate = link.certificate
        guard certificate.notValidBefore <= now, now <= certificate.notValidAfter else {
            throw WebAuthnError(.attestationInvalid, "an attestation certificate is out of its time")
        }
        guard !certificate.extensions.contains(where: { $0.critical && !Self.understood.contains($0.oid) }) else {
            throw WebAuthnError(.attestationInvalid, "an attestation certificate has a critical extension that is not understood")
        }
        guard depth == 0 || link.isAuthority else {
            throw WebAuthnError(.attestationInvalid, "a certificate of no authority signs another")
        }
    }

    /// True where `issuer` is an authority in its time that signed `subject`.
    private func signs(_ issuer: Certificate, _ subject: Certificate, at now: Date) -> Bool {
        guard issuer.subject == subject.issuer, issuer.notValidBefore <= now, now <= issuer.notValidAfter else { return false }
        guard let constraints = try? issuer.extensions.basicConstraints, case .isCertificateAuthority = constraints else { return false }
        if let usage = try? issuer.extensions.keyUsage, !usage.keyCertSign { return false }
        return issuer.publicKey.isValidSignature(subject.signature, for: subject)
    }

    /// Basic constraints, key usage, alternative names, extended key usage.
    private static let understood: Set<ASN1ObjectIdentifier> = [[2, 5, 29, 19], [2, 5, 29, 15], [2, 5, 29, 17], [2, 5, 29, 37]]
}
