internal import GatehouseCore

/// The OpenID provider that a service with `builtin: identity` answers for.
public struct Identity: Sendable, Equatable {
    /// `iss`, and where the endpoints lie.
    public var issuer = IssuerAddress("https://id.invalid")
    /// The name of the house, shown on pages and in authenticator apps; default `Gatehouse`.
    public var name = "Gatehouse"
    /// Clients that are registered by this file; others by `gatehouse clients`.
    public var clients: [IdentityClient] = []
    /// Services that take access tokens.
    public var resources: [IdentityResource] = []
    /// Scopes beside those of OpenID Connect and of resources.
    public var scopes: [String] = []
    /// Who must have a second factor.
    public var mfa = IdentityMFA()
    /// Which passwords may be chosen.
    public var passwords = IdentityPasswords()
    /// Budgets of guessing.
    public var throttle = IdentityThrottle()
    /// Lifetimes of tokens and keys.
    public var tokens = IdentityTokens()
    /// Lifetimes of browser sessions.
    public var sessions = IdentitySessions()
    /// How mail is sent; nil: none, and no password reset by mail.
    public var mail: IdentityMail?
    /// The look of the pages.
    public var theme = IdentityTheme()
    /// A file that replaces words of the pages: JSON, phrase to text.
    public var strings: FilePath?
    /// Other OpenID providers that users may come from.
    public var providers: [IdentityProvider] = []
    /// Scopes that users may give their personal tokens; by default those of resources.
    public var personalTokenScopes: [String] = []

    /// No issuer yet.
    public init() {}
}

extension Identity: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "identity" }
    /// What it is for.
    public static var about: String {
        "The OpenID provider inside. A service with `builtin: identity` at the issuer's host puts it on the net, behind all guards."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<Identity>] {
        [
            ConfigurationKey(
                "issuer", \.issuer, "Its address, `iss` in every token: `https`, without query, fragment and closing slash.",
                isRequired: true,
                risk: Risk("`http`", because: "passwords and tokens travel in the clear; it is accepted for this machine alone") {
                    !$0.isSecure
                }),
            ConfigurationKey("name", \.name, "The name of the house, shown on pages, in mails and in authenticator apps."),
            ConfigurationKey(
                "clients", \.clients,
                "Clients that are registered by this file. One that is taken out of it is switched off, and its tokens end.",
                defaultText: ""),
            ConfigurationKey("resources", \.resources, "Services that take access tokens.", defaultText: ""),
            ConfigurationKey("scopes", \.scopes, "Scopes beside those of OpenID Connect and of resources."),
            ConfigurationKey("mfa", \.mfa, "Who must have a second factor, by when, and which.", defaultText: ""),
            ConfigurationKey("passwords", \.passwords, "Which passwords may be chosen.", defaultText: ""),
            ConfigurationKey("throttle", \.throttle, "How often passwords and codes may be guessed.", defaultText: ""),
            ConfigurationKey("tokens", \.tokens, "Lifetimes of codes, tokens and signing keys.", defaultText: ""),
            ConfigurationKey("sessions", \.sessions, "Lifetimes of browser sessions.", defaultText: ""),
            ConfigurationKey("mail", \.mail, "How mail is sent; without it nobody can ask for a new password by mail."),
            ConfigurationKey("theme", \.theme, "The look of the pages.", defaultText: ""),
            ConfigurationKey(
                "strings", \.strings.existing,
                "A JSON file that replaces words of the pages, by phrase; `language` in it names the language."),
            ConfigurationKey("providers", \.providers, "Other OpenID providers that users may come from.", defaultText: ""),
            ConfigurationKey(
                "personal_token_scopes", \.personalTokenScopes, "Scopes that users may give their personal tokens.",
                defaultText: "those of resources"),
        ]
    }

    /// Checks what clients and resources must have in common.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if !issuer.isSecure, !issuer.isLocal {
            reader.error(
                "an issuer over `http` must be on this machine", at: node["issuer"] ?? node, help: ["use `https`, or `http://localhost:…`"])
        }
        for (index, client) in clients.enumerated() where clients[..<index].contains(where: { $0.id == client.id }) {
            reader.error("two clients have the id `\(client.id)`", at: node["clients"]?.sequence?[index] ?? node)
        }
        for (index, resource) in resources.enumerated() where resources[..<index].contains(where: { $0.identifier == resource.identifier })
        {
            reader.error("two resources are called `\(resource.identifier)`", at: node["resources"]?.sequence?[index] ?? node)
        }
        for (index, provider) in providers.enumerated() where providers[..<index].contains(where: { $0.name == provider.name }) {
            reader.error("two providers are called `\(provider.name)`", at: node["providers"]?.sequence?[index] ?? node)
        }
        let known = Set(scopes + resources.flatMap(\.scopes) + Self.standardScopes)
        for (index, client) in clients.enumerated() {
            for scope in client.scopes where !known.contains(scope) {
                reader.error(
                    "the client `\(client.id)` is given the unknown scope `\(scope)`", at: node["clients"]?.sequence?[index] ?? node,
                    help: ["name it under `scopes`, or in a resource"])
            }
        }
    }

    static let standardScopes = ["openid", "profile", "email", "address", "phone", "groups", "offline_access"]
}

/// The address of an issuer: scheme, host, port and path.
public struct IssuerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address as it stands in tokens.
    public let text: String

    init(_ text: String) { self.text = text }

    /// The address.
    public var description: String { text }

    /// True over TLS.
    public var isSecure: Bool { text.hasPrefix("https://") }

    /// The host with its port.
    public var authority: String { String(text.dropFirst(isSecure ? 8 : 7).prefix { $0 != "/" }) }

    /// The host without its port.
    public var host: String {
        authority.hasPrefix("[") ? String(authority.prefix { $0 != "]" }) + "]" : String(authority.prefix { $0 != ":" })
    }

    /// The path; empty, or with a slash in front and none at its end.
    public var path: String { String(text.dropFirst((isSecure ? 8 : 7) + authority.count)) }

    /// True where the host is this machine.
    public var isLocal: Bool {
        ["localhost", "[::1]"].contains(host) || host.hasSuffix(".localhost") || IPAddress(text: host)?.isLoopback == true
    }
}

extension IssuerAddress: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("issuer address", plural: "issuer addresses", example: "https://id.example.com", pattern: "^https?://[^?#]*[^/?#]$")
    }

    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> IssuerAddress? {
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count <= 512, !text.hasSuffix("/"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("?"), !text.contains("#"), !text.contains("@")
        else { return nil }
        let address = IssuerAddress(text)
        return address.host.isEmpty || address.authority != address.authority.lowercased() ? nil : address
    }

    /// Closing slashes and missing schemes.
    public static func hint(for text: String) -> String? {
        if text.hasSuffix("/"), configured(String(text.dropLast())) != nil { return "did you mean `\(text.dropLast())`?" }
        return configured("https://" + text).map { "did you mean `\($0)`?" }
    }
}
