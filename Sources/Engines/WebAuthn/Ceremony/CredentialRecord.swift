/// What a relying party keeps of a credential (WebAuthn section 4, "credential record").
public struct CredentialRecord: Sendable, Equatable {
    /// The credential's id.
    public let id: [UInt8]
    /// The public key as CTAP2 canonical CBOR.
    public let publicKey: [UInt8]
    /// The highest counter seen.
    public var signCount: UInt32
    /// How the authenticator can be reached, as the browser reported.
    public let transports: [String]
    /// True once the user has been verified with it: it may then stand alone.
    public var hasVerifiedUser: Bool
    /// True where the credential may be copied to other devices. It never changes.
    public let isBackupEligible: Bool
    /// True where it has been copied.
    public var isBackedUp: Bool
    /// The authenticator's model, 16 bytes; meaningful only with a trusted attestation.
    public let aaguid: [UInt8]

    /// A record as it was stored.
    public init(
        id: [UInt8], publicKey: [UInt8], signCount: UInt32, transports: [String], hasVerifiedUser: Bool, isBackupEligible: Bool,
        isBackedUp: Bool, aaguid: [UInt8]
    ) {
        self.id = id
        self.publicKey = publicKey
        self.signCount = signCount
        self.transports = transports
        self.hasVerifiedUser = hasVerifiedUser
        self.isBackupEligible = isBackupEligible
        self.isBackedUp = isBackedUp
        self.aaguid = aaguid
    }
}
