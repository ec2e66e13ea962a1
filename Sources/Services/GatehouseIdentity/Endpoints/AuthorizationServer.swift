public import GatehouseCore
public import GatehouseStore
public import StrictJSON

/// The authorization server and OpenID provider: each endpoint is a function from a request to an answer.
///
/// It opens no socket and shows no page. Whoever serves it takes requests off the wire, and where a user has to act
/// (``AuthorizationStep``) shows a page and comes back with a ``LoginSession``.
public struct AuthorizationServer: Sendable {
    /// How it works.
    public let configuration: IdentityConfiguration
    /// Its signing keys; ``SigningKeys/maintain(at:)`` has to run at start and every few minutes.
    public let keys: SigningKeys
    let store: Store
    let nonces: DPoPNonces
    let authenticator: ClientAuthenticator
    let users: any UserDirectory
    let clock: any HouseClock
    let events: any EventSink

    /// A server over a store whose tables are those of ``IdentityTables``.
    ///
    /// - Parameter proofSecret: At least 32 random bytes that all nodes share; nonces for DPoP are made from them.
    public init(
        _ configuration: IdentityConfiguration, store: Store, sealer: any IdentitySealer, users: any UserDirectory, proofSecret: [UInt8],
        clock: any HouseClock, events: any EventSink
    ) {
        self.configuration = configuration
        self.store = store
        self.users = users
        self.clock = clock
        self.events = events
        keys = SigningKeys(store: store, sealer: sealer, configuration: configuration)
        nonces = DPoPNonces(secret: proofSecret)
        authenticator = ClientAuthenticator(store: store, configuration: configuration)
    }

    /// Seconds since 1970.
    var now: Int64 { clock.wall / 1_000_000_000 }

    /// Makes and forgets signing keys, and deletes what is over. Call it at start and then every few minutes.
    public func maintain() async throws {
        let now = now
        try await keys.maintain(at: now)
        try await store.write { transaction in
            try transaction.run("DELETE FROM identity_replays WHERE expires <= \(now)")
            try transaction.run("DELETE FROM identity_pushed_requests WHERE expires <= \(now)")
            try transaction.run("DELETE FROM identity_challenges WHERE expires <= \(now)")
            try transaction.run("DELETE FROM identity_pending_sign_ins WHERE expires <= \(now)")
            try transaction.run("DELETE FROM identity_devices WHERE expires <= \(now)")
            try transaction.run("DELETE FROM identity_sessions WHERE expires <= \(now)")
            try transaction.run("DELETE FROM identity_device_codes WHERE expires <= \(now)")
            try transaction.run("DELETE FROM identity_links WHERE expires <= \(now)")
            try transaction.run("DELETE FROM identity_recoveries WHERE expires <= \(now)")
            try transaction.run("DELETE FROM identity_access_tokens WHERE expires <= \(now)")
            try transaction.run(
                "UPDATE identity_refresh_tokens SET answer = NULL WHERE answer IS NOT NULL AND spent <= \(now - configuration.refreshRetryWindow)"
            )
        }
    }

    /// Ends a grant, with every token under it.
    ///
    /// - Returns: false where it had ended already.
    public func endGrant(_ id: String, reason: String) async throws -> Bool {
        let now = now
        let hasEnded = try await store.write { try GrantStore.end(id, reason: reason, at: now, in: $0) }
        if hasEnded { emit("grant_ended", .low, "a grant was ended", [("grant", id), ("reason", reason)]) }
        return hasEnded
    }

    /// Ends the grants that were given in a browser session.
    ///
    /// - Parameter includingOffline: Whether grants with `offline_access`, which are meant to outlive the session, end too; false.
    /// - Returns: How many.
    @discardableResult
    public func endSession(_ id: String, includingOffline: Bool = false) async throws -> Int {
        let now = now
        return try await store.write { transaction in
            let grants = try transaction.rows("SELECT * FROM identity_grants WHERE session_id = \(id) AND ended IS NULL").map(Grant.init)
            let ending = grants.filter { includingOffline || !$0.scopes.contains("offline_access") }
            for grant in ending { try GrantStore.end(grant.id, reason: "signed_out", at: now, in: transaction) }
            return ending.count
        }
    }

    func emit(_ name: String, _ severity: Severity, _ message: String, _ facts: [(name: String, value: String)] = []) {
        events.emit(
            .system(SystemRecord(time: clock.wall, component: "identity", name: name, severity: severity, message: message, facts: facts)))
    }

    func address(_ path: String) -> String { configuration.issuer + path }

    /// Runs an endpoint for clients, turning what is thrown into an answer.
    func answer(_ request: IdentityRequest, _ body: () async throws -> IdentityResponse) async -> IdentityResponse {
        do {
            return try await body()
        } catch let error as OAuthError {
            return refusal(error, request)
        } catch {
            emit("endpoint_failed", .medium, "an endpoint failed", [("cause", "\(error)")])
            return .error(OAuthError(.serverError, "the server could not answer"))
        }
    }

    private func refusal(_ error: OAuthError, _ request: IdentityRequest) -> IdentityResponse {
        var fields: [IdentityResponse.Field] = []
        if error.code == .invalidClient, request.authorization != nil {
            fields.append(.init("WWW-Authenticate", "Basic realm=\"clients\""))
        }
        if error.code == .useDPoPNonce { fields.append(.init("DPoP-Nonce", nonces.current(at: now))) }
        return .error(error, fields: fields)
    }
}

/// Knows the users.
public protocol UserDirectory: Sendable {
    /// What may be said about a user under these scopes, by the names of OpenID Connect Core section 5.1; nil for a user who does not exist or
    /// is disabled.
    func claims(of userID: String, scopes: Set<String>) async throws -> JSONObject?
}
