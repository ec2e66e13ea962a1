import Foundation
import GatehouseCore
import GatehouseStore
import Passwords

extension AccountService {
    /// Finishes a sign-in by a code of the user's app, or by a recovery code.
    ///
    /// Of several requests with one code exactly one wins: a step is spent by compare-and-set, a recovery code by its deletion. Guesses have a
    /// budget of their own.
    ///
    /// - Parameter device: The cookie that says which device this is, if there is one.
    public func finish(_ pending: String, code: String, device: String? = nil) async throws -> SignInOutcome {
        let now = now
        guard let hash = SecretFormats.pendingSignIn.hash(of: pending),
            let row = try await store.row("SELECT user_id FROM identity_pending_sign_ins WHERE hash = \(hash) AND expires > \(now)")
        else { return .refused }
        let id = try row.text("user_id")
        guard ledger.take([("code " + id, policy.oneTimeCodes)], at: now) else { return .refused }
        let method = try await store.write { transaction -> String? in
            let method = try self.spend(code, of: id, at: now, in: transaction)
            if method != nil {
                guard try transaction.run("DELETE FROM identity_pending_sign_ins WHERE hash = \(hash)") == 1 else { return nil }
                try transaction.run("UPDATE identity_authenticators SET failures = 0 WHERE user_id = \(id)")
            } else {
                try transaction.run("UPDATE identity_authenticators SET failures = failures + 1 WHERE user_id = \(id)")
            }
            return method
        }
        guard let method else { return .refused }
        ledger.fill("code " + id)
        if method == "recovery" { emit("recovery_code_used", .medium, "a recovery code was used", id) }
        let strongest = contexts.dropFirst().first ?? contexts.first ?? ""
        return .signedIn(
            try await signedIn(
                id, methods: ["pwd", method == "recovery" ? "kba" : "otp", "mfa"], context: strongest,
                device: try await isKnownDevice(device, of: id) ? device : nil))
    }

    /// Spends a code; nil where it is wrong, spent, or too many were wrong in a row.
    private func spend(_ code: String, of id: String, at now: Int64, in transaction: Transaction) throws -> String? {
        if let hash = RecoveryCode.hash(ofTyped: code) {
            return try transaction.run("DELETE FROM identity_recovery_codes WHERE hash = \(hash) AND user_id = \(id)") == 1
                ? "recovery" : nil
        }
        guard let row = try transaction.row("SELECT * FROM identity_authenticators WHERE user_id = \(id) AND confirmed IS NOT NULL"),
            try row.integer("failures") < policy.consecutiveFailures,
            let step = try password(row, id, in: transaction)?.spentStep(for: code, at: now, lastSpent: row.optionalInteger("last_step"))
        else { return nil }
        return try take(step, of: id, in: transaction) ? "otp" : nil
    }

    /// Compare-and-set on the last step spent.
    private func take(_ step: Int64, of id: String, in transaction: Transaction) throws -> Bool {
        try transaction.run(
            "UPDATE identity_authenticators SET last_step = \(step) WHERE user_id = \(id) AND (last_step IS NULL OR last_step < \(step))")
            == 1
    }

    func password(_ row: Row, _ id: String, in transaction: Transaction) throws -> OneTimePassword? {
        let secret = try sealer.open(row.blob("secret"), table: "identity_authenticators", column: "secret", row: id, in: transaction)
        return OneTimePassword(secret: secret)
    }

    // MARK: Enrolment

    /// Begins to enrol an app; nothing changes at sign-in until ``confirmAuthenticator(of:code:)``.
    ///
    /// - Returns: The address for the QR code, or nil where the user has an app already.
    public func enrolAuthenticator(of user: User, issuer: String) async throws -> String? {
        var random = SystemRandomNumberGenerator()
        let secret = OneTimePassword.newSecret(using: &random)
        let isNew = try await store.write { transaction in
            let sealed = try sealer.seal(secret, table: "identity_authenticators", column: "secret", row: user.id, in: transaction)
            return try transaction.run(
                """
                INSERT INTO identity_authenticators (user_id, secret, failures) VALUES (\(user.id), \(sealed), 0)
                ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, failures = 0, last_step = NULL
                WHERE identity_authenticators.confirmed IS NULL
                """) == 1
        }
        return isNew ? OneTimePassword(secret: secret)?.provisioningURI(issuer: issuer, account: user.name) : nil
    }

    /// Puts the app into force with a first code.
    ///
    /// - Returns: New recovery codes, to be shown once; nil where the code is wrong.
    public func confirmAuthenticator(of id: String, code: String) async throws -> [String]? {
        let now = now
        guard ledger.take([("code " + id, policy.oneTimeCodes)], at: now) else { return nil }
        var random = SystemRandomNumberGenerator()
        let codes = RecoveryCode.generate(using: &random)
        let isConfirmed = try await store.write { transaction in
            guard let row = try transaction.row("SELECT * FROM identity_authenticators WHERE user_id = \(id) AND confirmed IS NULL"),
                let step = try password(row, id, in: transaction)?.spentStep(
                    for: code, at: now, lastSpent: row.optionalInteger("last_step")),
                try take(step, of: id, in: transaction)
            else { return false }
            try transaction.run("UPDATE identity_authenticators SET confirmed = \(now) WHERE user_id = \(id)")
            try transaction.run("DELETE FROM identity_recovery_codes WHERE user_id = \(id)")
            for code in codes { try transaction.run("INSERT INTO identity_recovery_codes (hash, user_id) VALUES (\(code.hash), \(id))") }
            return true
        }
        guard isConfirmed else { return nil }
        emit("authenticator_enrolled", .low, "an authenticator app was enrolled", id)
        return codes.map(\.text)
    }
}
