import Envelope
public import GatehouseStore

/// The gateway's own tables: browser sessions, sealed.
public enum GatewayTables {
    /// The changes that made them.
    public static let migrations = MigrationSet(
        owner: "gateway",
        [
            Migration(
                "browser sessions",
                """
                CREATE TABLE gateway_sessions (
                    id TEXT PRIMARY KEY, session_mark BYTEA NOT NULL, subject_mark BYTEA NOT NULL, sealed BYTEA NOT NULL,
                    expires BIGINT NOT NULL)
                """,
                "CREATE INDEX gateway_sessions_session ON gateway_sessions (session_mark)",
                "CREATE INDEX gateway_sessions_subject ON gateway_sessions (subject_mark)")
        ])

    /// What is sealed.
    public static let sessions = SealedTable("gateway_sessions", row: "id", columns: [.record("sealed", purpose: "gateway.session")])

    /// Makes the tables, and gives the secret that all nodes of a fleet share.
    ///
    /// - Throws: ``StoreError``, ``EnvelopeError``.
    public static func prepare(_ store: Store, _ keeper: KeyKeeper) async throws -> [UInt8] {
        try await store.migrate([migrations])
        return try await store.write { transaction in
            try keeper.material(KeyName(.index, purpose: "gateway.secret"), in: transaction).material.withBytes { $0 }
        }
    }
}
