import Crypto
import Foundation
import GatehouseStore

/// Finds out which client sends a request.
struct ClientAuthenticator: Sendable {
    let store: Store
    let configuration: IdentityConfiguration

    /// The client, authenticated in the one way that it is registered for.
    ///
    /// Unknown clients, wrong secrets, wrong methods and disabled clients are answered alike.
    func authenticate(_ request: IdentityRequest, at now: Int64) async throws -> Client {
        guard !request.hasQuery else { throw OAuthError(.invalidRequest, "parameters in the query of a request with a body") }
        let credentials = try ClientCredentials(request)
        guard let client = try await store.read({ try ClientStore.client(credentials.clientID, in: $0) }), !client.isDisabled else {
            throw OAuthError(.invalidClient, "client authentication failed")
        }
        try await check(credentials, client, at: now)
        return client
    }

    private func check(_ credentials: ClientCredentials, _ client: Client, at now: Int64) async throws {
        switch (credentials.proof, client.metadata.authentication) {
        case (.basic(let secret), .basic), (.post(let secret), .post):
            guard let stored = client.secretHash, isEqualInConstantTime(hash(secret), stored) else {
                throw OAuthError(.invalidClient, "client authentication failed")
            }
        case (.assertion(let assertion), .privateKeyJWT):
            let used = try ClientAssertion.verify(
                assertion, of: client, issuer: configuration.issuer, skew: configuration.skew, at: now)
            guard
                try await store.write({
                    try Replays.take("assertion", client.id + "\n" + used.identifier, until: used.expires, at: now, in: $0)
                })
            else { throw OAuthError(.invalidClient, "the client assertion was used before") }
        case (.none, .none): break
        default: throw OAuthError(.invalidClient, "client authentication failed")
        }
    }
}

/// Identifiers that may be used once.
enum Replays {
    /// Takes an identifier; false where it was taken before.
    static func take(_ kind: String, _ identifier: String, until expires: Int64, at now: Int64, in transaction: Transaction) throws -> Bool
    {
        try transaction.run(
            """
            INSERT INTO identity_replays (hash, expires) VALUES (\(hash(kind + "\n" + identifier)), \(expires))
            ON CONFLICT (hash) DO NOTHING
            """) == 1
    }
}

/// SHA-256 of a text.
func hash(_ text: String) -> [UInt8] { [UInt8](SHA256.hash(data: Array(text.utf8))) }

/// Compares without telling by its time where the first difference is.
func isEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
