import JOSE

extension DPoPProof {
    /// Verifies a proof for a request to an endpoint; see ``JOSE/DPoPProof``. Lifetime, skew and moment are in seconds.
    init(
        _ text: String, method: String, address: String, accessToken: String? = nil, lifetime: Int64, skew: Int64, at now: Int64
    ) throws(OAuthError) {
        do {
            let request = Request(method: method, address: address, accessToken: accessToken.map { Array($0.utf8) })
            try self.init(
                Array(text.utf8), for: request, lifetime: .seconds(lifetime), skew: .seconds(skew), at: NumericDate(seconds: Double(now)))
        } catch {
            throw OAuthError(.invalidDPoPProof, error.reason)
        }
    }

    /// `iat`, in whole seconds.
    var issued: Int64 { Int64(issuedAt.seconds) }
}
