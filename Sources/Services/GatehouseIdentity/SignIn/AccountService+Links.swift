import GatehouseCore
import GatehouseStore
import JOSE
public import Passwords
import StrictJSON

/// What a one-time link was made for and whom it is for.
public struct PendingLink: Sendable {
    /// The link's purpose.
    public let purpose: LinkPurpose
    /// The user; nil for an invitation, whose user does not exist yet.
    public let user: User?
    /// The user that an invitation will make.
    public let invited: User?
}

/// What a one-time link does.
public enum LinkPurpose: String, Sendable {
    /// Lets a user who forgot the password choose another.
    case passwordReset = "password_reset"
    /// Lets someone become a user.
    case invitation
    /// Lets a user who lost every factor begin anew, after two administrators agreed.
    case recovery
}

/// What came of using a link.
public enum LinkOutcome: Sendable, Equatable {
    /// Done; the user may sign in now.
    case done(userID: String)
    /// The link is not known, used or expired.
    case unknown
    /// The password may not be chosen; the link is still good.
    case refused(PasswordRules.Refusal)
    /// The invited name was taken meanwhile.
    case nameTaken
}

extension AccountService {
    /// A link by which a user can choose a new password, valid for 15 minutes; nil for a user who may not sign in.
    ///
    /// Assumes: it goes to the user's own address and nowhere else.
    public func passwordResetLink(for user: User) async throws -> String? {
        guard !user.isDisabled else { return nil }
        let link = try await keepLink(.passwordReset, user: user.id, content: nil, lifetime: 900)
        emit("password_reset_asked", .low, "a link to choose a new password was made", user.id)
        return link
    }

    /// A link by which someone becomes a user under a given name, with given claims.
    ///
    /// - Parameter lifetime: seconds that it works; 7 days.
    /// - Returns: nil where the name is taken.
    public func invite(_ user: User, lifetime: Int64 = 7 * 86_400) async throws -> String? {
        guard try await users.user(named: user.name) == nil else { return nil }
        let profile: JSONValue = ["id": .string(user.id), "name": .string(user.name), "claims": .object(user.claims)]
        let link = try await keepLink(.invitation, user: nil, content: profile.bytes(), lifetime: lifetime)
        emit("user_invited", .low, "someone was invited", user.id)
        return link
    }

    /// What a link is good for; nil where it is not known, used or expired. Looking does not use it up.
    public func link(_ secret: String) async throws -> PendingLink? {
        guard let hash = OneTimeLink.format.hash(of: secret) else { return nil }
        let now = now
        guard let row = try await store.row("SELECT * FROM identity_links WHERE hash = \(hash) AND expires > \(now)"),
            let purpose = LinkPurpose(rawValue: try row.text("purpose"))
        else { return nil }
        var user: User?
        if let id = try row.optionalText("user_id") { user = try await users.user(id) }
        let invited = try await store.read { try self.invited(row, in: $0) }
        guard purpose == .invitation ? invited != nil : user.map({ !$0.isDisabled }) == true else { return nil }
        return PendingLink(purpose: purpose, user: user, invited: invited)
    }

    /// Uses a link up and sets the password that it was made for. Of several requests with one link exactly one wins.
    public func redeem(_ secret: String, password: String) async throws -> LinkOutcome {
        guard let pending = try await link(secret), let user = pending.user ?? pending.invited else { return .unknown }
        let hasMFA = pending.user == nil ? false : try await factors(of: user.id).hasAuthenticator && pending.purpose != .recovery
        if let refusal = rules.refusal(of: password, hasMFA: hasMFA, context: [user.name]) { return .refused(refusal) }
        guard let hash = try await hash(password) else { throw OAuthError(.temporarilyUnavailable, "no memory to hash a password") }
        let now = now
        guard let linkHash = OneTimeLink.format.hash(of: secret) else { return .unknown }
        let outcome = try await store.write { transaction -> LinkOutcome in
            guard try transaction.run("DELETE FROM identity_links WHERE hash = \(linkHash) AND expires > \(now)") == 1 else {
                return .unknown
            }
            switch pending.purpose {
            case .invitation:
                return try users.insert(user, password: hash, at: now, in: transaction) ? .done(userID: user.id) : .nameTaken
            case .recovery:
                try Self.dropFactors(of: user.id, in: transaction)
                try users.setPassword(hash, of: user.id, at: now, in: transaction)
            case .passwordReset:
                try users.setPassword(hash, of: user.id, at: now, in: transaction)
            }
            try transaction.run("DELETE FROM identity_links WHERE user_id = \(user.id)")
            return .done(userID: user.id)
        }
        if case .done = outcome {
            emit(
                pending.purpose == .invitation ? "invitation_accepted" : "password_changed", .low,
                pending.purpose == .invitation ? "an invited user came" : "a password was changed by a link", user.id)
        }
        return outcome
    }

    /// Takes every second factor and remembered browser away.
    static func dropFactors(of id: String, in transaction: Transaction) throws {
        try transaction.run("DELETE FROM identity_authenticators WHERE user_id = \(id)")
        try transaction.run("DELETE FROM identity_recovery_codes WHERE user_id = \(id)")
        try transaction.run("DELETE FROM identity_passkeys WHERE user_id = \(id)")
        try transaction.run("DELETE FROM identity_devices WHERE user_id = \(id)")
    }

    func keepLink(_ purpose: LinkPurpose, user: String?, content: [UInt8]?, lifetime: Int64) async throws -> String {
        var random = SystemRandomNumberGenerator()
        let link = OneTimeLink(purpose: purpose.rawValue, at: now, lifetime: lifetime, using: &random)
        let id = newIdentifier()
        try await store.write { transaction in
            let sealed = try content.map { try sealer.seal($0, table: "identity_links", column: "content", row: id, in: transaction) }
            try transaction.run(
                """
                INSERT INTO identity_links (id, hash, purpose, user_id, content, expires)
                VALUES (\(id), \(link.record.hash), \(purpose.rawValue), \(user), \(sealed), \(link.record.expires))
                """)
        }
        return link.secret.text
    }

    private func invited(_ row: Row, in transaction: Transaction) throws -> User? {
        guard let sealed = try row.optionalBlob("content") else { return nil }
        let text = try sealer.open(sealed, table: "identity_links", column: "content", row: row.text("id"), in: transaction)
        let profile = try JSONValue(parsing: text)
        guard let id = profile["id"]?.string, let name = profile["name"]?.string else { return nil }
        return User(id: id, name: name, claims: profile["claims"]?.object ?? [:])
    }
}
