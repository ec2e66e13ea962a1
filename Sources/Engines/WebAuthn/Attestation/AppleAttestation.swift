import SwiftASN1

extension AttestationClaim {
    /// Apple's anonymous format (section 8.8): a certificate made for this credential and this ceremony.
    func verifyApple() throws(WebAuthnError) -> AttestationChain? {
        try checkMembers(["x5c"])
        let chain = try chain()
        guard let value = chain.leaf.value(of: [1, 2, 840, 113635, 100, 8, 2]), let nonce = Self.nonce(value) else {
            throw refusal("the certificate carries no nonce")
        }
        guard isEqualInConstantTime(nonce, sha256(signedBytes)) else { throw refusal("the certificate's nonce is another") }
        guard chain.leaf.holds(credential.key) else { throw refusal("the certificate is for another key") }
        return chain
    }

    /// `SEQUENCE { [1] EXPLICIT OCTET STRING }`.
    private static func nonce(_ value: [UInt8]) -> [UInt8]? {
        let octets = try? DER.sequence(DER.parse(value), identifier: .sequence) { nodes in
            try DER.explicitlyTagged(&nodes, tagNumber: 1, tagClass: .contextSpecific) { try ASN1OctetString(derEncoded: $0) }
        }
        return octets.map { Array($0.bytes) }
    }
}
