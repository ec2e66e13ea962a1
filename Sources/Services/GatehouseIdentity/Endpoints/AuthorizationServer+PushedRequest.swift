import GatehouseStore
import JOSE
import Passwords
import StrictJSON

extension AuthorizationServer {
    /// The endpoint for pushed authorization requests (RFC 9126).
    ///
    /// The request is checked as the authorization endpoint checks it, so that errors reach the client and not the user.
    public func push(_ request: IdentityRequest) async -> IdentityResponse {
        await answer(request) {
            guard request.method == "POST" else { throw OAuthError(.invalidRequest, "the method must be POST") }
            let client = try await authenticator.authenticate(request, at: now)
            let proof = try await proof(request, path: configuration.endpoints.pushedAuthorization)
            var parameters = request.parameters
            guard parameters["request_uri"] == nil else { throw OAuthError(.invalidRequest, "`request_uri` cannot be pushed") }
            if let proof {
                guard parameters["dpop_jkt"] ?? proof.thumbprint == proof.thumbprint else {
                    throw OAuthError(.invalidDPoPProof, "`dpop_jkt` is another key than the proof's")
                }
                parameters["dpop_jkt"] = proof.thumbprint
            }
            for name in ["client_secret", "client_assertion", "client_assertion_type"] { parameters[name] = nil }
            parameters["client_id"] = client.id
            _ = try AuthorizationParameters(parameters, client: client, pushed: nil).validated(configuration) { _ in "" }
            return try await keep(parameters, client)
        }
    }

    private func keep(_ parameters: FormParameters, _ client: Client) async throws -> IdentityResponse {
        var random = SystemRandomNumberGenerator()
        let secret = SecretFormats.pushedRequest.generate(using: &random)
        let expires = now + configuration.pushedRequestLifetime
        try await store.run(
            """
            INSERT INTO identity_pushed_requests (hash, client_id, parameters, expires)
            VALUES (\(secret.hash), \(client.id), \(parameters.encoded), \(expires))
            """)
        return .json(
            ["request_uri": .string(PushedRequest.prefix + secret.text), "expires_in": JSONValue(configuration.pushedRequestLifetime)],
            status: 201)
    }
}

/// Pushed authorization requests, as they are stored.
enum PushedRequest {
    static let prefix = "urn:ietf:params:oauth:request_uri:"

    /// The parameters; nil where the request is not known, of another client, used or expired.
    static func parameters(_ hash: [UInt8], client: String, at now: Int64, in transaction: Transaction) throws -> FormParameters? {
        let row = try transaction.row(
            """
            SELECT parameters FROM identity_pushed_requests
            WHERE hash = \(hash) AND client_id = \(client) AND expires > \(now) AND spent IS NULL
            """)
        return try row.map { try FormParameters(parsing: $0.text("parameters")) }
    }

    /// Spends a request; exactly one of all that try wins. Where nothing was pushed there is nothing to spend.
    static func spend(_ hash: [UInt8]?, at now: Int64, in transaction: Transaction) throws -> Bool {
        guard let hash else { return true }
        return try transaction.run("UPDATE identity_pushed_requests SET spent = \(now) WHERE hash = \(hash) AND spent IS NULL") == 1
    }
}
