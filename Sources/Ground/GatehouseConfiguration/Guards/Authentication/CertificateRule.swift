/// A client certificate that names a caller.
public struct CertificateRule: Sendable, Equatable {
    /// What the certificate must have.
    public var match = CertificateMatch.commonName("")
    /// The caller's name; empty: what matched.
    public var name = ""
    /// Scopes that the caller holds.
    public var scopes: [ScopeName] = []
    /// Groups that the caller is in.
    public var groups: [String] = []
    /// Roles that the caller has.
    public var roles: [String] = []

    /// An entry to be filled in.
    public init() {}
}

extension CertificateRule: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "client certificate" }
    /// What it is for.
    public static var about: String { "A client certificate, verified by the listener's `client_ca`, that names a caller." }

    /// Its keys.
    public static var keys: [ConfigurationKey<CertificateRule>] {
        [
            ConfigurationKey(
                "match", \.match,
                "What the certificate must have: `uri:`, `dns:`, `email:` (subject alternative names), `cn:` (common name) or `sha256:` (hash of the "
                    + "certificate). A `*` at the end of a URI or at the beginning of a name matches anything.",
                isRequired: true,
                risk: Risk("`*` alone", because: "every certificate of the authorities names a caller") { $0.matchesAll }),
            ConfigurationKey("name", \.name, "The caller's name.", defaultText: "what matched"),
            ConfigurationKey("scopes", \.scopes, "Scopes that the caller holds."),
            ConfigurationKey("groups", \.groups, "Groups that the caller is in."),
            ConfigurationKey("roles", \.roles, "Roles that the caller has."),
        ]
    }
}

/// What a client certificate must have.
public enum CertificateMatch: Sendable, Hashable {
    /// A URI among the subject alternative names; `*` at its end matches anything.
    case uri(String)
    /// A DNS name among them; `*.` in front matches one label or more.
    case dns(String)
    /// An e-mail address among them; `*@` in front matches every local part.
    case email(String)
    /// The subject's one common name.
    case commonName(String)
    /// The hash of the certificate, in lower-case hexadecimal digits.
    case fingerprint(String)

    /// True where every certificate of this kind of name matches.
    public var matchesAll: Bool {
        switch self {
        case .uri(let text), .dns(let text), .email(let text), .commonName(let text): text == "*"
        case .fingerprint: false
        }
    }
}

extension CertificateMatch: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm(
            "certificate match", plural: "certificate matches", example: "uri:spiffe://example.org/billing",
            pattern: "^(uri|dns|email|cn|sha256):.+$")
    }

    /// Reads a match.
    public static func configured(_ text: String) -> CertificateMatch? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let value = String(text[text.index(after: colon)...])
        guard !value.isEmpty else { return nil }
        switch text[..<colon] {
        case "uri": return .uri(value)
        case "dns": return .dns(value.lowercased())
        case "email": return .email(value)
        case "cn": return .commonName(value)
        case "sha256":
            let digits = value.lowercased().filter { $0 != ":" }
            return digits.utf8.count == 64 && digits.allSatisfy(\.isHexDigit) ? .fingerprint(digits) : nil
        default: return nil
        }
    }

    /// The match as it is written.
    public var configuredText: String {
        switch self {
        case .uri(let text): "uri:\(text)"
        case .dns(let text): "dns:\(text)"
        case .email(let text): "email:\(text)"
        case .commonName(let text): "cn:\(text)"
        case .fingerprint(let text): "sha256:\(text)"
        }
    }
}
