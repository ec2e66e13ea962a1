/// How a content key reaches its recipient: an `alg` of RFC 7518 section 4 (RFC 8037 for X25519).
///
/// `RSA1_5` is not here: its padding cannot be checked without telling an attacker the result (RFC 8725 section 3.2).
public enum KeyManagementAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// The shared key is the content key.
    case direct = "dir"
    /// AES Key Wrap with 128 bits.
    case a128KW = "A128KW"
    /// AES Key Wrap with 192 bits.
    case a192KW = "A192KW"
    /// AES Key Wrap with 256 bits.
    case a256KW = "A256KW"
    /// Key wrap by AES-GCM with 128 bits.
    case a128GCMKW = "A128GCMKW"
    /// Key wrap by AES-GCM with 192 bits.
    case a192GCMKW = "A192GCMKW"
    /// Key wrap by AES-GCM with 256 bits.
    case a256GCMKW = "A256GCMKW"
    /// Ephemeral-static ECDH whose result is the content key.
    case ecdhES = "ECDH-ES"
    /// Ephemeral-static ECDH, then AES Key Wrap with 128 bits.
    case ecdhESA128KW = "ECDH-ES+A128KW"
    /// Ephemeral-static ECDH, then AES Key Wrap with 192 bits.
    case ecdhESA192KW = "ECDH-ES+A192KW"
    /// Ephemeral-static ECDH, then AES Key Wrap with 256 bits.
    case ecdhESA256KW = "ECDH-ES+A256KW"
    /// RSA OAEP with SHA-1, which is safe in this use.
    case rsaOAEP = "RSA-OAEP"
    /// RSA OAEP with SHA-256.
    case rsaOAEP256 = "RSA-OAEP-256"
    /// PBKDF2 with HMAC SHA-256, then AES Key Wrap with 128 bits. Off unless asked for.
    case pbes2HS256A128KW = "PBES2-HS256+A128KW"
    /// PBKDF2 with HMAC SHA-384, then AES Key Wrap with 192 bits. Off unless asked for.
    case pbes2HS384A192KW = "PBES2-HS384+A192KW"
    /// PBKDF2 with HMAC SHA-512, then AES Key Wrap with 256 bits. Off unless asked for.
    case pbes2HS512A256KW = "PBES2-HS512+A256KW"

    /// True for the algorithms that begin with a password.
    public var isPasswordBased: Bool { self == .pbes2HS256A128KW || self == .pbes2HS384A192KW || self == .pbes2HS512A256KW }

    /// True where no encrypted key travels with the message.
    var hasNoEncryptedKey: Bool { self == .direct || self == .ecdhES }

    /// Length of the key that wraps the content key, in bytes; nil where none does or an RSA key does.
    var wrappingKeyBytes: Int? {
        switch self {
        case .a128KW, .a128GCMKW, .ecdhESA128KW, .pbes2HS256A128KW: 16
        case .a192KW, .a192GCMKW, .ecdhESA192KW, .pbes2HS384A192KW: 24
        case .a256KW, .a256GCMKW, .ecdhESA256KW, .pbes2HS512A256KW: 32
        case .direct, .ecdhES, .rsaOAEP, .rsaOAEP256: nil
        }
    }

    /// True where a key of this material can be used.
    func fits(_ material: KeyMaterial) -> Bool {
        switch (self, material) {
        case (.direct, .symmetric): true
        case (.a128KW, .symmetric(let key)), (.a192KW, .symmetric(let key)), (.a256KW, .symmetric(let key)),
            (.a128GCMKW, .symmetric(let key)), (.a192GCMKW, .symmetric(let key)), (.a256GCMKW, .symmetric(let key)):
            key.count == wrappingKeyBytes
        case (.ecdhES, .elliptic), (.ecdhESA128KW, .elliptic), (.ecdhESA192KW, .elliptic), (.ecdhESA256KW, .elliptic): true
        case (.ecdhES, .octetPair(.x25519, _, _)), (.ecdhESA128KW, .octetPair(.x25519, _, _)),
            (.ecdhESA192KW, .octetPair(.x25519, _, _)), (.ecdhESA256KW, .octetPair(.x25519, _, _)):
            true
        case (.rsaOAEP, .rsa), (.rsaOAEP256, .rsa): true
        case (.pbes2HS256A128KW, .symmetric), (.pbes2HS384A192KW, .symmetric), (.pbes2HS512A256KW, .symmetric): true
        default: false
        }
    }
}

extension Set<KeyManagementAlgorithm> {
    /// All but those that begin with a password.
    public static let recommended = Set(KeyManagementAlgorithm.allCases.filter { !$0.isPasswordBased })
}
