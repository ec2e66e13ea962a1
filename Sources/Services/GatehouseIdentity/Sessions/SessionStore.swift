import Foundation
public import GatehouseStore
import Passwords

/// Browser sessions of the provider: a secret in a cookie, its hash in the store.
public struct SessionStore: Sendable {
    let store: Store
    let sealer: any IdentitySealer
    /// Seconds without use until a session ends; 12 hours.
    public var idle: Int64 = 12 * 3600
    /// Seconds until a session ends, used or not; 7 days.
    public var lifetime: Int64 = 7 * 86_400

    /// The sessions of a store.
    public init(store: Store, sealer: any IdentitySealer) {
        self.store = store
        self.sealer = sealer
    }

    /// A session as its user sees it in a list.
    public struct Summary: Sendable, Equatable {
        /// Its id, not its secret.
        public let id: String
        /// When it began.
        public let created: Int64
        /// When it was used last, to the minute.
        public let seen: Int64
        /// The browser, as it named itself.
        public let agent: String
    }

    /// Begins a session after a sign-in.
    ///
    /// - Parameter agent: The browser, as it names itself; sealed.
    /// - Returns: The cookie's value and the session.
    public func begin(_ signedIn: SignedIn, agent: String, at now: Int64) async throws -> (cookie: String, session: LoginSession) {
        var random = SystemRandomNumberGenerator()
        let secret = SecretFormats.session.generate(using: &random)
        let session = LoginSession(id: newIdentifier(), userID: signedIn.userID, authentication: signedIn.authentication)
        let expires = now + lifetime
        try await store.write { transaction in
            let sealed = try sealer.seal(
                Array(agent.utf8.prefix(512)), table: "identity_sessions", column: "agent", row: session.id, in: transaction)
            try transaction.run(
                """
                INSERT INTO identity_sessions (id, hash, user_id, authenticated, context, methods, agent, created, seen, expires)
                VALUES (\(session.id), \(secret.hash), \(session.userID), \(session.authentication.time), \(session.authentication.context),
                    \(session.authentication.methods.joined(separator: " ")), \(sealed), \(now), \(now), \(expires))
                """)
        }
        return (secret.text, session)
    }

    /// Proves a session anew after its user has signed in again: its id stays, its cookie changes.
    ///
    /// - Returns: The new cookie's value and the session; nil where it has ended meanwhile.
    public func renew(_ id: String, _ authentication: Grant.Authentication) async throws -> (cookie: String, session: LoginSession)? {
        var random = SystemRandomNumberGenerator()
        let secret = SecretFormats.session.generate(using: &random)
        let row = try await store.write { transaction -> String? in
            let isThere = try transaction.run(
                """
                UPDATE identity_sessions SET hash = \(secret.hash), authenticated = \(authentication.time), context = \(authentication.context),
                    methods = \(authentication.methods.joined(separator: " ")), seen = \(authentication.time)
                WHERE id = \(id) AND ended IS NULL
                """)
            return isThere == 1 ? try transaction.row("SELECT user_id FROM identity_sessions WHERE id = \(id)")?.text("user_id") : nil
        }
        return row.map { (secret.text, LoginSession(id: id, userID: $0, authentication: authentication)) }
    }

    /// The session behind a cookie; nil where it has ended, was left alone too long, or its user is disabled.
    public func session(_ cookie: String, at now: Int64) async throws -> LoginSession? {
        guard let hash = SecretFormats.session.hash(of: cookie) else { return nil }
        let oldest = now - idle
        let row = try await store.row(
            """
            SELECT s.* FROM identity_sessions s JOIN identity_users u ON u.id = s.user_id
            WHERE s.hash = \(hash) AND s.ended IS NULL AND s.expires > \(now) AND s.seen > \(oldest) AND u.disabled IS NULL
            """)
        guard let row else { return nil }
        if try row.integer("seen") + 60 <= now { try await store.run("UPDATE identity_sessions SET seen = \(now) WHERE hash = \(hash)") }
        return LoginSession(
            id: try row.text("id"), userID: try row.text("user_id"),
            authentication: .init(
                time: try row.integer("authenticated"), context: try row.text("context"), methods: try row.text("methods").words))
    }

    /// A user's sessions, the latest first.
    public func sessions(of user: String, at now: Int64) async throws -> [Summary] {
        try await store.read { transaction in
            let rows = try transaction.rows(
                "SELECT * FROM identity_sessions WHERE user_id = \(user) AND ended IS NULL AND expires > \(now) ORDER BY seen DESC, created DESC"
            )
            return try rows.map { row in
                let id = try row.text("id")
                let agent = try row.optionalBlob("agent").map {
                    String(
                        decoding: try sealer.open($0, table: "identity_sessions", column: "agent", row: id, in: transaction), as: UTF8.self)
                }
                return Summary(id: id, created: try row.integer("created"), seen: try row.integer("seen"), agent: agent ?? "")
            }
        }
    }

    /// All sessions that are alive, the latest first, with their users.
    public func all(at now: Int64, limit: Int = 1000) async throws -> [(userID: String, session: Summary)] {
        let users = try await store.rows(
            """
            SELECT user_id, MAX(seen) AS latest FROM identity_sessions WHERE ended IS NULL AND expires > \(now)
            GROUP BY user_id ORDER BY latest DESC LIMIT \(limit)
            """)
        var found: [(userID: String, session: Summary)] = []
        for row in users {
            let id = try row.text("user_id")
            found += try await sessions(of: id, at: now).map { (id, $0) }
        }
        return found
    }

    /// Ends a session, whoever's it is.
    ///
    /// Assumes: the caller ends its grants too, by ``AuthorizationServer/endSession(_:includingOffline:)``.
    /// - Returns: Its user; nil where there is none, or it had ended.
    public func end(_ id: String, at now: Int64) async throws -> String? {
        try await store.write { transaction in
            guard try transaction.run("UPDATE identity_sessions SET ended = \(now) WHERE id = \(id) AND ended IS NULL") == 1 else {
                return nil
            }
            return try transaction.row("SELECT user_id FROM identity_sessions WHERE id = \(id)")?.text("user_id")
        }
    }

    /// Ends a session of a user.
    ///
    /// Assumes: the caller ends its grants too, by ``AuthorizationServer/endSession(_:includingOffline:)``.
    /// - Returns: false where it was not the user's, or had ended.
    public func end(_ id: String, of user: String, at now: Int64) async throws -> Bool {
        try await store.run("UPDATE identity_sessions SET ended = \(now) WHERE id = \(id) AND user_id = \(user) AND ended IS NULL") == 1
    }
}
