/// What the backend learns of the caller.
public struct ForwardedIdentitySettings: Sendable, Equatable {
    /// Sends the signed field `Gatehouse-Identity`; default true.
    public var sendsToken = true
    /// `aud` of the signed field; empty: the service's name.
    public var audience = ""
    /// Life of the signed field; default 60 s. One is used for several requests of a caller.
    public var lifetime = Duration.seconds(60)
    /// Further fields, each with one fact of the caller. Taken from all requests first.
    public var headers: [IdentityHeader] = []
    /// Sends the caller's own credential on; default false.
    public var forwardsCredential = false

    /// The signed field alone.
    public init() {}
}

extension ForwardedIdentitySettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "forwarded identity" }
    /// What it is for.
    public static var about: String {
        "What the backend learns of the caller: a signed token in `Gatehouse-Identity`, whose keys are at `/.well-known/gatehouse/jwks.json`, and chosen fields."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<ForwardedIdentitySettings>] {
        [
            ConfigurationKey("token", \.sendsToken, "Sends the signed field `Gatehouse-Identity`."),
            ConfigurationKey("audience", \.audience, "`aud` of the signed field.", defaultText: "the service's name"),
            ConfigurationKey("lifetime", \.lifetime, in: .seconds(10) ... .seconds(3600), "Life of the signed field."),
            ConfigurationKey(
                "headers", \.headers,
                "Further fields, each with one fact of the caller; what clients send under these names is taken away, whatever `require` says."
            ),
            ConfigurationKey(
                "forward_credential", \.forwardsCredential, "Sends the caller's own credential on.",
                risk: .ifTrue("the backend, and whoever reads its logs, can act as the caller elsewhere")),
        ]
    }

    /// Refuses names that mean something else, and two entries of one name.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        let reserved = ["host", "connection", "content-length", "transfer-encoding", "cookie", "gatehouse-identity", "te", "upgrade"]
        for (index, header) in headers.enumerated() {
            if reserved.contains(header.name.name) { reader.error("`\(header.name)` cannot carry a fact of the caller", at: node) }
            if headers[..<index].contains(where: { $0.name == header.name }) { reader.error("two entries set `\(header.name)`", at: node) }
        }
    }
}

/// A field for the backend with one fact of the caller.
public struct IdentityHeader: Sendable, Equatable {
    /// The field.
    public var name = FieldName.standardKey
    /// What it says.
    public var fact = IdentityFact.subject

    /// An entry to be filled in.
    public init() {}
}

extension IdentityHeader: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "identity header" }
    /// What it is for.
    public static var about: String { "A field for the backend with one fact of the caller." }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityHeader>] {
        [
            ConfigurationKey("name", \.name, "The field, such as `X-User`.", isRequired: true),
            ConfigurationKey("value", \.fact, "What it says: a fact, or `claim:NAME` for a claim of the token.", isRequired: true),
        ]
    }
}

/// A fact of the caller that a field can carry.
public enum IdentityFact: Sendable, Hashable {
    /// `sub`.
    case subject
    /// `iss`.
    case issuer
    /// The client.
    case client
    /// Scopes, separated by spaces.
    case scopes
    /// Groups, separated by commas.
    case groups
    /// Roles, separated by commas.
    case roles
    /// Kind of the credential.
    case credential
    /// A claim that is a string, number or truth value.
    case claim(String)
}

extension IdentityFact: ConfigurationScalar {
    private static let words: [(String, IdentityFact)] = [
        ("subject", .subject), ("issuer", .issuer), ("client", .client), ("scopes", .scopes), ("groups", .groups), ("roles", .roles),
        ("credential", .credential),
    ]

    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("identity fact", example: "subject", pattern: "^(subject|issuer|client|scopes|groups|roles|credential|claim:.+)$")
    }
    /// Reads a fact.
    public static func configured(_ text: String) -> IdentityFact? {
        if text.hasPrefix("claim:"), text.count > 6 { return .claim(String(text.dropFirst(6))) }
        return words.first { $0.0 == text }?.1
    }
    /// The word.
    public var configuredText: String {
        if case .claim(let name) = self { return "claim:\(name)" }
        return Self.words.first { $0.1 == self }?.0 ?? ""
    }
}
