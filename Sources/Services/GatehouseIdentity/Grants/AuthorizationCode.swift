import GatehouseStore

/// A code of the authorization code flow, as it is stored.
struct AuthorizationCode: Sendable {
    let grant: Grant
    let redirectURI: String?
    let challenge: String?
    let nonce: String?
    let expires: Int64
    let spent: Int64?

    /// The code with its grant.
    static func find(_ hash: [UInt8], in transaction: Transaction) throws -> AuthorizationCode? {
        guard let row = try transaction.row("SELECT * FROM identity_codes WHERE hash = \(hash)"),
            let grant = try GrantStore.grant(row.text("grant_id"), in: transaction)
        else { return nil }
        return AuthorizationCode(
            grant: grant, redirectURI: try row.optionalText("redirect_uri"), challenge: try row.optionalText("challenge"),
            nonce: try row.optionalText("nonce"), expires: try row.integer("expires"), spent: try row.optionalInteger("spent"))
    }

    /// Stores a new code.
    func insert(_ hash: [UInt8], in transaction: Transaction) throws {
        try transaction.run(
            """
            INSERT INTO identity_codes (hash, grant_id, redirect_uri, challenge, nonce, expires)
            VALUES (\(hash), \(grant.id), \(redirectURI), \(challenge), \(nonce), \(expires))
            """)
    }

    /// Spends a code; exactly one of all that try wins.
    static func spend(_ hash: [UInt8], at now: Int64, in transaction: Transaction) throws -> Bool {
        try transaction.run("UPDATE identity_codes SET spent = \(now) WHERE hash = \(hash) AND spent IS NULL AND expires > \(now)") == 1
    }
}
