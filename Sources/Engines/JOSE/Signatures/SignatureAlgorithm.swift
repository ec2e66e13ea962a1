/// A signature or MAC algorithm of the registry "JSON Web Signature and Encryption Algorithms".
///
/// `none` is not here and cannot be asked for. HMAC and RSA are RFC 7518, `EdDSA` RFC 8037, `Ed25519` RFC 9864,
/// ML-DSA the draft of the COSE and JOSE working groups for FIPS 204.
public enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// HMAC with SHA-256.
    case hs256 = "HS256"
    /// HMAC with SHA-384.
    case hs384 = "HS384"
    /// HMAC with SHA-512.
    case hs512 = "HS512"
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    case rs384 = "RS384"
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    case rs512 = "RS512"
    /// RSASSA-PSS with SHA-256, the salt as long as the hash.
    case ps256 = "PS256"
    /// RSASSA-PSS with SHA-384, the salt as long as the hash.
    case ps384 = "PS384"
    /// RSASSA-PSS with SHA-512, the salt as long as the hash.
    case ps512 = "PS512"
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// ECDSA on P-384 with SHA-384.
    case es384 = "ES384"
    /// ECDSA on P-521 with SHA-512.
    case es512 = "ES512"
    /// Edwards-curve signatures; the curve, here always Ed25519, comes from the key.
    case edDSA = "EdDSA"
    /// The fully specified name of EdDSA on Ed25519.
    case ed25519 = "Ed25519"
    /// ML-DSA-65 of FIPS 204, with an empty context.
    case mlDSA65 = "ML-DSA-65"
    /// ML-DSA-87 of FIPS 204, with an empty context.
    case mlDSA87 = "ML-DSA-87"

    /// True for a MAC: whoever verifies can also sign.
    public var isSymmetric: Bool { self == .hs256 || self == .hs384 || self == .hs512 }

    /// The shortest secret for a MAC, in bytes: as long as its hash (RFC 7518 section 3.2).
    public var minimumSecretBytes: Int {
        switch self {
        case .hs256: 32
        case .hs384: 48
        case .hs512: 64
        default: 0
        }
    }
}

extension Set<SignatureAlgorithm> {
    /// Every algorithm with a public key; the set for tokens of other parties.
    public static let asymmetric = Set(SignatureAlgorithm.allCases.filter { !$0.isSymmetric })
    /// Every algorithm.
    public static let all = Set(SignatureAlgorithm.allCases)
}
