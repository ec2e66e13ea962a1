/// Another OpenID provider that users may come from.
public struct IdentityProvider: Sendable, Equatable {
    /// Its name in addresses and commands.
    public var name = ""
    /// What its button says.
    public var title = ""
    /// Its issuer.
    public var issuer = IssuerAddress("https://id.invalid")
    /// Our client there.
    public var clientID = ""
    /// Our secret there, by reference.
    public var clientSecret: Secret?
    /// What we ask for.
    public var scopes = ["openid", "profile", "email"]
    /// Makes users who come for the first time; default false.
    public var createsUsers = false
    /// Only users with a verified address of these domains.
    public var domains: [String] = []
    /// The claim that becomes the user name; default `email`.
    public var nameClaim = "email"
    /// The claim that names groups; nil: none are taken over.
    public var groupsClaim: String?

    /// No issuer yet.
    public init() {}
}

extension IdentityProvider: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "provider" }
    /// What it is for.
    public static var about: String {
        "Another OpenID provider that users may come from. Its redirect address for us is `ISSUER/outside/callback`. A user who is here already links "
            + "the account there only after signing in here."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityProvider>] {
        [
            ConfigurationKey("name", \.name, "Its name in addresses: lower case letters, digits and dashes.", isRequired: true),
            ConfigurationKey("title", \.title, "What its button says.", defaultText: "its name"),
            ConfigurationKey("issuer", \.issuer, "Its issuer, whose discovery document is read.", isRequired: true),
            ConfigurationKey("client_id", \.clientID, "Our client there.", isRequired: true),
            ConfigurationKey("client_secret", \.clientSecret, "Our secret there, by reference; without one we are a public client."),
            ConfigurationKey("scopes", \.scopes, "What we ask for."),
            ConfigurationKey("create_users", \.createsUsers, "Makes a user of whoever comes from there for the first time."),
            ConfigurationKey("domains", \.domains, "Takes only users with a verified address of these domains.", defaultText: "all"),
            ConfigurationKey("name_claim", \.nameClaim, "The claim that becomes the user name of a new user."),
            ConfigurationKey("groups_claim", \.groupsClaim, "The claim that names the user's groups, taken over at every sign-in."),
        ]
    }

    /// Checks the name.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if title.isEmpty { title = name }
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
        guard !name.isEmpty, name.utf8.allSatisfy(allowed.contains) else {
            return reader.error("`\(name)` is no name: lower case letters, digits and dashes", at: node["name"] ?? node)
        }
        if !scopes.contains("openid") { reader.error("`scopes` must contain `openid`", at: node["scopes"] ?? node) }
    }
}
