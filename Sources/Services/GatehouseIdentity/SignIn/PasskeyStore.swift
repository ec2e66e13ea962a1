import GatehouseStore
import WebAuthn

/// The passkeys' table.
enum PasskeyStore {
    static func insert(_ record: CredentialRecord, of user: String, name: String, at now: Int64, in transaction: Transaction) throws -> Bool
    {
        try transaction.run(
            """
            INSERT INTO identity_passkeys
                (id, user_id, public_key, name, sign_count, transports, verified, backup_eligible, backed_up, aaguid, created)
            VALUES (\(record.id), \(user), \(record.publicKey), \(name), \(record.signCount), \(record.transports.joined(separator: " ")),
                \(record.hasVerifiedUser), \(record.isBackupEligible), \(record.isBackedUp), \(record.aaguid), \(now))
            ON CONFLICT (id) DO NOTHING
            """) == 1
    }

    static func find(_ id: [UInt8], in transaction: Transaction) throws -> (record: CredentialRecord, user: String)? {
        try transaction.row("SELECT * FROM identity_passkeys WHERE id = \(id)").map { (try record($0), try $0.text("user_id")) }
    }

    static func all(of user: String, in transaction: Transaction) throws -> [CredentialRecord] {
        try transaction.rows("SELECT * FROM identity_passkeys WHERE user_id = \(user) ORDER BY created").map(record)
    }

    /// Stores a new counter, unless another sign-in has changed it meanwhile.
    static func update(_ record: CredentialRecord, from count: UInt32, at now: Int64, in transaction: Transaction) throws -> Bool {
        try transaction.run(
            """
            UPDATE identity_passkeys SET sign_count = \(record.signCount), backed_up = \(record.isBackedUp), used = \(now)
            WHERE id = \(record.id) AND sign_count = \(count)
            """) == 1
    }

    private static func record(_ row: Row) throws -> CredentialRecord {
        CredentialRecord(
            id: try row.blob("id"), publicKey: try row.blob("public_key"), signCount: UInt32(clamping: try row.integer("sign_count")),
            transports: try row.text("transports").words, hasVerifiedUser: try row.bool("verified"),
            isBackupEligible: try row.bool("backup_eligible"), isBackedUp: try row.bool("backed_up"), aaguid: try row.blob("aaguid"))
    }
}
