/// What the material of a key is used for; a key never serves two uses.
public enum KeyKind: String, Sendable, Hashable, CaseIterable {
    /// Wraps data keys.
    case keyEncryption = "key-encryption"
    /// Seals records (``RecordSeal``).
    case record
    /// Seals deterministically (``AESSIV``).
    case deterministic
    /// Makes blind indexes (HMAC-SHA-256).
    case index
    /// Keeps formats (``FF1``).
    case format
    /// The seed of an Ed25519 signing key.
    case signing

    /// Bytes of material.
    public var length: Int { self == .deterministic ? 64 : 32 }
}

/// Names a key by use: its kind, its purpose and whose data it protects.
public struct KeyName: Sendable, Hashable, CustomStringConvertible {
    /// What the material is used for.
    public var kind: KeyKind
    /// Such as `identity.contact`.
    public var purpose: String
    /// Empty where there is one tenant.
    public var tenant: String

    /// The name of a key.
    public init(_ kind: KeyKind, purpose: String, tenant: String = "") {
        self.kind = kind
        self.purpose = purpose
        self.tenant = tenant
    }

    /// For logs; holds no secret.
    public var description: String { "\(kind.rawValue) \(purpose)" + (tenant.isEmpty ? "" : " of \(tenant)") }
}
