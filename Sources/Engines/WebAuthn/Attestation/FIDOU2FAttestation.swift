import Crypto
import Foundation
import JOSE
import X509

extension AttestationClaim {
    /// The format of U2F security keys (section 8.6).
    func verifyFIDOU2F() throws(WebAuthnError) -> AttestationChain? {
        try checkMembers(["sig", "x5c"])
        let chain = try chain()
        guard chain.certificates.count == 1, P256.Signing.PublicKey(chain.leaf.certificate.publicKey) != nil else {
            throw refusal("a u2f attestation has one certificate with a key on P-256")
        }
        guard credential.key.algorithm == .es256, case .elliptic(.p256, let x, let y, _) = credential.key.material else {
            throw refusal("a u2f credential is a key on P-256")
        }
        let message = [0] + data.relyingPartyHash + clientDataHash + credential.id + [4] + x + y
        guard chain.leaf.verifies(try signature(), of: message, by: .es256) else { throw refusal("the u2f attestation does not verify") }
        return chain
    }
}
