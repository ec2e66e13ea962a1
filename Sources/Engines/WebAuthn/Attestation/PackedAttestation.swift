import SwiftASN1
import X509

extension AttestationClaim {
    /// The packed format (section 8.2): by an attestation key with certificates, or by the credential itself.
    func verifyPacked() throws(WebAuthnError) -> AttestationChain? {
        try checkMembers(["alg", "sig", "x5c"])
        let algorithm = try algorithm()
        let signature = try signature()
        guard statement["x5c"] != nil else {
            guard algorithm == credential.key.algorithm, credential.key.verifies(signature, of: signedBytes) else {
                throw refusal("the self attestation does not verify")
            }
            return nil
        }
        let chain = try chain()
        guard chain.leaf.verifies(signature, of: signedBytes, by: algorithm) else {
            throw refusal("the packed attestation does not verify")
        }
        try checkPackedCertificate(chain.leaf)
        return chain
    }

    /// The requirements of section 8.2.1.
    private func checkPackedCertificate(_ leaf: AttestationCertificate) throws(WebAuthnError) {
        guard leaf.certificate.version == .v3, !leaf.isAuthority, leaf.certificate.extensions[oid: [2, 5, 29, 19]] != nil else {
            throw refusal("the attestation certificate is no end certificate of version 3")
        }
        let subject = leaf.certificate.subject
        guard subject.value([2, 5, 4, 6])?.utf8.count == 2, subject.value([2, 5, 4, 10]) != nil, subject.value([2, 5, 4, 3]) != nil,
            subject.value([2, 5, 4, 11]) == "Authenticator Attestation"
        else { throw refusal("the attestation certificate's subject is not as required") }
        guard leaf.namesModel(credential.aaguid) else { throw refusal("the attestation certificate names another model") }
    }
}

extension DistinguishedName {
    /// The text of the one attribute of this type.
    func value(_ type: ASN1ObjectIdentifier) -> String? {
        let found = flatMap { Array($0) }.filter { $0.type == type }
        return found.count == 1 ? String(found[0].value) : nil
    }
}
