import X509

/// A signature algorithm by its number in the COSE registry.
public enum COSEAlgorithm: Int64, Sendable, Hashable, CaseIterable {
    /// EdDSA, here always on Ed25519.
    case edDSA = -8
    /// ECDSA with SHA-256, here always on P-256.
    case es256 = -7
    /// ECDSA with SHA-384, here always on P-384.
    case es384 = -35
    /// ECDSA with SHA-512, here always on P-521.
    case es512 = -36
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = -257

    /// The algorithm's name in X.509, for attestation keys in certificates.
    var certificateAlgorithm: Certificate.SignatureAlgorithm {
        switch self {
        case .edDSA: .ed25519
        case .es256: .ecdsaWithSHA256
        case .es384: .ecdsaWithSHA384
        case .es512: .ecdsaWithSHA512
        case .rs256: .sha256WithRSAEncryption
        }
    }
}
