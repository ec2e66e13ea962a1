public import GatehouseCore

/// Who must have a second factor, by when, and which.
public struct IdentityMFA: Sendable, Equatable {
    /// Who must have one.
    public enum Requirement: String, Sendable, CaseIterable, ConfigurationChoice {
        /// Whoever wants to.
        case optional
        /// Everyone.
        case everyone
        /// Members of `groups`.
        case groups
    }

    /// A kind of second factor.
    public enum Factor: String, Sendable, CaseIterable, ConfigurationChoice {
        /// Passkeys.
        case passkey
        /// Codes of an authenticator app.
        case authenticator
    }

    /// Who must have one; default whoever wants to.
    public var require = Requirement.optional
    /// The groups.
    public var groups: [String] = []
    /// How long after their making users may sign in without; default 0.
    public var grace = Duration.zero
    /// What users may enrol; default all.
    public var factors = Factor.allCases
    /// How long a browser is remembered after a second factor; nil: never.
    public var rememberBrowser: Duration?

    /// Whoever wants to.
    public init() {}
}

extension IdentityMFA: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "mfa" }
    /// What it is for.
    public static var about: String { "Who must have a second factor, by when, and which." }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityMFA>] {
        [
            ConfigurationKey("require", \.require, "Who must have a second factor."),
            ConfigurationKey("groups", \.groups, "The groups that `require: groups` means."),
            ConfigurationKey("grace", \.grace, "How long after their making users may still sign in without."),
            ConfigurationKey("factors", \.factors, "What users may enrol."),
            ConfigurationKey(
                "remember_browser", \.rememberBrowser,
                "How long a password is enough in a browser where a second factor was proven and the user asked for it.",
                defaultText: "never"),
        ]
    }

    /// Checks that the groups have names.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if require == .groups, groups.isEmpty { reader.error("`require: groups` needs `groups`", at: node) }
        if factors.isEmpty { reader.error("no factor can be enrolled", at: node["factors"] ?? node) }
    }
}

/// Which passwords may be chosen (NIST SP 800-63B-4).
public struct IdentityPasswords: Sendable, Equatable {
    /// Fewest characters where the password stands alone; default 15.
    public var minimum = 15
    /// Fewest characters where another factor is always asked for; default 8.
    public var minimumWithMFA = 8
    /// A list of breached passwords.
    public var breached: FilePath?
    /// Memory of one hash; default 19 MiB.
    public var memory = ByteCount.mebibytes(19)
    /// Passes of one hash; default 2.
    public var iterations = 2

    /// The standard's numbers.
    public init() {}
}

extension IdentityPasswords: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "passwords" }
    /// What it is for.
    public static var about: String { "Which passwords may be chosen (NIST SP 800-63B-4), and how they are hashed (Argon2id)." }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityPasswords>] {
        [
            ConfigurationKey("minimum", \.minimum, in: 8...64, "Fewest characters where the password stands alone."),
            ConfigurationKey(
                "minimum_with_mfa", \.minimumWithMFA, in: 8...64, "Fewest characters where an authenticator app is asked for too."),
            ConfigurationKey(
                "breached", \.breached.existing,
                "A list of breached passwords: a file of SHA-1 digests one a line (`DIGEST:COUNT`), or a Bloom filter made of one by `gatehouse identity breached`."
            ),
            ConfigurationKey(
                "memory", \.memory, in: ByteCount.mebibytes(1)...ByteCount.mebibytes(1024), "Memory of one hash.",
                risk: Risk("less than 19MiB with 2 iterations", because: "stolen hashes are guessed faster") { $0 < .mebibytes(19) }),
            ConfigurationKey("iterations", \.iterations, in: 1...16, "Passes of one hash."),
        ]
    }
}

/// Budgets of guessing.
public struct IdentityThrottle: Sendable, Equatable {
    /// Wrong passwords at one account from one network by unknown browsers; default 5, one back in 5 minutes.
    public var network = Rate.five(minutes: 25)
    /// Wrong passwords at one account by all unknown browsers together; default 20, one back a minute.
    public var account = Rate.of(20, minutes: 20)
    /// Wrong passwords at all accounts from one network; default 50, one back in 10 s.
    public var acrossAccounts = Rate.of(48, minutes: 8)
    /// Wrong passwords in a browser that the user has signed in with before; default 10, one back a minute.
    public var knownBrowser = Rate.of(10, minutes: 10)
    /// Wrong one-time codes; default 5, one back in 5 minutes.
    public var codes = Rate.five(minutes: 25)

    /// The defaults.
    public init() {}
}

extension Rate {
    fileprivate static func of(_ count: Int, minutes: Int) -> Rate {
        Rate(count: count, period: .seconds(60 * minutes)) ?? Rate.five(minutes: minutes)
    }

    fileprivate static func five(minutes: Int) -> Rate {
        guard let rate = Rate(count: 5, period: .seconds(60 * minutes)) else { preconditionFailure("a rate of the source is wrong") }
        return rate
    }
}

extension IdentityThrottle: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "throttle" }
    /// What it is for.
    public static var about: String {
        "How often passwords and codes may be guessed. A browser that its user knows has a budget of its own, which strangers cannot use up."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityThrottle>] {
        [
            ConfigurationKey("network", \.network, "Passwords at one account from one network, by unknown browsers."),
            ConfigurationKey("account", \.account, "Passwords at one account, by all unknown browsers together."),
            ConfigurationKey("across_accounts", \.acrossAccounts, "Passwords at all accounts from one network."),
            ConfigurationKey("known_browser", \.knownBrowser, "Passwords in a browser that the user has signed in with before."),
            ConfigurationKey("codes", \.codes, "One-time codes at one account."),
        ]
    }
}
