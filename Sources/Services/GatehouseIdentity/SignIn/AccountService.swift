public import GatehouseCore
public import GatehouseStore
public import Passwords

/// Signs users in by password and one-time code.
///
/// Budgets are counted by account and network, by account, by network, and by known device, so that nobody can use them against an owner.
/// Hashing runs in two queues: known devices have one of their own, which a flood of strangers cannot fill.
public struct AccountService: Sendable {
    /// The users.
    public let users: UserStore
    let store: Store
    let sealer: any IdentitySealer
    let hasher: PasswordHasher
    /// Which passwords may be chosen.
    public let rules: PasswordRules
    let policy: SignInPolicy
    /// Who must have a second factor.
    public let mfa: MFAPolicy
    let contexts: [String]
    let clock: any HouseClock
    let events: any EventSink
    let strangers: HashingQueue
    let known: HashingQueue
    let ledger = GuessLedger()
    let pause: @Sendable (Duration) async -> Void

    /// A service.
    ///
    /// - Parameters:
    ///   - cores: Hashes at a time; one of them is kept for known devices, at least one for strangers.
    ///   - pause: Waits, so that refusals without hashing take as long as others; the default sleeps.
    public init(
        store: Store, sealer: any IdentitySealer, hasher: PasswordHasher, rules: PasswordRules, policy: SignInPolicy = SignInPolicy(),
        mfa: MFAPolicy = MFAPolicy(), configuration: IdentityConfiguration, cores: Int, clock: any HouseClock, events: any EventSink,
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        users = UserStore(store: store, sealer: sealer)
        self.store = store
        self.sealer = sealer
        self.hasher = hasher
        self.rules = rules
        self.policy = policy
        self.mfa = mfa
        contexts = configuration.authenticationContexts
        self.clock = clock
        self.events = events
        self.pause = pause
        strangers = HashingQueue(workers: max(1, cores - 1))
        known = HashingQueue(workers: 1)
    }

    var now: Int64 { clock.wall / 1_000_000_000 }

    /// How long a hash took lately, at this machine.
    static let typicalHash = Duration.milliseconds(60)

    /// Makes a user with a password.
    ///
    /// - Returns: The user, the reason against the password, or nil where the name is taken.
    public func create(_ user: User, password: String, hasMFA: Bool = false) async throws -> Result<User, PasswordRefusal>? {
        if let refusal = rules.refusal(of: password, hasMFA: hasMFA, context: [user.name]) {
            return .failure(PasswordRefusal(reason: refusal))
        }
        guard let hash = try await hash(password) else { throw OAuthError(.temporarilyUnavailable, "no memory to hash a password") }
        return try await users.insert(user, password: hash, at: now) ? .success(user) : nil
    }

    /// Sets a new password, by its owner or an administrator.
    ///
    /// - Returns: The reason against it, or nil where it was set.
    public func changePassword(of id: String, to password: String, hasMFA: Bool = false) async throws -> PasswordRules.Refusal? {
        guard let user = try await users.user(id) else { throw OAuthError(.invalidRequest, "no such user") }
        if let refusal = rules.refusal(of: password, hasMFA: hasMFA, context: [user.name]) { return refusal }
        guard let hash = try await hash(password) else { throw OAuthError(.temporarilyUnavailable, "no memory to hash a password") }
        try await users.setPassword(hash, of: id, at: now)
        emit("password_changed", .low, "a password was changed", id)
        return nil
    }

    func hash(_ password: String) async throws -> PHCString? {
        try await known.run { [hasher] in
            var random = SystemRandomNumberGenerator()
            return hasher.hash(password, using: &random)
        }
    }

    func emit(_ name: String, _ severity: Severity, _ message: String, _ user: String, _ facts: [(name: String, value: String)] = []) {
        events.emit(
            .system(
                SystemRecord(
                    time: clock.wall, component: "identity", name: name, severity: severity, message: message,
                    facts: [("user", user)] + facts)))
    }
}

/// Why a password cannot be chosen.
public struct PasswordRefusal: Error, Sendable, Hashable {
    /// The rule that it breaks.
    public let reason: PasswordRules.Refusal
}
