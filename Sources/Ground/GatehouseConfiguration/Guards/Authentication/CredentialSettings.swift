/// API keys and where they come.
public struct APIKeySettings: Sendable, Equatable {
    /// The field that carries the key; default `x-api-key`.
    public var header = FieldName("x-api-key") ?? FieldName.standardKey
    /// The keys, as hashes.
    public var file: CredentialFile?
    /// Keys of the identity store count too; default false.
    public var usesStore = false

    /// No keys.
    public init() {}

    /// True where some key counts.
    public var isAccepted: Bool { file != nil || usesStore }
}

extension APIKeySettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "api keys" }
    /// What it is for.
    public static var about: String { "API keys, kept as hashes." }

    /// Its keys.
    public static var keys: [ConfigurationKey<APIKeySettings>] {
        [
            ConfigurationKey("header", \.header, "The field that carries the key."),
            ConfigurationKey(
                "file", \.file,
                "The keys, one a line: a name, `sha256:` and the hash of the key in hexadecimal digits, then `scopes=`, `groups=`, `roles=` "
                    + "(separated by commas) and `expires=YYYY-MM-DD`; watched. `gatehouse credentials key NAME` makes one."),
            ConfigurationKey("store", \.usesStore, "Keys of the identity store count too."),
        ]
    }

    /// Refuses fields that mean something else.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if ["authorization", "cookie", "host", "gatehouse-identity"].contains(header.name) {
            reader.error("`\(header)` cannot carry a key", at: node["header"] ?? node)
        }
        file?.check(.keys, node["file"] ?? node, with: &reader)
    }
}

extension FieldName {
    static var standardKey: FieldName {
        guard let name = FieldName("x-api-key") else { preconditionFailure("a field name of the source is wrong") }
        return name
    }
}

/// Names and passwords of machines.
public struct BasicCredentialSettings: Sendable, Equatable {
    /// The names and hashes of passwords; nil: none count.
    public var file: CredentialFile?
    /// How long a verified password counts without being hashed again; default 60 s.
    public var remember = Duration.seconds(60)
    /// Passwords that may wait for their turn; default 64.
    public var queue = 64

    /// No passwords.
    public init() {}
}

extension BasicCredentialSettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "basic credentials" }
    /// What it is for.
    public static var about: String {
        "Names and passwords of machines (RFC 7617). Hashed beside the event loops, at most one for each core but one; when too many wait, the answer is 503."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<BasicCredentialSettings>] {
        [
            ConfigurationKey(
                "file", \.file,
                "The names, one a line: a name and an Argon2id hash (`$argon2id$…`), then attributes as in `api_keys.file`; watched. "
                    + "`gatehouse credentials password NAME` makes one."),
            ConfigurationKey(
                "remember", \.remember, in: .zero ... .seconds(3600), "How long a verified password counts without being hashed again."),
            ConfigurationKey("queue", \.queue, in: 1...10_000, "Passwords that may wait for their turn."),
        ]
    }

    /// Checks the file's kind of hashes.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        file?.check(.passwords, node["file"] ?? node, with: &reader)
    }
}

/// Proofs of possession (RFC 9449).
public struct ProofSettings: Sendable, Equatable {
    /// Refuses tokens that are bound to no key; default false.
    public var isRequired = false
    /// Demands a nonce of ours in each proof; default false.
    public var usesNonces = false
    /// Oldest proof that counts; default 60 s.
    public var maximumAge = Duration.seconds(60)
    /// Proofs that are remembered to refuse replays; default 200 000.
    public var replayEntries = 200_000

    /// Proofs for bound tokens alone.
    public init() {}
}

extension ProofSettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "dpop" }
    /// What it is for.
    public static var about: String { "Proofs that a token's key is at hand (RFC 9449). Tokens that are bound to a key always need one." }

    /// Its keys.
    public static var keys: [ConfigurationKey<ProofSettings>] {
        [
            ConfigurationKey("required", \.isRequired, "Refuses bearer tokens that are bound to no key: DPoP's or a certificate's."),
            ConfigurationKey("nonce", \.usesNonces, "Demands a nonce of ours in each proof (RFC 9449, section 9)."),
            ConfigurationKey("max_age", \.maximumAge, in: .seconds(5) ... .seconds(600), "Oldest proof that counts."),
            ConfigurationKey(
                "replay_entries", \.replayEntries, in: 1000...100_000_000,
                "Proofs that are remembered to refuse replays; when all are in use, new ones are answered with 503."),
        ]
    }
}

/// How strongly and how lately a user must have signed in (RFC 9470).
public struct StepUpSettings: Sendable, Equatable {
    /// Authentication contexts of which a token must have one; empty asks for none.
    public var contexts: [String] = []
    /// Longest time since the user signed in; nil asks for none.
    public var maximumAge: Duration?

    /// Nothing is asked.
    public init() {}

    /// True where something is asked.
    public var isAsked: Bool { !contexts.isEmpty || maximumAge != nil }
}

extension StepUpSettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "step up" }
    /// What it is for.
    public static var about: String {
        "How strongly and how lately a user must have signed in; others are answered as RFC 9470 says, so that the client can ask them to."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<StepUpSettings>] {
        [
            ConfigurationKey("acr", \.contexts, "Authentication contexts (`acr`) of which one is needed, the preferred first."),
            ConfigurationKey("max_age", \.maximumAge, "Longest time since the user signed in (`auth_time`)."),
        ]
    }
}
