public import GatehouseStore
import StrictJSON

/// The clients' table.
public enum ClientStore {
    /// Registers a client.
    ///
    /// - Throws: ``OAuthError/Code/invalidRequest`` with what is wrong with it; ``StoreError`` with code `constraint` where the id is taken.
    public static func insert(_ client: Client, at now: Int64, in transaction: Transaction) throws {
        if let flaw = client.metadata.flaw { throw OAuthError(.invalidRequest, flaw) }
        try transaction.run(
            """
            INSERT INTO identity_clients (id, secret_hash, metadata, created)
            VALUES (\(client.id), \(client.secretHash), \(client.metadata.json.serialized()), \(now))
            """)
    }

    /// A client by its id.
    public static func client(_ id: String, in transaction: Transaction) throws -> Client? {
        guard let row = try transaction.row("SELECT secret_hash, metadata, disabled FROM identity_clients WHERE id = \(id)"),
            let metadata = Client.Metadata(try JSONValue(parsing: row.text("metadata")))
        else { return nil }
        return Client(
            id: id, metadata: metadata, secretHash: try row.optionalBlob("secret_hash"),
            isDisabled: try row.optionalInteger("disabled") != nil)
    }

    /// The form in which a client's secret is stored. Secrets are long and random, so nothing slower is needed.
    public static func hash(secret: String) -> [UInt8] { GatehouseIdentity.hash(secret) }

    /// Makes the clients of the configuration be as given, and switches those off that were there before and are not any more.
    ///
    /// Assumes: every client is without a flaw.
    public static func replaceConfigured(_ clients: [Client], at now: Int64, in transaction: Transaction) throws {
        for client in clients {
            try transaction.run(
                """
                INSERT INTO identity_clients (id, secret_hash, metadata, created, source)
                VALUES (\(client.id), \(client.secretHash), \(client.metadata.json.serialized()), \(now), 'file')
                ON CONFLICT (id) DO UPDATE SET secret_hash = excluded.secret_hash, metadata = excluded.metadata, disabled = NULL, source = 'file'
                """)
        }
        let kept = Set(clients.map(\.id))
        for row in try transaction.rows("SELECT id FROM identity_clients WHERE source = 'file' AND disabled IS NULL") {
            let id = try row.text("id")
            if !kept.contains(id) { _ = try disable(id, at: now, in: transaction) }
        }
    }

    /// All clients, by id.
    public static func all(in transaction: Transaction) throws -> [Client] {
        try transaction.rows("SELECT id, secret_hash, metadata, disabled FROM identity_clients ORDER BY id").compactMap { row in
            guard let metadata = Client.Metadata(try JSONValue(parsing: row.text("metadata"))) else { return nil }
            return Client(
                id: try row.text("id"), metadata: metadata, secretHash: try row.optionalBlob("secret_hash"),
                isDisabled: try row.optionalInteger("disabled") != nil)
        }
    }

    /// Switches a client on again.
    ///
    /// - Returns: false where there is no such client, or it was not off.
    public static func enable(_ id: String, in transaction: Transaction) throws -> Bool {
        try transaction.run("UPDATE identity_clients SET disabled = NULL WHERE id = \(id) AND disabled IS NOT NULL") == 1
    }

    /// Switches a client off and ends every grant of it.
    ///
    /// - Returns: false where there is no such client, or it was off already.
    public static func disable(_ id: String, at now: Int64, in transaction: Transaction) throws -> Bool {
        guard try transaction.run("UPDATE identity_clients SET disabled = \(now) WHERE id = \(id) AND disabled IS NULL") == 1 else {
            return false
        }
        try transaction.run(
            "UPDATE identity_grants SET ended = \(now), reason = 'client_disabled' WHERE client_id = \(id) AND ended IS NULL")
        return true
    }
}
