internal import Crypto
internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseGuards
internal import HTTPWire
internal import JOSE

/// Checks that whoever shows a bound token holds its key or certificate (RFC 9449, RFC 8705).
struct ProofChecker: Sendable {
    private let settings: ProofSettings
    private let replays: ReplayStore
    private let nonces: ProofNonces
    /// How far the other clock may be off.
    private let skew = Duration.seconds(10)

    init(_ settings: ProofSettings, replays: ReplayStore, nonces: ProofNonces) {
        self.settings = settings
        self.replays = replays
        self.nonces = nonces
    }

    /// Checks what comes with a token.
    func check(
        _ credential: VerifiedCredential, token: ArraySlice<UInt8>, isProven: Bool, _ exchange: Exchange, at now: Int64
    ) throws(CredentialFault) {
        switch credential.binding {
        case .none:
            if isProven { throw Self.fault(.invalid, "proof_unbound", "a token that is bound to no key came under the scheme DPoP") }
            if settings.isRequired { throw Self.fault(.invalid, "proof_required", "the token is bound to no key") }
        case .certificate(let hash):
            guard !isProven else {
                throw Self.fault(.invalid, "proof_unbound", "a token bound to a certificate came under the scheme DPoP")
            }
            guard let shown = exchange.connection.tls?.clientCertificateHash, !shown.isEmpty, Base64URL.string(shown) == hash else {
                throw CredentialFault(.invalid, "certificate_binding", "the token is bound to another certificate than the connection's")
            }
        case .key(let thumbprint):
            guard isProven else { throw Self.fault(.invalid, "proof_scheme", "a token bound to a key came under the scheme Bearer") }
            try checkProof(thumbprint, token, exchange, now)
        }
    }

    private func checkProof(
        _ thumbprint: String, _ token: ArraySlice<UInt8>, _ exchange: Exchange, _ now: Int64
    ) throws(CredentialFault) {
        let fields = exchange.request.fields
        guard let index = fields.firstIndex(of: .dpop), fields.count(of: .dpop) == 1 else {
            throw Self.fault(.proof, "proof_missing", "not exactly one proof came with the token")
        }
        let request = DPoPProof.Request(
            method: exchange.request.method.name, address: exchange.requestAddress, accessToken: Array(token))
        let proof: DPoPProof
        do {
            proof = try DPoPProof(
                Array(fields.valueBytes(at: index)), for: request, lifetime: settings.maximumAge, skew: skew,
                at: NumericDate(seconds: Double(now)))
        } catch {
            throw Self.fault(.proof, "proof_invalid", "the proof does not verify: \(error.reason)")
        }
        guard proof.thumbprint == thumbprint else {
            throw Self.fault(.invalid, "proof_key", "the proof is of another key than the token's")
        }
        if settings.usesNonces || proof.nonce != nil {
            guard let nonce = proof.nonce, nonces.accepts(nonce, at: now) else {
                throw Self.fault(.nonce, "proof_nonce", "the proof has no nonce of ours, or an old one")
            }
        }
        try spend(proof, now)
    }

    private func spend(_ proof: DPoPProof, _ now: Int64) throws(CredentialFault) {
        let life = settings.maximumAge.components.seconds + 2 * skew.components.seconds
        switch replays.take(proof.identifier, of: proof.thumbprint, life: life, at: now) {
        case .fresh: return
        case .replayed: throw Self.fault(.proof, "proof_replayed", "the proof was used before")
        case .full:
            var fault = Self.fault(.unavailable, "proof_room", "there is no room to remember another proof")
            fault.retryAfter = 5
            throw fault
        }
    }

    private static func fault(_ kind: CredentialFault.Kind, _ rule: String, _ reason: String) -> CredentialFault {
        var fault = CredentialFault(kind, rule, reason)
        fault.usesProof = true
        return fault
    }
}

extension Exchange {
    /// The address that the client asked for, without query: `htu` of a proof.
    var requestAddress: String { (isSecure ? "https://" : "http://") + request.authority + request.path }
}
