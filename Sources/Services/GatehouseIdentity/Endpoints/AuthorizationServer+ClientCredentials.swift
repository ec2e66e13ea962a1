import Foundation
import GatehouseStore
import JOSE
import StrictJSON

extension AuthorizationServer {
    /// Tokens for a client that acts for itself (RFC 6749 section 4.4). They hang off one standing grant of the client.
    func clientCredentials(_ parameters: FormParameters, _ client: Client, _ proof: DPoPProof?) async throws -> JSONObject {
        let now = now
        let own = client.metadata.scopes.subtracting(IdentityConfiguration.standardScopes)
        let asked = parameters.words("scope")
        guard Set(asked).isSubset(of: own) else { throw OAuthError(.invalidScope, "`scope` goes beyond what the client is registered for") }
        let scopes = asked.isEmpty ? own.sorted() : asked
        let resources = resources(for: scopes, asked: parameters.words("resource"))
        let grant = try await standingGrant(client, own.sorted(), resources, at: now)
        var current = grant
        current.resources = resources
        let made = try await plan(current, scopes, parameters, client, proof, at: now)
        try await store.write { transaction in
            if try GrantStore.grant(grant.id, in: transaction) == nil { try GrantStore.insert(grant, in: transaction) }
            try made.insert(in: transaction)
        }
        return made.body
    }

    /// Resources that scopes belong to, or those asked for.
    func resources(for scopes: [String], asked: [String]) -> [String] {
        asked.isEmpty ? configuration.resources.filter { !$0.scopes.isDisjoint(with: scopes) }.map(\.identifier) : asked
    }

    /// The client's grant that outlives a token made now, or a new one that is not stored yet.
    private func standingGrant(_ client: Client, _ scopes: [String], _ resources: [String], at now: Int64) async throws -> Grant {
        let least = now + configuration.accessTokenLifetime
        let row = try await store.row(
            """
            SELECT * FROM identity_grants WHERE client_id = \(client.id) AND user_id IS NULL AND ended IS NULL AND expires > \(least) LIMIT 1
            """)
        if let row { return try Grant(row) }
        return Grant(
            id: newIdentifier(), clientID: client.id, scopes: scopes, resources: resources, created: now,
            expires: now + configuration.grantLifetime)
    }
}

/// 128 random bits.
func newIdentifier() -> String {
    var random = SystemRandomNumberGenerator()
    return Base64URL.string((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })
}
