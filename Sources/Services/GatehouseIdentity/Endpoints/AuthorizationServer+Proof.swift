import GatehouseStore
import JOSE

extension AuthorizationServer {
    /// The proof of possession that came with a request, if one came.
    ///
    /// Refuses: two proofs, a proof without a nonce of ours where one is required, and one that was used before.
    func proof(_ request: IdentityRequest, path: String, accessToken: String? = nil) async throws -> DPoPProof? {
        guard request.proofs.count <= 1 else { throw OAuthError(.invalidDPoPProof, "more than one proof") }
        guard let text = request.proofs.first else { return nil }
        let now = now
        let proof = try DPoPProof(
            text, method: request.method, address: address(path), accessToken: accessToken, lifetime: configuration.proofLifetime,
            skew: configuration.skew, at: now)
        if let nonce = proof.nonce {
            guard nonces.accepts(nonce, at: now) else { throw OAuthError(.useDPoPNonce, "the nonce is not, or no longer, good") }
        } else if configuration.requiresProofNonce {
            throw OAuthError(.useDPoPNonce, "the proof needs a nonce")
        }
        let expires = now + configuration.proofLifetime + 2 * configuration.skew + 1
        guard
            try await store.write({ try Replays.take("dpop", proof.thumbprint + "\n" + proof.identifier, until: expires, at: now, in: $0) })
        else {
            throw OAuthError(.invalidDPoPProof, "the proof was used before")
        }
        return proof
    }
}
