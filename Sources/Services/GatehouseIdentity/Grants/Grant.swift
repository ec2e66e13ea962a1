import GatehouseStore

/// What a user (or a client for itself) has allowed a client: the root that codes, refresh tokens and access tokens hang off.
///
/// Nothing under a grant outlives it: ending it is one write.
public struct Grant: Sendable, Equatable {
    /// Its id.
    public var id: String
    /// The client.
    public var clientID: String
    /// The user; nil where the client acts for itself.
    public var userID: String?
    /// The browser session that it was given in.
    public var sessionID: String?
    /// Scopes allowed.
    public var scopes: [String]
    /// Resources that tokens may be made for.
    public var resources: [String]
    /// Thumbprint of the key that every token of a public client is bound to (RFC 9449).
    public var confirmation: String?
    /// How the user signed in.
    public var authentication: Authentication?
    /// The parameter `claims`, as JSON text.
    public var claims: String?
    /// When it was given.
    public var created: Int64
    /// When it ends by itself.
    public var expires: Int64
    /// When it was ended.
    public var ended: Int64?

    /// How and when a user signed in.
    public struct Authentication: Sendable, Equatable {
        /// `auth_time`.
        public var time: Int64
        /// `acr`.
        public var context: String
        /// `amr`.
        public var methods: [String]

        /// A sign-in.
        public init(time: Int64, context: String, methods: [String]) {
            self.time = time
            self.context = context
            self.methods = methods
        }
    }

    /// True where tokens under it are good.
    public func isActive(at now: Int64) -> Bool { ended == nil && now < expires }
}

extension Grant {
    init(_ row: Row) throws {
        id = try row.text("id")
        clientID = try row.text("client_id")
        userID = try row.optionalText("user_id")
        sessionID = try row.optionalText("session_id")
        scopes = try row.text("scope").words
        resources = try row.text("resources").words
        confirmation = try row.optionalText("confirmation")
        if let time = try row.optionalInteger("authenticated") {
            authentication = Authentication(
                time: time, context: try row.optionalText("context") ?? "", methods: (try row.optionalText("methods") ?? "").words)
        }
        claims = try row.optionalText("claims")
        created = try row.integer("created")
        expires = try row.integer("expires")
        ended = try row.optionalInteger("ended")
    }
}

extension String {
    var words: [String] { split(separator: " ").map(String.init) }
}

/// The grants' table.
enum GrantStore {
    static func insert(_ grant: Grant, in transaction: Transaction) throws {
        try transaction.run(
            """
            INSERT INTO identity_grants
                (id, client_id, user_id, session_id, scope, resources, confirmation, authenticated, context, methods, claims, created, expires)
            VALUES (\(grant.id), \(grant.clientID), \(grant.userID), \(grant.sessionID), \(grant.scopes.joined(separator: " ")),
                \(grant.resources.joined(separator: " ")), \(grant.confirmation), \(grant.authentication?.time),
                \(grant.authentication?.context), \(grant.authentication?.methods.joined(separator: " ")), \(grant.claims),
                \(grant.created), \(grant.expires))
            ON CONFLICT (id) DO NOTHING
            """)
    }

    static func grant(_ id: String, in transaction: Transaction) throws -> Grant? {
        try transaction.row("SELECT * FROM identity_grants WHERE id = \(id)").map(Grant.init)
    }

    /// Ends a grant and with it everything under it.
    @discardableResult
    static func end(_ id: String, reason: String, at now: Int64, in transaction: Transaction) throws -> Bool {
        try transaction.run("UPDATE identity_grants SET ended = \(now), reason = \(reason) WHERE id = \(id) AND ended IS NULL") == 1
    }
}
