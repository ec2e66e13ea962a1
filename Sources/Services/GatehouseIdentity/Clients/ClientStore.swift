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
