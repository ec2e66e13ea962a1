import GatehouseCore
import GatehouseStore
import Passwords

/// What a user can prove who they are with, beside the password.
public struct EnrolledFactors: Sendable, Equatable {
    /// True where an authenticator app is in force.
    public var hasAuthenticator: Bool
    /// Recovery codes left.
    public var recoveryCodes: Int
    /// Passkeys, the oldest first.
    public var passkeys: [Passkey]
    /// True where the user has a password.
    public var hasPassword: Bool

    /// A passkey as its user sees it.
    public struct Passkey: Sendable, Equatable {
        /// Its id.
        public var id: [UInt8]
        /// What the user calls it.
        public var name: String
        /// When it was made.
        public var created: Int64
        /// When it was used last.
        public var used: Int64?
    }

    /// The kinds.
    public var kinds: Set<MFAPolicy.Factor> {
        Set((hasAuthenticator ? [.authenticator] : []) + (passkeys.isEmpty ? [] : [.passkey]))
    }
}

extension AccountService {
    /// What a user has enrolled.
    public func factors(of id: String) async throws -> EnrolledFactors {
        try await store.read { transaction in
            let passkeys = try transaction.rows(
                "SELECT id, name, created, used FROM identity_passkeys WHERE user_id = \(id) ORDER BY created"
            ).map {
                EnrolledFactors.Passkey(
                    id: try $0.blob("id"), name: try $0.text("name"), created: try $0.integer("created"),
                    used: try $0.optionalInteger("used"))
            }
            let codes = try transaction.row("SELECT COUNT(*) AS n FROM identity_recovery_codes WHERE user_id = \(id)")?.int("n") ?? 0
            let app = try transaction.row("SELECT 1 AS found FROM identity_authenticators WHERE user_id = \(id) AND confirmed IS NOT NULL")
            let password = try transaction.row("SELECT 1 AS found FROM identity_users WHERE id = \(id) AND password IS NOT NULL")
            return EnrolledFactors(hasAuthenticator: app != nil, recoveryCodes: codes, passkeys: passkeys, hasPassword: password != nil)
        }
    }

    /// True where a user has to enrol a second factor before anything else.
    public func mustEnrol(_ user: User) async throws -> Bool {
        guard mfa.binds(user, at: now) else { return false }
        return try await factors(of: user.id).kinds.isEmpty
    }

    /// Takes the authenticator app and the recovery codes of a user away.
    ///
    /// Refuses: the last factor of a user who must have one.
    public func removeAuthenticator(of user: User) async throws -> Bool {
        let factors = try await factors(of: user.id)
        guard factors.hasAuthenticator, !mfa.binds(user, at: now) || !factors.passkeys.isEmpty else { return false }
        try await store.write { transaction in
            try transaction.run("DELETE FROM identity_authenticators WHERE user_id = \(user.id)")
            try transaction.run("DELETE FROM identity_recovery_codes WHERE user_id = \(user.id)")
        }
        emit("authenticator_removed", .medium, "an authenticator app was removed", user.id)
        return true
    }

    /// Takes a passkey away.
    ///
    /// Refuses: the last factor of a user who must have one, and the only way in of a user without a password.
    public func removePasskey(_ passkey: [UInt8], of user: User) async throws -> Bool {
        let factors = try await factors(of: user.id)
        let isLast = factors.passkeys.count == 1
        guard !isLast || factors.hasPassword, !isLast || !mfa.binds(user, at: now) || factors.hasAuthenticator else { return false }
        guard try await store.run("DELETE FROM identity_passkeys WHERE id = \(passkey) AND user_id = \(user.id)") == 1 else { return false }
        emit("passkey_removed", .medium, "a passkey was removed", user.id)
        return true
    }

    /// New recovery codes in place of all former ones; nil where the user has no authenticator app.
    public func renewRecoveryCodes(of id: String) async throws -> [String]? {
        var random = SystemRandomNumberGenerator()
        let codes = RecoveryCode.generate(using: &random)
        let isDone = try await store.write { transaction in
            guard
                try transaction.row("SELECT 1 AS found FROM identity_authenticators WHERE user_id = \(id) AND confirmed IS NOT NULL") != nil
            else { return false }
            try transaction.run("DELETE FROM identity_recovery_codes WHERE user_id = \(id)")
            for code in codes { try transaction.run("INSERT INTO identity_recovery_codes (hash, user_id) VALUES (\(code.hash), \(id))") }
            return true
        }
        guard isDone else { return nil }
        emit("recovery_codes_renewed", .low, "recovery codes were renewed", id)
        return codes.map(\.text)
    }

    /// The address for the QR code of an enrolment that has begun; nil where none has.
    public func pendingAuthenticator(of user: User, issuer: String) async throws -> String? {
        try await store.read { transaction in
            guard
                let row = try transaction.row("SELECT * FROM identity_authenticators WHERE user_id = \(user.id) AND confirmed IS NULL")
            else { return nil }
            return try password(row, user.id, in: transaction)?.provisioningURI(issuer: issuer, account: user.name)
        }
    }

    // MARK: Remembered browsers

    /// Remembers a browser in which a second factor was proven, for as long as the policy says.
    public func trust(device: String, of id: String) async throws {
        guard mfa.deviceMemory > 0, let hash = SecretFormats.device.hash(of: device) else { return }
        let until = now + mfa.deviceMemory
        try await store.run("UPDATE identity_devices SET trusted = \(until) WHERE hash = \(hash) AND user_id = \(id)")
        emit("device_remembered", .low, "a browser is remembered: the password is enough there", id)
    }

    func isTrusted(_ device: String?, of id: String) async throws -> Bool {
        guard mfa.deviceMemory > 0, let device, let hash = SecretFormats.device.hash(of: device) else { return false }
        let now = now
        return try await store.row(
            "SELECT 1 AS found FROM identity_devices WHERE hash = \(hash) AND user_id = \(id) AND trusted > \(now) AND expires > \(now)")
            != nil
    }

    /// Forgets every browser of a user.
    public func forgetDevices(of id: String) async throws {
        try await store.run("DELETE FROM identity_devices WHERE user_id = \(id)")
    }
}
