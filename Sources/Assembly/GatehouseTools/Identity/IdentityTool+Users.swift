import Foundation
import GatehouseConfiguration
internal import GatehouseCore
import GatehouseIdentity
import GatehouseIdentitySite
import Passwords
import StrictJSON

/// What a command says about a new user.
public struct NewUser: Sendable {
    /// What the user will type.
    public var name: String
    /// The full name.
    public var fullName: String?
    /// The mail address.
    public var email: String?
    /// Groups.
    public var groups: [String]
    /// Roles.
    public var roles: [String]
    /// Further claims, `NAME=VALUE` each; a value that is JSON counts as such.
    public var claims: [String]

    /// A new user of these parts.
    public init(
        name: String, fullName: String? = nil, email: String? = nil, groups: [String] = [], roles: [String] = [], claims: [String] = []
    ) {
        self.claims = claims
        self.name = name
        self.fullName = fullName
        self.email = email
        self.groups = groups
        self.roles = roles
    }

    var user: User {
        var claims: JSONObject = [:]
        if let fullName { claims.append("name", .string(fullName)) }
        claims.append("preferred_username", .string(name))
        if let email {
            claims.append("email", .string(email))
            claims.append("email_verified", true)
        }
        if !groups.isEmpty { claims.append("groups", .array(groups.map { .string($0) })) }
        if !roles.isEmpty { claims.append("roles", .array(roles.map { .string($0) })) }
        for text in self.claims {
            let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2, !pair[0].isEmpty else { continue }
            claims[pair[0]] = (try? JSONValue(parsing: pair[1])) ?? .string(pair[1])
        }
        return User(id: newUserID(), name: name, claims: claims)
    }
}

func newUserID() -> String { UUID().uuidString.lowercased() }

extension IdentityTool {
    /// A table of users.
    public func listUsers() async -> ToolResult {
        await work { house in
            var rows: [[String]] = []
            var last = ""
            while true {
                let page = try await house.users.list(after: last)
                guard let end = page.last else { break }
                for user in page { rows.append(try await row(user, house)) }
                last = end.id
            }
            return print(["id", "name", "email", "groups", "roles", "factors", "created", "state"], rows)
        }
    }

    private func row(_ user: User, _ house: IdentityHouse) async throws -> [String] {
        let factors = try await house.accounts.factors(of: user.id)
        let kinds = (factors.hasPassword ? ["password"] : []) + factors.kinds.map(\.rawValue).sorted()
        return [
            user.id, user.name, user.email ?? "-", user.groups.isEmpty ? "-" : user.groups.joined(separator: ","),
            user.roles.isEmpty ? "-" : user.roles.joined(separator: ","), kinds.isEmpty ? "-" : kinds.joined(separator: ","),
            Self.moment(user.created), user.isDisabled ? "disabled" : "active",
        ]
    }

    /// Makes a user with a password.
    public func createUser(_ new: NewUser, password: String) async -> ToolResult {
        await work { house in
            let user = new.user
            switch try await house.accounts.create(user, password: password) {
            case .success: break
            case .failure(let refusal): throw IdentityFailure(reason: "the password may not be chosen: \(Self.words(refusal.reason))")
            case nil: throw IdentityFailure(reason: "the name `\(new.name)` is taken")
            }
            house.tell("user_created", .low, "a user was made", [("user", user.id)])
            return print(["id", "name"], [[user.id, user.name]])
        }
    }

    /// Makes a link by which someone becomes a user.
    public func invite(_ new: NewUser) async -> ToolResult {
        await work { house in
            guard let secret = try await house.accounts.invite(new.user) else {
                throw IdentityFailure(reason: "the name `\(new.name)` is taken")
            }
            return "\(house.settings.issuer)/password/choose?link=\(secret)\n"
        }
    }

    /// Switches a user off or on.
    public func setUser(_ name: String, isDisabled: Bool) async -> ToolResult {
        await work { house in
            let user = try await house.user(name)
            let isDone = try await isDisabled ? house.users.disable(user.id, at: house.now) : house.users.enable(user.id)
            guard isDone else { throw IdentityFailure(reason: "the user `\(name)` is \(isDisabled ? "disabled" : "active") already") }
            house.tell(
                isDisabled ? "user_disabled" : "user_enabled", .medium, isDisabled ? "a user was switched off" : "a user was switched on",
                [("user", user.id)])
            return "\(user.name) is \(isDisabled ? "disabled: every session and token has ended" : "active")\n"
        }
    }

    /// Makes a link by which a user chooses a new password.
    public func passwordLink(_ name: String) async -> ToolResult {
        await work { house in
            let user = try await house.user(name)
            guard let secret = try await house.accounts.passwordResetLink(for: user) else {
                throw IdentityFailure(reason: "the user `\(name)` is disabled")
            }
            return "\(house.settings.issuer)/password/choose?link=\(secret)\n"
        }
    }

    /// Puts a user into groups and roles, and takes the user out of others.
    public func changeUser(_ name: String, groups: (add: [String], remove: [String]), roles: (add: [String], remove: [String])) async
        -> ToolResult
    {
        await work { house in
            let user = try await house.user(name)
            let (newGroups, newRoles) = (Self.changed(user.groups, groups), Self.changed(user.roles, roles))
            _ = try await house.users.update(user.id) { claims in
                claims["groups"] = newGroups.isEmpty ? nil : .array(newGroups.map { .string($0) })
                claims["roles"] = newRoles.isEmpty ? nil : .array(newRoles.map { .string($0) })
            }
            house.tell(
                "user_changed", .medium, "groups or roles of a user were changed",
                [("user", user.id), ("groups", newGroups.joined(separator: " ")), ("roles", newRoles.joined(separator: " "))])
            return print(["name", "groups", "roles"], [[user.name, newGroups.joined(separator: ","), newRoles.joined(separator: ",")]])
        }
    }

    private static func changed(_ words: [String], _ change: (add: [String], remove: [String])) -> [String] {
        Set(words).union(change.add).subtracting(change.remove).sorted()
    }

    /// Asks for a recovery, or consents to one; administrators prove who they are by personal tokens with the scope `identity:admin`.
    public func recover(_ name: String?, consentTo request: String?, token: String) async -> ToolResult {
        await work { house in
            guard let key = try await house.apiKeys.find(token, at: house.now), key.kind == .personal, key.scopes.contains("identity:admin")
            else {
                throw IdentityFailure(reason: "the token is no personal token of an administrator (scope `identity:admin`)")
            }
            guard try await house.users.user(key.owner)?.roles.contains("admin") == true else {
                throw IdentityFailure(reason: "the token's owner has not the role `admin`")
            }
            if let request {
                guard let secret = try await house.accounts.consentToRecovery(request, by: key.owner) else {
                    throw IdentityFailure(
                        reason: "the recovery `\(request)` is not known, over, or cannot be consented to by this administrator")
                }
                return "\(house.settings.issuer)/password/choose?link=\(secret)\n"
            }
            let user = try await house.user(name ?? "")
            guard let id = try await house.accounts.askRecovery(of: user.id, by: key.owner) else {
                throw IdentityFailure(reason: "the user `\(user.name)` is disabled")
            }
            return "\(id)\n"
        }
    }

    static func words(_ refusal: PasswordRules.Refusal) -> String {
        switch refusal {
        case .tooShort(let minimum): "fewer than \(minimum) characters"
        case .tooLong(let maximum): "more than \(maximum) characters"
        case .controlCharacter: "a control character"
        case .known: "on a list of known passwords"
        case .expected: "too close to the name"
        case .repetitive: "it repeats itself"
        }
    }
}
