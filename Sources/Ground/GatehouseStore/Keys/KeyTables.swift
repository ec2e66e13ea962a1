import Envelope

/// The key hierarchy's tables: keys by name, their versions with wrapped material, and an epoch that grows with every change.
enum KeyTables {
    static let migrations = MigrationSet(
        owner: "keys",
        [
            Migration(
                "keys",
                """
                CREATE TABLE keys (
                    id BYTEA PRIMARY KEY, kind TEXT NOT NULL, purpose TEXT NOT NULL, tenant TEXT NOT NULL,
                    primary_version BIGINT NOT NULL, UNIQUE (kind, purpose, tenant))
                """,
                """
                CREATE TABLE key_versions (
                    key_id BYTEA NOT NULL REFERENCES keys (id), version BIGINT NOT NULL, state TEXT NOT NULL,
                    wrapped BYTEA, parent BYTEA NOT NULL, parent_version BIGINT NOT NULL,
                    created BIGINT NOT NULL, last_use BIGINT, uses BIGINT NOT NULL, PRIMARY KEY (key_id, version))
                """,
                "CREATE TABLE key_epoch (id BIGINT PRIMARY KEY, epoch BIGINT NOT NULL)",
                "INSERT INTO key_epoch (id, epoch) VALUES (1, 1)",
                "CREATE TABLE sealed_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, PRIMARY KEY (table_name, column_name))"),
            Migration(
                "registers of rows",
                "CREATE TABLE sealed_registers (id TEXT PRIMARY KEY, revision BIGINT NOT NULL, content BYTEA NOT NULL)"),
            Migration("leases of key versions", "ALTER TABLE key_versions ADD COLUMN lent_until BIGINT"),
        ])

    static func epoch(in transaction: Transaction) throws -> Int64 {
        guard let row = try transaction.row("SELECT epoch FROM key_epoch WHERE id = 1") else {
            throw StoreError(.decoding, "the key tables have no epoch")
        }
        return try row.integer("epoch")
    }

    static func advanceEpoch(in transaction: Transaction) throws {
        try transaction.run("UPDATE key_epoch SET epoch = epoch + 1 WHERE id = 1")
    }

    static func rings(in transaction: Transaction) throws -> [KeyRing] {
        let versions = try transaction.rows("SELECT key_id, version, state, created, last_use, uses FROM key_versions")
        var byKey: [KeyID: [UInt32: KeyRing.Version]] = [:]
        for row in versions {
            guard let state = KeyRing.State(rawValue: try row.text("state")) else {
                throw StoreError(.decoding, "a key version is in no known state")
            }
            byKey[KeyID(bytes: try row.blob("key_id")), default: [:]][UInt32(try row.int("version"))] = KeyRing.Version(
                state: state, created: try row.integer("created"), lastUse: try row.optionalInteger("last_use"),
                uses: UInt64(try row.integer("uses")))
        }
        return try transaction.rows("SELECT id, kind, purpose, tenant, primary_version FROM keys").map { row in
            guard let kind = KeyKind(rawValue: try row.text("kind")) else { throw StoreError(.decoding, "a key is of no known kind") }
            let id = KeyID(bytes: try row.blob("id"))
            return KeyRing(
                id: id, name: KeyName(kind, purpose: try row.text("purpose"), tenant: try row.text("tenant")), versions: byKey[id] ?? [:],
                primary: UInt32(try row.int("primary_version")))
        }
    }

    static func insert(_ ring: KeyRing, in transaction: Transaction) throws {
        try transaction.run(
            """
            INSERT INTO keys (id, kind, purpose, tenant, primary_version)
            VALUES (\(ring.id.bytes), \(ring.name.kind.rawValue), \(ring.name.purpose), \(ring.name.tenant), \(ring.primary))
            """)
    }

    static func insert(_ version: KeyRing.Version, of context: KeyContext, wrapped: WrappedKey, in transaction: Transaction) throws {
        try transaction.run(
            """
            INSERT INTO key_versions (key_id, version, state, wrapped, parent, parent_version, created, last_use, uses)
            VALUES (\(context.id.bytes), \(context.version), \(version.state.rawValue), \(wrapped.bytes), \(wrapped.parent.bytes),
                \(wrapped.parentVersion), \(version.created), \(version.lastUse), \(Int64(version.uses)))
            """)
        try transaction.run("UPDATE keys SET primary_version = \(context.version) WHERE id = \(context.id.bytes)")
    }

    static func wrapped(_ id: KeyID, _ version: UInt32, in transaction: Transaction) throws -> WrappedKey {
        let row = try transaction.row(
            "SELECT wrapped, parent, parent_version FROM key_versions WHERE key_id = \(id.bytes) AND version = \(version)")
        guard let row, let bytes = try row.optionalBlob("wrapped") else {
            throw EnvelopeError(.unknownKey, "version \(version) of key \(id) is retired or unknown")
        }
        return WrappedKey(bytes: bytes, parent: KeyID(bytes: try row.blob("parent")), parentVersion: UInt32(try row.int("parent_version")))
    }

    static func replace(_ wrapped: WrappedKey, _ id: KeyID, _ version: UInt32, in transaction: Transaction) throws {
        try transaction.run(
            """
            UPDATE key_versions SET wrapped = \(wrapped.bytes), parent = \(wrapped.parent.bytes), parent_version = \(wrapped.parentVersion)
            WHERE key_id = \(id.bytes) AND version = \(version)
            """)
    }
}

/// A key's material as it lies in the tables.
struct WrappedKey {
    var bytes: [UInt8]
    /// The wrapper: the root, or a key-encryption key.
    var parent: KeyID
    /// The wrapper's version; 0 for a root.
    var parentVersion: UInt32
}
