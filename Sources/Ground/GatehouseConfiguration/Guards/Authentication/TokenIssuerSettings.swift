/// An issuer whose signed tokens count.
public struct TokenIssuerSettings: Sendable, Equatable {
    /// `iss` of its tokens, byte for byte.
    public var issuer = HTTPAddress.none
    /// `aud` of a token must name one of them.
    public var audiences: [String] = []
    /// Where its keys are; nil: its discovery document says.
    public var keysAddress: HTTPAddress?
    /// A file with its keys, in place of an address.
    public var keysFile: FilePath?
    /// Signature algorithms that count.
    public var algorithms: [TokenAlgorithm] = [.es256, .rs256, .ps256, .edDSA]
    /// `typ` of its access tokens; default `at+jwt` (RFC 9068).
    public var types: [String] = ["at+jwt"]
    /// How far its clock may be off; default 60 s.
    public var clockSkew = Duration.seconds(60)
    /// CA certificates (PEM) to trust in place of the system's.
    public var authorities: FilePath?
    /// Where groups stand in its tokens: a claim, or a JSON Pointer.
    public var groupsClaim = "groups"
    /// Where roles stand in its tokens.
    public var rolesClaim = "roles"

    /// An entry to be filled in.
    public init() {}
}

extension TokenIssuerSettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "token issuer" }
    /// What it is for.
    public static var about: String {
        "An issuer whose signed access tokens count. Its keys are fetched in the background by its discovery document (OpenID Connect Discovery, RFC 8414)."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<TokenIssuerSettings>] {
        [
            ConfigurationKey(
                "issuer", \.issuer, "`iss` of its tokens, byte for byte.", isRequired: true, risk: HTTPAddress.clearTextRisk),
            ConfigurationKey("audiences", \.audiences, "`aud` of a token must name one of them.", isRequired: true),
            ConfigurationKey(
                "jwks", \.keysAddress, "Where its keys are.", defaultText: "the discovery document's `jwks_uri`",
                risk: Risk("`http` beyond loopback", because: HTTPAddress.clearTextReason) { $0?.isExposed == true }),
            ConfigurationKey("jwks_file", \.keysFile.existing, "A file with its keys, in place of an address; watched."),
            ConfigurationKey("algorithms", \.algorithms, "Signature algorithms that count."),
            ConfigurationKey(
                "types", \.types, "`typ` of its access tokens.",
                risk: Risk("`JWT`", because: "an ID token of the same audience could be taken for an access token") {
                    $0.contains { $0.lowercased() == "jwt" }
                }),
            ConfigurationKey("clock_skew", \.clockSkew, in: .zero ... .seconds(600), "How far its clock may be off."),
            ConfigurationKey("ca", \.authorities.existing, "CA certificates (PEM) to trust in place of the system's."),
            ConfigurationKey("groups_claim", \.groupsClaim, "Where groups stand in its tokens: a claim's name, or a JSON Pointer."),
            ConfigurationKey("roles_claim", \.rolesClaim, "Where roles stand in its tokens, such as `/realm_access/roles`."),
        ]
    }

    /// Checks what keys alone cannot know.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if keysAddress != nil, keysFile != nil {
            reader.error("`jwks` and `jwks_file` exclude each other", at: node["jwks_file"] ?? node)
        }
        for (name, isEmpty) in [("audiences", audiences.isEmpty), ("algorithms", algorithms.isEmpty), ("types", types.isEmpty)]
        where isEmpty {
            reader.error("`\(name)` names none", at: node[name] ?? node)
        }
    }
}

/// A signature algorithm with a public key (RFC 7518, RFC 8037).
public enum TokenAlgorithm: String, Sendable, CaseIterable {
    /// RSASSA-PKCS1-v1_5.
    case rs256 = "RS256"
    /// RSASSA-PKCS1-v1_5.
    case rs384 = "RS384"
    /// RSASSA-PKCS1-v1_5.
    case rs512 = "RS512"
    /// RSASSA-PSS.
    case ps256 = "PS256"
    /// RSASSA-PSS.
    case ps384 = "PS384"
    /// RSASSA-PSS.
    case ps512 = "PS512"
    /// ECDSA on P-256.
    case es256 = "ES256"
    /// ECDSA on P-384.
    case es384 = "ES384"
    /// ECDSA on P-521.
    case es512 = "ES512"
    /// Ed25519 under its older name.
    case edDSA = "EdDSA"
    /// Ed25519.
    case ed25519 = "Ed25519"
    /// ML-DSA-65.
    case mlDSA65 = "ML-DSA-65"
    /// ML-DSA-87.
    case mlDSA87 = "ML-DSA-87"
}

extension TokenAlgorithm: ConfigurationChoice {}
