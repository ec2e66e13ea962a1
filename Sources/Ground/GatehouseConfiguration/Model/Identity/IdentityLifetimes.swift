/// Lifetimes of codes, tokens and signing keys.
public struct IdentityTokens: Sendable, Equatable {
    /// Life of an authorization code; default 60 s.
    public var code = Duration.seconds(60)
    /// Life of an access token; default 10 minutes.
    public var access = Duration.seconds(600)
    /// Life of an ID token; default 10 minutes.
    public var id = Duration.seconds(600)
    /// Life of an unused refresh token; default 14 days.
    public var refresh = Duration.seconds(14 * 86_400)
    /// Life of what a user allowed a client; default 90 days.
    public var grant = Duration.seconds(90 * 86_400)
    /// Life of a device code; default 10 minutes.
    public var deviceCode = Duration.seconds(600)
    /// How long a signing key signs; default 30 days.
    public var signingKey = Duration.seconds(30 * 86_400)
    /// How long a signing key is published before; default 1 day.
    public var signingKeyLead = Duration.seconds(86_400)
    /// Whether DPoP proofs need a nonce of ours; default true.
    public var requiresProofNonce = true

    /// The defaults.
    public init() {}
}

extension IdentityTokens: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "tokens" }
    /// What it is for.
    public static var about: String { "Lifetimes of codes, tokens and signing keys." }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityTokens>] {
        [
            ConfigurationKey("code", \.code, in: .seconds(5)...(.seconds(600)), "Life of an authorization code."),
            ConfigurationKey("access", \.access, in: .seconds(10)...(.seconds(86_400)), "Life of an access token."),
            ConfigurationKey("id", \.id, in: .seconds(10)...(.seconds(86_400)), "Life of an ID token."),
            ConfigurationKey(
                "refresh", \.refresh, in: .seconds(60)...(.seconds(400 * 86_400)), "Life of a refresh token that is not used."),
            ConfigurationKey(
                "grant", \.grant, in: .seconds(60)...(.seconds(4000 * 86_400)),
                "Life of what a user allowed a client; nothing under it lives longer."),
            ConfigurationKey("device_code", \.deviceCode, in: .seconds(30)...(.seconds(3600)), "Life of a device code."),
            ConfigurationKey("signing_key", \.signingKey, in: .seconds(3600)...(.seconds(400 * 86_400)), "How long a signing key signs."),
            ConfigurationKey(
                "signing_key_lead", \.signingKeyLead, in: .seconds(60)...(.seconds(30 * 86_400)),
                "How long a signing key is published before it signs."),
            ConfigurationKey(
                "require_dpop_nonce", \.requiresProofNonce, "Whether DPoP proofs need a nonce of ours.",
                risk: .ifFalse("a proof that was made ahead can be used for a minute")),
        ]
    }
}

/// Lifetimes of browser sessions.
public struct IdentitySessions: Sendable, Equatable {
    /// Until a session ends that is not used; default 12 hours.
    public var idle = Duration.seconds(12 * 3600)
    /// Until a session ends, used or not; default 7 days.
    public var lifetime = Duration.seconds(7 * 86_400)

    /// The defaults.
    public init() {}
}

extension IdentitySessions: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "sessions" }
    /// What it is for.
    public static var about: String { "Lifetimes of browser sessions." }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentitySessions>] {
        [
            ConfigurationKey("idle", \.idle, in: .seconds(60)...(.seconds(90 * 86_400)), "Until a session ends that is not used."),
            ConfigurationKey("lifetime", \.lifetime, in: .seconds(60)...(.seconds(400 * 86_400)), "Until a session ends, used or not."),
        ]
    }
}
