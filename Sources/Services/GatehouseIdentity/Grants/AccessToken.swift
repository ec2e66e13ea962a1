import GatehouseStore

/// An opaque access token, as it is stored.
struct AccessToken: Sendable {
    let grant: Grant
    let scope: String
    let audience: String
    let confirmation: String?
    let issued: Int64
    let expires: Int64

    /// True where it is good now.
    func isActive(at now: Int64) -> Bool { now < expires && grant.isActive(at: now) }

    static func find(_ hash: [UInt8], in transaction: Transaction) throws -> AccessToken? {
        let row = try transaction.row(
            """
            SELECT t.scope AS token_scope, t.audience, t.confirmation AS token_confirmation, t.issued, t.expires AS token_expires, g.*
            FROM identity_access_tokens t JOIN identity_grants g ON g.id = t.grant_id WHERE t.hash = \(hash)
            """)
        guard let row else { return nil }
        return AccessToken(
            grant: try Grant(row), scope: try row.text("token_scope"), audience: try row.text("audience"),
            confirmation: try row.optionalText("token_confirmation"), issued: try row.integer("issued"),
            expires: try row.integer("token_expires"))
    }

    /// Stores a new token under its grant.
    func insert(_ hash: [UInt8], in transaction: Transaction) throws {
        try transaction.run(
            """
            INSERT INTO identity_access_tokens (hash, grant_id, scope, audience, confirmation, issued, expires)
            VALUES (\(hash), \(grant.id), \(scope), \(audience), \(confirmation), \(issued), \(expires))
            """)
    }
}
