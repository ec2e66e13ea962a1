/// What the authenticator vouches for (WebAuthn section 6.1).
public struct AuthenticatorData: Sendable, Equatable {
    /// SHA-256 of the relying party's id.
    public let relyingPartyHash: [UInt8]
    /// The flags.
    public let flags: Flags
    /// Signatures so far; 0 where the authenticator does not count.
    public let signCount: UInt32
    /// The new credential, in registrations alone.
    public let attested: AttestedCredential?
    /// Outputs of extensions.
    public let extensions: CBORMap?
    /// The bytes, as they were signed.
    public let bytes: [UInt8]

    /// Facts about the ceremony, one bit each.
    public struct Flags: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt8
        /// Flags of these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The user was present.
        public static let userPresent = Flags(rawValue: 1)
        /// The user was verified, by PIN or body.
        public static let userVerified = Flags(rawValue: 4)
        /// The credential may be copied to other devices.
        public static let backupEligible = Flags(rawValue: 8)
        /// The credential has been copied.
        public static let backedUp = Flags(rawValue: 16)
        /// A new credential follows.
        public static let attestedCredential = Flags(rawValue: 64)
        /// Extension outputs follow.
        public static let extensions = Flags(rawValue: 128)
    }

    /// A new credential.
    public struct AttestedCredential: Sendable, Equatable {
        /// The authenticator's model, 16 bytes.
        public let aaguid: [UInt8]
        /// The credential's id, 1 to 1,023 bytes.
        public let id: [UInt8]
        /// The public key.
        public let key: COSEKey
    }

    /// Reads the bytes.
    ///
    /// Refuses: bytes left over, reserved flags, a backup of a credential that may not be backed up.
    /// - Throws: ``WebAuthnError``.
    public init(_ bytes: [UInt8]) throws(WebAuthnError) {
        guard bytes.count >= 37 else { throw WebAuthnError(.malformed, "authenticator data has at least 37 bytes") }
        self.bytes = bytes
        relyingPartyHash = Array(bytes[0..<32])
        flags = Flags(rawValue: bytes[32])
        guard flags.isDisjoint(with: Flags(rawValue: 0x22)) else { throw WebAuthnError(.malformed, "a reserved flag is set") }
        guard !flags.contains(.backedUp) || flags.contains(.backupEligible) else {
            throw WebAuthnError(.malformed, "backed up, but not eligible for backup")
        }
        signCount = bytes[33..<37].reduce(0) { $0 << 8 | UInt32($1) }
        var position = 37
        attested = flags.contains(.attestedCredential) ? try Self.attested(bytes, &position) : nil
        if flags.contains(.extensions) {
            var reader = try CBORReader(bytes, from: position)
            guard let map = try reader.read().map else { throw WebAuthnError(.malformed, "extension outputs are a cbor map") }
            extensions = map
            position = reader.position
        } else {
            extensions = nil
        }
        guard position == bytes.count else { throw WebAuthnError(.malformed, "bytes after the authenticator data") }
    }

    private static func attested(_ bytes: [UInt8], _ position: inout Int) throws(WebAuthnError) -> AttestedCredential {
        guard bytes.count >= 55 else { throw WebAuthnError(.malformed, "the credential data ends early") }
        let length = Int(bytes[53]) << 8 | Int(bytes[54])
        guard (1...1023).contains(length), bytes.count >= 55 + length else {
            throw WebAuthnError(.malformed, "the credential id's length is wrong")
        }
        var reader = try CBORReader(bytes, from: 55 + length)
        guard let map = try reader.read().map else { throw WebAuthnError(.malformed, "the credential key is a cbor map") }
        position = reader.position
        return AttestedCredential(aaguid: Array(bytes[37..<53]), id: Array(bytes[55..<55 + length]), key: try COSEKey(map))
    }
}
