public import GatehouseStore

/// The tables of the authorization server. Times are seconds since 1970; secrets are stored as SHA-256 alone.
public enum IdentityTables {
    /// The changes that made them.
    public static let migrations = MigrationSet(
        owner: "identity",
        [
            Migration(
                "grants and what hangs off them",
                """
                CREATE TABLE identity_clients (
                    id TEXT PRIMARY KEY, secret_hash BYTEA, metadata TEXT NOT NULL, created BIGINT NOT NULL, disabled BIGINT)
                """,
                """
                CREATE TABLE identity_grants (
                    id TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES identity_clients (id), user_id TEXT, session_id TEXT,
                    scope TEXT NOT NULL, resources TEXT NOT NULL, confirmation TEXT, authenticated BIGINT, context TEXT, methods TEXT,
                    claims TEXT, created BIGINT NOT NULL, expires BIGINT NOT NULL, ended BIGINT, reason TEXT)
                """,
                "CREATE INDEX identity_grants_user ON identity_grants (user_id)",
                "CREATE INDEX identity_grants_session ON identity_grants (session_id)",
                """
                CREATE TABLE identity_codes (
                    hash BYTEA PRIMARY KEY, grant_id TEXT NOT NULL REFERENCES identity_grants (id), redirect_uri TEXT, challenge TEXT,
                    nonce TEXT, expires BIGINT NOT NULL, spent BIGINT)
                """,
                """
                CREATE TABLE identity_refresh_tokens (
                    hash BYTEA PRIMARY KEY, grant_id TEXT NOT NULL REFERENCES identity_grants (id), confirmation TEXT,
                    expires BIGINT NOT NULL, spent BIGINT, successor BYTEA, answer BYTEA)
                """,
                """
                CREATE TABLE identity_access_tokens (
                    hash BYTEA PRIMARY KEY, grant_id TEXT NOT NULL REFERENCES identity_grants (id), scope TEXT NOT NULL, audience TEXT NOT NULL,
                    confirmation TEXT, issued BIGINT NOT NULL, expires BIGINT NOT NULL)
                """,
                """
                CREATE TABLE identity_device_codes (
                    hash BYTEA PRIMARY KEY, user_code BYTEA NOT NULL UNIQUE, client_id TEXT NOT NULL REFERENCES identity_clients (id),
                    scope TEXT NOT NULL, resources TEXT NOT NULL, expires BIGINT NOT NULL, pace BIGINT NOT NULL, polled BIGINT,
                    state TEXT NOT NULL, grant_id TEXT REFERENCES identity_grants (id))
                """,
                """
                CREATE TABLE identity_pushed_requests (
                    hash BYTEA PRIMARY KEY, client_id TEXT NOT NULL, parameters TEXT NOT NULL, expires BIGINT NOT NULL, spent BIGINT)
                """,
                "CREATE TABLE identity_replays (hash BYTEA PRIMARY KEY, expires BIGINT NOT NULL)",
                "CREATE INDEX identity_replays_expires ON identity_replays (expires)",
                """
                CREATE TABLE identity_consents (
                    user_id TEXT NOT NULL, client_id TEXT NOT NULL, scope TEXT NOT NULL, given BIGINT NOT NULL, PRIMARY KEY (user_id, client_id))
                """,
                """
                CREATE TABLE identity_signing_keys (
                    id TEXT PRIMARY KEY, algorithm TEXT NOT NULL, sealed BYTEA NOT NULL, public TEXT NOT NULL, created BIGINT NOT NULL,
                    signs_from BIGINT NOT NULL, signs_until BIGINT NOT NULL, published_until BIGINT NOT NULL)
                """),
            Migration(
                "users, their factors and sessions",
                """
                CREATE TABLE identity_users (
                    id TEXT PRIMARY KEY, name_index BYTEA NOT NULL UNIQUE, profile BYTEA NOT NULL, password BYTEA, failures BIGINT NOT NULL,
                    created BIGINT NOT NULL, disabled BIGINT)
                """,
                """
                CREATE TABLE identity_authenticators (
                    user_id TEXT PRIMARY KEY REFERENCES identity_users (id), secret BYTEA NOT NULL, confirmed BIGINT, last_step BIGINT,
                    failures BIGINT NOT NULL)
                """,
                "CREATE TABLE identity_recovery_codes (hash BYTEA PRIMARY KEY, user_id TEXT NOT NULL REFERENCES identity_users (id))",
                "CREATE INDEX identity_recovery_codes_user ON identity_recovery_codes (user_id)",
                """
                CREATE TABLE identity_passkeys (
                    id BYTEA PRIMARY KEY, user_id TEXT NOT NULL REFERENCES identity_users (id), public_key BYTEA NOT NULL, name TEXT NOT NULL,
                    sign_count BIGINT NOT NULL, transports TEXT NOT NULL, verified BOOLEAN NOT NULL, backup_eligible BOOLEAN NOT NULL,
                    backed_up BOOLEAN NOT NULL, aaguid BYTEA NOT NULL, created BIGINT NOT NULL, used BIGINT)
                """,
                "CREATE INDEX identity_passkeys_user ON identity_passkeys (user_id)",
                "CREATE TABLE identity_challenges (hash BYTEA PRIMARY KEY, user_id TEXT, expires BIGINT NOT NULL)",
                """
                CREATE TABLE identity_pending_sign_ins (
                    hash BYTEA PRIMARY KEY, user_id TEXT NOT NULL REFERENCES identity_users (id), expires BIGINT NOT NULL)
                """,
                """
                CREATE TABLE identity_devices (
                    hash BYTEA PRIMARY KEY, user_id TEXT NOT NULL REFERENCES identity_users (id), seen BIGINT NOT NULL, expires BIGINT NOT NULL)
                """,
                """
                CREATE TABLE identity_sessions (
                    id TEXT PRIMARY KEY, hash BYTEA NOT NULL UNIQUE, user_id TEXT NOT NULL REFERENCES identity_users (id),
                    authenticated BIGINT NOT NULL, context TEXT NOT NULL, methods TEXT NOT NULL, agent BYTEA, created BIGINT NOT NULL,
                    seen BIGINT NOT NULL, expires BIGINT NOT NULL, ended BIGINT)
                """,
                "CREATE INDEX identity_sessions_user ON identity_sessions (user_id)"),
            Migration(
                "links, keys of machines and people, outside accounts, recoveries, remembered devices",
                "ALTER TABLE identity_clients ADD COLUMN source TEXT",
                "ALTER TABLE identity_devices ADD COLUMN trusted BIGINT",
                """
                CREATE TABLE identity_links (
                    id TEXT PRIMARY KEY, hash BYTEA NOT NULL UNIQUE, purpose TEXT NOT NULL, user_id TEXT, content BYTEA, expires BIGINT NOT NULL)
                """,
                "CREATE INDEX identity_links_expires ON identity_links (expires)",
                """
                CREATE TABLE identity_api_keys (
                    id TEXT PRIMARY KEY, hash BYTEA NOT NULL UNIQUE, kind TEXT NOT NULL, owner TEXT NOT NULL, name BYTEA NOT NULL,
                    scope TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT, used BIGINT, ended BIGINT)
                """,
                "CREATE INDEX identity_api_keys_owner ON identity_api_keys (owner)",
                """
                CREATE TABLE identity_outside_accounts (
                    hash BYTEA PRIMARY KEY, provider TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES identity_users (id), linked BIGINT NOT NULL)
                """,
                "CREATE INDEX identity_outside_accounts_user ON identity_outside_accounts (user_id)",
                """
                CREATE TABLE identity_events (id TEXT PRIMARY KEY, time BIGINT NOT NULL, content BYTEA NOT NULL)
                """,
                """
                CREATE TABLE identity_recoveries (
                    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES identity_users (id), asked_by TEXT NOT NULL, asked BIGINT NOT NULL,
                    expires BIGINT NOT NULL, consented_by TEXT)
                """),
        ])
}
