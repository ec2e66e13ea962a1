import SwiftASN1

extension AttestationClaim {
    /// The format of Android's keystore (section 8.4).
    func verifyAndroidKey() throws(WebAuthnError) -> AttestationChain? {
        try checkMembers(["alg", "sig", "x5c"])
        let chain = try chain()
        guard chain.leaf.verifies(try signature(), of: signedBytes, by: try algorithm()) else {
            throw refusal("the android attestation does not verify")
        }
        guard chain.leaf.holds(credential.key) else { throw refusal("the certificate is for another key") }
        guard let value = chain.leaf.value(of: [1, 3, 6, 1, 4, 1, 11129, 2, 1, 17]), let description = try? AndroidKeyDescription(value)
        else {
            throw refusal("the certificate carries no key description")
        }
        guard isEqualInConstantTime(description.challenge, clientDataHash) else {
            throw refusal("the key description is for another ceremony")
        }
        guard !description.software.isForAllApplications, !description.hardware.isForAllApplications else {
            throw refusal("the key is open to all applications")
        }
        guard requiresAndroidHardware ? description.hardware.isGeneratedSigningKey : description.contradictsSigningKey == false else {
            throw refusal("the key was not generated in the device, or is not for signatures")
        }
        return chain
    }
}

/// The extension in which Android's keystore describes a key.
struct AndroidKeyDescription {
    let challenge: [UInt8]
    let software: Authorizations
    let hardware: Authorizations

    /// What a key may do, as far as it matters here.
    struct Authorizations {
        var purposes: [Int] = []
        var origin: Int?
        var isForAllApplications = false

        /// `KM_ORIGIN_GENERATED` is 0, `KM_PURPOSE_SIGN` is 2.
        var isGeneratedSigningKey: Bool { origin == 0 && purposes.contains(2) }
    }

    /// True where either list says that the key came from outside or does not sign. What neither says is not held against it.
    var contradictsSigningKey: Bool {
        let origins = [software.origin, hardware.origin].compactMap { $0 }
        let purposes = software.purposes + hardware.purposes
        return origins.contains { $0 != 0 } || (!purposes.isEmpty && !purposes.contains(2))
    }

    init(_ bytes: [UInt8]) throws {
        (challenge, software, hardware) = try DER.sequence(DER.parse(bytes), identifier: .sequence) { nodes in
            for _ in 0..<4 { _ = nodes.next() }
            let challenge = try ASN1OctetString(derEncoded: &nodes)
            _ = try ASN1OctetString(derEncoded: &nodes)
            let software = try Self.authorizations(nodes.next())
            let hardware = try Self.authorizations(nodes.next())
            while nodes.next() != nil {}
            return (Array(challenge.bytes), software, hardware)
        }
    }

    private static func authorizations(_ node: ASN1Node?) throws -> Authorizations {
        guard let node else { throw WebAuthnError(.attestationInvalid, "the key description ends early") }
        return try DER.sequence(node, identifier: .sequence) { nodes in
            var found = Authorizations()
            while let node = nodes.next() {
                guard node.identifier.tagClass == .contextSpecific, case .constructed(let content) = node.content else { continue }
                var inner = content.makeIterator()
                guard let value = inner.next() else { continue }
                switch node.identifier.tagNumber {
                case 1: found.purposes = try DER.set(of: Int.self, identifier: .set, rootNode: value)
                case 600: found.isForAllApplications = true
                case 702: found.origin = try Int(derEncoded: value)
                default: break
                }
            }
            return found
        }
    }
}
