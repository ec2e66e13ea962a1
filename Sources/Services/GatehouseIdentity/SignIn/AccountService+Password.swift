import GatehouseCore
import GatehouseStore
import Passwords

extension AccountService {
    /// Tries a password.
    public func signIn(_ attempt: SignInAttempt) async throws -> SignInOutcome {
        guard attempt.name.utf8.count <= 320, attempt.password.utf8.count <= 4096 else { return .refused }
        let account = try await users.account(name: attempt.name)
        let isKnown = try await isKnownDevice(attempt.device, of: account?.user.id)
        let budgets = budgets(attempt, isKnown: isKnown)
        let mayGuess = isKnown || (account?.failures ?? 0) < policy.consecutiveFailures
        guard mayGuess, ledger.take(budgets, at: now) else {
            await pause(Self.typicalHash)
            return .refused
        }
        let verdict: PasswordHasher.Verdict
        do {
            verdict = try await verify(attempt.password, against: account?.password, in: isKnown ? known : strangers)
        } catch let full as HashingQueue.Full {
            return .busy(retryAfter: full.retryAfter)
        }
        guard let account, !account.user.isDisabled, case .match(let renewed) = verdict else {
            if let account { try await countFailure(account) }
            return .refused
        }
        ledger.giveBack(budgets)
        if let renewed, let old = account.password { try await users.renew(renewed, in: old, of: account.user.id) }
        return try await passwordMatched(account, attempt, isKnown: isKnown)
    }

    private func verify(_ password: String, against stored: PHCString?, in queue: HashingQueue) async throws -> PasswordHasher.Verdict {
        try await queue.run { [hasher] in
            var random = SystemRandomNumberGenerator()
            return hasher.verify(password, against: stored, using: &random)
        }
    }

    /// Names count whether or not there is such a user, so that a refusal tells nothing.
    private func budgets(_ attempt: SignInAttempt, isKnown: Bool) -> [(key: String, budget: GuessBudget)] {
        let name = attempt.name.lowercased()
        if isKnown, let device = attempt.device { return [("device " + device, policy.fromDevice)] }
        return [
            ("network " + attempt.network + " " + name, policy.fromNetwork), ("account " + name, policy.fromStrangers),
            ("network " + attempt.network, policy.acrossAccounts),
        ]
    }

    private func countFailure(_ account: UserStore.Account) async throws {
        try await store.run("UPDATE identity_users SET failures = failures + 1 WHERE id = \(account.user.id)")
        if account.failures + 1 == policy.consecutiveFailures {
            emit("guesses_exhausted", .high, "too many wrong passwords: unknown browsers are refused", account.user.id)
        }
    }

    private func passwordMatched(_ account: UserStore.Account, _ attempt: SignInAttempt, isKnown: Bool) async throws -> SignInOutcome {
        let id = account.user.id
        if account.failures > 0 { try await store.run("UPDATE identity_users SET failures = 0 WHERE id = \(id)") }
        if try await needsSecondFactor(account.user, attempt.mayTrustDevice ? attempt.device : nil) {
            return .needsSecondFactor(pending: try await keepPending(id))
        }
        return .signedIn(try await signedIn(id, methods: ["pwd"], context: contexts.first ?? "", device: isKnown ? attempt.device : nil))
    }

    /// A password alone is not enough where an app is enrolled, or where the policy wants a second factor and a passkey is there; but for
    /// browsers that are remembered.
    func needsSecondFactor(_ user: User, _ device: String?) async throws -> Bool {
        let factors = try await factors(of: user.id)
        guard factors.hasAuthenticator || (!factors.passkeys.isEmpty && mfa.binds(user, at: now)) else { return false }
        return try await !isTrusted(device, of: user.id)
    }

    /// The sign-in that follows on the last factor; a browser that was not known gets a device secret.
    func signedIn(_ id: String, methods: [String], context: String, device: String?) async throws -> SignedIn {
        let now = now
        var secret = device
        if secret == nil {
            var random = SystemRandomNumberGenerator()
            let made = SecretFormats.device.generate(using: &random)
            secret = made.text
            let expires = now + policy.deviceLifetime
            try await store.run(
                "INSERT INTO identity_devices (hash, user_id, seen, expires) VALUES (\(made.hash), \(id), \(now), \(expires))")
        }
        emit("signed_in", .informational, "a user signed in", id)
        return SignedIn(
            userID: id, authentication: .init(time: now, context: context, methods: methods), device: secret ?? "")
    }

    func isKnownDevice(_ device: String?, of user: String?) async throws -> Bool {
        guard let device, let user, let hash = SecretFormats.device.hash(of: device) else { return false }
        let now = now
        return try await store.row(
            "SELECT 1 AS found FROM identity_devices WHERE hash = \(hash) AND user_id = \(user) AND expires > \(now)") != nil
    }

    func keepPending(_ id: String) async throws -> String {
        var random = SystemRandomNumberGenerator()
        let secret = SecretFormats.pendingSignIn.generate(using: &random)
        let expires = now + policy.pendingLifetime
        try await store.run("INSERT INTO identity_pending_sign_ins (hash, user_id, expires) VALUES (\(secret.hash), \(id), \(expires))")
        return secret.text
    }
}
