import GatehouseCore
import GatehouseStore
import StrictJSON

/// Who someone is at another provider, as a verified ID token said.
public struct OutsideIdentity: Sendable, Equatable {
    /// The provider's name here.
    public let provider: String
    /// The provider's issuer.
    public let issuer: String
    /// `sub` there.
    public let subject: String

    /// An identity of its parts.
    public init(provider: String, issuer: String, subject: String) {
        self.provider = provider
        self.issuer = issuer
        self.subject = subject
    }

    /// Issuer and subject together; neither is stored.
    var hash: [UInt8] { GatehouseIdentity.hash(issuer + "\n" + subject) }
}

extension AccountService {
    /// The user that an outside account is linked to.
    public func user(of outside: OutsideIdentity) async throws -> User? {
        guard let row = try await store.row("SELECT user_id FROM identity_outside_accounts WHERE hash = \(outside.hash)") else {
            return nil
        }
        return try await users.user(row.text("user_id"))
    }

    /// Signs in whoever an outside account is linked to. It is as strong as a password: a second factor is asked for where one is needed.
    ///
    /// - Returns: refused where nobody is linked, or the user is disabled.
    public func signIn(outside: OutsideIdentity, device: String? = nil) async throws -> SignInOutcome {
        guard let user = try await user(of: outside), !user.isDisabled else { return .refused }
        if try await needsSecondFactor(user, device) { return .needsSecondFactor(pending: try await keepPending(user.id)) }
        let known = try await isKnownDevice(device, of: user.id) ? device : nil
        return .signedIn(try await signedIn(user.id, methods: ["fed"], context: contexts.first ?? "", device: known))
    }

    /// Links an outside account to a user who is signed in here.
    ///
    /// Refuses: an account that is linked already.
    public func link(_ outside: OutsideIdentity, to userID: String) async throws -> Bool {
        let now = now
        let isNew =
            try await store.run(
                """
                INSERT INTO identity_outside_accounts (hash, provider, user_id, linked)
                VALUES (\(outside.hash), \(outside.provider), \(userID), \(now)) ON CONFLICT (hash) DO NOTHING
                """) == 1
        if isNew { emit("outside_account_linked", .medium, "an outside account was linked", userID, [("provider", outside.provider)]) }
        return isNew
    }

    /// Makes a user of someone who comes from outside for the first time, and links the account, in one write.
    ///
    /// - Returns: false where the name is taken: whoever has it must link the account after signing in.
    public func create(_ user: User, from outside: OutsideIdentity) async throws -> Bool {
        let now = now
        let isNew = try await store.write { transaction in
            guard try transaction.row("SELECT 1 AS found FROM identity_outside_accounts WHERE hash = \(outside.hash)") == nil,
                try users.insert(user, password: nil, at: now, in: transaction)
            else { return false }
            return try transaction.run(
                """
                INSERT INTO identity_outside_accounts (hash, provider, user_id, linked)
                VALUES (\(outside.hash), \(outside.provider), \(user.id), \(now))
                """) == 1
        }
        if isNew { emit("user_created", .low, "a user came from another provider", user.id, [("provider", outside.provider)]) }
        return isNew
    }

    /// The providers at which a user has linked accounts.
    public func outsideAccounts(of userID: String) async throws -> [String] {
        try await store.rows("SELECT DISTINCT provider FROM identity_outside_accounts WHERE user_id = \(userID) ORDER BY provider").map {
            try $0.text("provider")
        }
    }

    /// Takes a user's links to a provider away.
    ///
    /// Refuses: the only way in of a user who has neither password nor passkey.
    public func unlink(_ provider: String, from userID: String) async throws -> Bool {
        let factors = try await factors(of: userID)
        guard factors.hasPassword || !factors.passkeys.isEmpty else { return false }
        guard try await store.run("DELETE FROM identity_outside_accounts WHERE user_id = \(userID) AND provider = \(provider)") > 0 else {
            return false
        }
        emit("outside_account_unlinked", .medium, "an outside account was taken away", userID, [("provider", provider)])
        return true
    }
}
