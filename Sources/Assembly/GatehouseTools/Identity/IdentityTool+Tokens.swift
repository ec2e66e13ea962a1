import Foundation
import GatehouseConfiguration
internal import GatehouseCore
import GatehouseIdentity
import GatehouseIdentitySite
import GatehouseStore
internal import Passwords

extension IdentityTool {
    // MARK: Sessions

    /// A table of browser sessions, of all users or of one.
    public func listSessions(of name: String?) async -> ToolResult {
        await work { house in
            var found: [(userID: String, session: SessionStore.Summary)] = []
            if let name {
                let user = try await house.user(name)
                found = try await house.sessions.sessions(of: user.id, at: house.now).map { (user.id, $0) }
            } else {
                found = try await house.sessions.all(at: house.now)
            }
            let rows = found.map {
                [$0.session.id, $0.userID, Self.moment($0.session.created), Self.moment($0.session.seen), $0.session.agent]
            }
            return print(["id", "user", "created", "seen", "browser"], rows)
        }
    }

    /// Ends a session, or all of a user.
    public func endSessions(_ id: String?, of name: String?) async -> ToolResult {
        await work { house in
            if let name {
                let user = try await house.user(name)
                let all = try await house.sessions.sessions(of: user.id, at: house.now)
                for session in all { try await house.end(session.id, of: user.id) }
                return "\(all.count) sessions of \(user.name) have ended\n"
            }
            let id = id ?? ""
            guard
                let user = try await house.store.row("SELECT user_id FROM identity_sessions WHERE id = \(id) AND ended IS NULL")?.text(
                    "user_id")
            else { throw IdentityFailure(reason: "there is no session `\(id)`") }
            try await house.end(id, of: user)
            return "the session has ended, with every token of it\n"
        }
    }

    // MARK: Grants

    /// A table of what clients may do: each grant with the tokens that hang off it.
    public func listGrants(user name: String?, client: String?) async -> ToolResult {
        await work { house in
            let user = try await name.asyncMap { try await house.user($0).id }
            let now = house.now
            let ofUser: SQL = user.map { "AND g.user_id = \($0)" } ?? ""
            let ofClient: SQL = client.map { "AND g.client_id = \($0)" } ?? ""
            let rows = try await house.store.rows(
                """
                SELECT g.id, g.client_id, g.user_id, g.scope, g.created, g.expires,
                    (SELECT COUNT(*) FROM identity_access_tokens t WHERE t.grant_id = g.id AND t.expires > \(now)) AS access,
                    (SELECT COUNT(*) FROM identity_refresh_tokens r WHERE r.grant_id = g.id AND r.spent IS NULL AND r.expires > \(now)) AS refresh
                FROM identity_grants g WHERE g.ended IS NULL AND g.expires > \(now) \(ofUser) \(ofClient) ORDER BY g.created DESC LIMIT 1000
                """)
            return print(
                ["grant", "client", "user", "scopes", "access tokens", "refresh tokens", "created", "expires"],
                try rows.map { row in
                    [
                        try row.text("id"), try row.text("client_id"), try row.optionalText("user_id") ?? "-", try row.text("scope"),
                        String(try row.integer("access")), String(try row.integer("refresh")), Self.moment(try row.integer("created")),
                        Self.moment(try row.integer("expires")),
                    ]
                })
        }
    }

    /// Ends grants with every token under them: one, or all of a user, a client, or a user at a client.
    public func revoke(grant: String?, user name: String?, client: String?) async -> ToolResult {
        await work { house in
            if let grant {
                guard try await house.server.endGrant(grant, reason: "revoked") else {
                    throw IdentityFailure(reason: "there is no grant `\(grant)`")
                }
                return "the grant has ended, with every token of it\n"
            }
            let user = try await name.asyncMap { try await house.user($0).id }
            guard user != nil || client != nil else { throw IdentityFailure(reason: "a grant, a user or a client is needed") }
            let now = house.now
            let ofUser: SQL = user.map { "AND user_id = \($0)" } ?? ""
            let ofClient: SQL = client.map { "AND client_id = \($0)" } ?? ""
            let count = try await house.store.run(
                "UPDATE identity_grants SET ended = \(now), reason = 'revoked' WHERE ended IS NULL \(ofUser) \(ofClient)")
            house.tell(
                "grants_revoked", .medium, "grants were ended", [("user", user ?? ""), ("client", client ?? ""), ("grants", String(count))])
            return "\(count) grants have ended, with every token of them\n"
        }
    }

    // MARK: API keys

    /// A table of personal tokens and API keys.
    public func listAPIKeys(of name: String?) async -> ToolResult {
        await work { house in
            var owner = name
            if let name, let user = try await house.users.user(named: name) { owner = user.id }
            let rows = try await house.apiKeys.list(owner: owner, at: house.now).map { key in
                [
                    key.id, key.kind.rawValue, key.owner, key.name, key.scopes.joined(separator: ","), Self.moment(key.created),
                    Self.moment(key.expires), Self.moment(key.used),
                ]
            }
            return print(["id", "kind", "owner", "name", "scopes", "created", "expires", "used"], rows)
        }
    }

    /// Makes an API key for a machine, or a personal token for a user; its secret is shown once.
    public func createAPIKey(owner: String, isPersonal: Bool, name: String, scopes: [String], days: Int64?) async -> ToolResult {
        await work { house in
            let id = isPersonal ? try await house.user(owner).id : owner
            let expires = days.map { house.now + $0 * 86_400 }
            let made = try await house.apiKeys.issue(
                isPersonal ? .personal : .machine, owner: id, name: name, scopes: scopes, expires: expires, at: house.now)
            house.tell(
                isPersonal ? "personal_token_made" : "api_key_made", .medium,
                isPersonal ? "a personal token was made" : "an API key was made",
                [("owner", id), ("key", made.key.id), ("scopes", scopes.joined(separator: " "))])
            return print(["id", "secret"], [[made.key.id, made.secret.text]])
        }
    }

    /// Ends a personal token or API key.
    public func revokeAPIKey(_ id: String) async -> ToolResult {
        await work { house in
            guard try await house.apiKeys.end(id, at: house.now) else { throw IdentityFailure(reason: "there is no key `\(id)`") }
            house.tell("api_key_ended", .medium, "a key was ended", [("key", id)])
            return "the key has ended\n"
        }
    }
}

extension Optional {
    /// The value changed by work that may wait; nil for nil.
    fileprivate func asyncMap<Other>(_ change: (Wrapped) async throws -> Other) async rethrows -> Other? {
        guard let self else { return nil }
        return try await change(self)
    }
}
