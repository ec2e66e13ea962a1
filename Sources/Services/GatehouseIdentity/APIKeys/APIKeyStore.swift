import Foundation
public import GatehouseStore
public import Passwords

/// The table of personal tokens and API keys: secrets as hashes, names sealed.
public struct APIKeyStore: Sendable {
    let store: Store
    let sealer: any IdentitySealer
    private static let table = "identity_api_keys"

    /// The keys of a store.
    public init(store: Store, sealer: any IdentitySealer) {
        self.store = store
        self.sealer = sealer
    }

    /// Makes a key. Its secret can be had only now.
    ///
    /// - Parameters:
    ///   - owner: a user's id for a personal token, a machine's name for an API key.
    ///   - expires: when it ends by itself, in seconds since 1970; nil for never.
    public func issue(
        _ kind: APIKey.Kind, owner: String, name: String, scopes: [String], expires: Int64?, at now: Int64
    ) async throws -> (secret: IssuedSecret, key: APIKey) {
        var random = SystemRandomNumberGenerator()
        let secret = (kind == .personal ? SecretFormats.personalToken : SecretFormats.apiKey).generate(using: &random)
        let key = APIKey(
            id: newIdentifier(), kind: kind, owner: owner, name: String(name.prefix(100)), scopes: scopes, created: now, expires: expires,
            used: nil)
        try await store.write { transaction in
            let sealed = try sealer.seal(Array(key.name.utf8), table: Self.table, column: "name", row: key.id, in: transaction)
            try transaction.run(
                """
                INSERT INTO identity_api_keys (id, hash, kind, owner, name, scope, created, expires)
                VALUES (\(key.id), \(secret.hash), \(kind.rawValue), \(owner), \(sealed), \(scopes.joined(separator: " ")), \(now), \(expires))
                """)
        }
        return (secret, key)
    }

    /// The key behind a secret, if it is good now; a personal token only while its user is.
    ///
    /// A mistyped secret is refused by its checksum, without a look into the store. Notes the use, at most once a minute.
    public func find(_ text: String, at now: Int64) async throws -> APIKey? {
        guard let hash = SecretFormats.personalToken.hash(of: text) ?? SecretFormats.apiKey.hash(of: text) else { return nil }
        let key = try await store.read { transaction -> APIKey? in
            let row = try transaction.row(
                """
                SELECT * FROM identity_api_keys WHERE hash = \(hash) AND ended IS NULL AND (expires IS NULL OR expires > \(now))
                AND (kind = 'machine' OR EXISTS (SELECT 1 FROM identity_users u WHERE u.id = owner AND u.disabled IS NULL))
                """)
            return try row.map { try self.key($0, in: transaction) }
        }
        if let key, key.used.map({ $0 + 60 <= now }) ?? true {
            try await store.run("UPDATE identity_api_keys SET used = \(now) WHERE id = \(key.id)")
        }
        return key
    }

    /// Keys that are good now, the latest first.
    ///
    /// - Parameter owner: only those of a user or machine; nil for all.
    public func list(owner: String? = nil, at now: Int64) async throws -> [APIKey] {
        let restriction: SQL = owner.map { "AND owner = \($0)" } ?? ""
        return try await store.read { transaction in
            try transaction.rows(
                """
                SELECT * FROM identity_api_keys WHERE ended IS NULL AND (expires IS NULL OR expires > \(now)) \(restriction)
                ORDER BY created DESC, id LIMIT 1000
                """
            ).map { try self.key($0, in: transaction) }
        }
    }

    /// Ends a key.
    ///
    /// - Parameter owner: whose it must be; nil for anybody's.
    /// - Returns: false where there is none, or it had ended.
    public func end(_ id: String, owner: String? = nil, at now: Int64) async throws -> Bool {
        let restriction: SQL = owner.map { "AND owner = \($0)" } ?? ""
        return try await store.run("UPDATE identity_api_keys SET ended = \(now) WHERE id = \(id) AND ended IS NULL \(restriction)") == 1
    }

    private func key(_ row: Row, in transaction: Transaction) throws -> APIKey {
        let id = try row.text("id")
        let name = try sealer.open(row.blob("name"), table: Self.table, column: "name", row: id, in: transaction)
        return APIKey(
            id: id, kind: APIKey.Kind(rawValue: try row.text("kind")) ?? .machine, owner: try row.text("owner"),
            name: String(decoding: name, as: UTF8.self), scopes: try row.text("scope").words, created: try row.integer("created"),
            expires: try row.optionalInteger("expires"), used: try row.optionalInteger("used"))
    }
}
