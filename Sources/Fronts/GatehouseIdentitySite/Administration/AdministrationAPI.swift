import Foundation
import GatehouseCore
import GatehouseIdentity
import StrictJSON

/// The administration of users, sessions and grants as JSON over HTTP.
///
/// Callers bring a bearer credential with the scope `identity:admin`: an access token of a service account, an API key, or a personal token of a
/// user who has the role `admin`.
struct AdministrationAPI: Sendable {
    static let root = "/admin/"
    static let scope = "identity:admin"

    let site: IdentitySite

    /// A refusal with its status.
    private struct Refusal: Error {
        let status: Int
        let reason: String
    }

    func answer(_ path: String, _ request: SiteRequest) async throws -> IdentityResponse {
        do {
            let caller = try await caller(request)
            let words = path.dropFirst(Self.root.count).split(separator: "/").map(String.init)
            return .json(try await value(request.method, words, request, caller))
        } catch let refusal as Refusal {
            let fields: [IdentityResponse.Field] =
                refusal.status == 401 ? [.init("WWW-Authenticate", "Bearer scope=\"\(Self.scope)\"")] : []
            return .json(["error": .string(refusal.reason)], status: refusal.status, fields: fields)
        }
    }

    /// Who calls, by an id that stands in events.
    private func caller(_ request: SiteRequest) async throws -> String {
        let parts = (request["authorization"] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Refusal(status: 401, reason: "a bearer credential is needed")
        }
        let text = String(parts[1])
        if let key = try await site.apiKeys.find(text, at: site.now) {
            guard key.scopes.contains(Self.scope) else { throw Refusal(status: 403, reason: "the key has not the scope `\(Self.scope)`") }
            guard key.kind == .personal else { return "key:" + key.owner }
            guard try await site.accounts.users.user(key.owner)?.roles.contains("admin") == true else {
                throw Refusal(status: 403, reason: "the token's owner has not the role `admin`")
            }
            return key.owner
        }
        guard let client = try await site.server.serviceAccount(of: text, scope: Self.scope) else {
            throw Refusal(status: 401, reason: "the credential is not, or no longer, good")
        }
        return "client:" + client
    }

    private func value(_ method: String, _ words: [String], _ request: SiteRequest, _ caller: String) async throws -> JSONValue {
        switch (method, words.count, words.first) {
        case ("GET", 1, "users"):
            let after = (try? FormParameters(parsing: request.query))?["after"] ?? ""
            return ["users": .array(try await site.accounts.users.list(after: after).map(Self.json))]
        case ("POST", 1, "users"): return try await create(try body(request), caller)
        case ("GET", 2, "users"): return Self.json(try await user(words[1]))
        case ("PATCH", 2, "users"): return try await change(words[1], try body(request), caller)
        case ("POST", 3, "users") where words[2] == "recovery":
            guard let id = try await site.accounts.askRecovery(of: try await user(words[1]).id, by: caller) else {
                throw Refusal(status: 409, reason: "the user is disabled")
            }
            return ["recovery": .string(id)]
        case ("GET", 1, "recoveries"):
            let waiting = try await site.accounts.recoveries()
            return [
                "recoveries": .array(
                    waiting.map {
                        ["id": .string($0.id), "user": .string($0.userID), "asked_by": .string($0.askedBy), "asked": JSONValue($0.asked)]
                    })
            ]
        case ("POST", 3, "recoveries") where words[2] == "consent":
            guard let secret = try await site.accounts.consentToRecovery(words[1], by: caller) else {
                throw Refusal(status: 409, reason: "the recovery is not known, over, or cannot be consented to by this administrator")
            }
            return ["link": .string(site.linkAddress(secret))]
        case ("GET", 3, "users") where words[2] == "sessions": return try await sessions(of: words[1])
        case ("DELETE", 4, "users") where words[2] == "sessions": return try await endSession(words[3], of: words[1], caller)
        case ("DELETE", 2, "grants"):
            guard try await site.server.endGrant(words[1], reason: "revoked") else {
                throw Refusal(status: 404, reason: "there is no such grant")
            }
            return ["ended": true]
        default: throw Refusal(status: 404, reason: "there is nothing here")
        }
    }

    private func body(_ request: SiteRequest) throws -> JSONValue {
        guard (request["content-type"] ?? "").lowercased().hasPrefix("application/json"), let value = try? JSONValue(parsing: request.body),
            value.object != nil
        else { throw Refusal(status: 400, reason: "the body must be a json object") }
        return value
    }

    private func user(_ id: String) async throws -> User {
        guard let user = try await site.accounts.users.user(id) else { throw Refusal(status: 404, reason: "there is no such user") }
        return user
    }

    private static func json(_ user: User) -> JSONValue {
        [
            "id": .string(user.id), "name": .string(user.name), "claims": .object(user.claims), "created": JSONValue(user.created),
            "disabled": .bool(user.isDisabled),
        ]
    }

    /// A user with a password, or a link by which one is chosen.
    private func create(_ value: JSONValue, _ caller: String) async throws -> JSONValue {
        guard let name = value["name"]?.string, !name.isEmpty, name.utf8.count <= 320 else {
            throw Refusal(status: 400, reason: "`name` is missing")
        }
        let user = User(id: UUID().uuidString.lowercased(), name: name, claims: value["claims"]?.object ?? [:])
        guard let password = value["password"]?.string else {
            guard let secret = try await site.accounts.invite(user) else { throw Refusal(status: 409, reason: "the name is taken") }
            return ["id": .string(user.id), "link": .string(site.linkAddress(secret))]
        }
        switch try await site.accounts.create(user, password: password) {
        case .success: break
        case .failure(let refusal): throw Refusal(status: 422, reason: "the password may not be chosen: \(refusal.reason)")
        case nil: throw Refusal(status: 409, reason: "the name is taken")
        }
        site.emit("user_created", .low, "a user was made", [("user", user.id), ("administrator", caller)])
        return Self.json(user)
    }

    /// Claims, groups and roles are replaced; `disabled` switches off and on.
    private func change(_ id: String, _ value: JSONValue, _ caller: String) async throws -> JSONValue {
        _ = try await user(id)
        if let isDisabled = value["disabled"]?.bool {
            _ = try await isDisabled ? site.accounts.users.disable(id, at: site.now) : site.accounts.users.enable(id)
        }
        if let claims = value["claims"]?.object {
            _ = try await site.accounts.users.update(id) { known in
                for member in claims { known[member.key] = member.value.isNull ? nil : member.value }
            }
        }
        site.emit("user_changed", .medium, "a user was changed", [("user", id), ("administrator", caller)])
        return Self.json(try await user(id))
    }

    private func sessions(of id: String) async throws -> JSONValue {
        let list = try await site.sessions.sessions(of: try await user(id).id, at: site.now)
        return [
            "sessions": .array(
                list.map {
                    ["id": .string($0.id), "created": JSONValue($0.created), "seen": JSONValue($0.seen), "agent": .string($0.agent)]
                })
        ]
    }

    private func endSession(_ session: String, of id: String, _ caller: String) async throws -> JSONValue {
        guard try await site.sessions.sessions(of: id, at: site.now).contains(where: { $0.id == session }) else {
            throw Refusal(status: 404, reason: "there is no such session")
        }
        try await site.end(
            LoginSession(id: session, userID: id, authentication: .init(time: site.now, context: "", methods: [])), includingOffline: true)
        site.emit("session_ended", .medium, "a session was ended", [("user", id), ("administrator", caller)])
        return ["ended": true]
    }
}
