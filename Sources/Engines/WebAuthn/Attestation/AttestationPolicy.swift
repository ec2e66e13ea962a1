public import X509

/// What a relying party asks of the attestation of new credentials.
public struct AttestationPolicy: Sendable {
    /// What the browser is asked to convey; nothing.
    public var conveyance = Conveyance.none
    /// Formats that are accepted; all.
    public var formats = Set(AttestationFormat.allCases)
    /// Roots that chains must lead to, by format; certificates that stand in a chain themselves count too.
    public var trustRoots: [AttestationFormat: [Certificate]] = [:]
    /// Models of authenticators that are accepted, 16 bytes each; nil accepts any. Asks for a trusted attestation.
    public var allowedModels: Set<[UInt8]>?
    /// Whether an attestation that leads to no trusted root is refused; false, which suits passkeys.
    public var requiresTrust = false
    /// Whether Android keys must be proven to live in secure hardware, were generated there and sign; false.
    public var requiresAndroidHardware = false
    /// Limits of the attestation object's CBOR.
    public var limits = CBORReader.Limits()

    /// What the browser is asked to convey.
    public enum Conveyance: String, Sendable, Hashable {
        /// Nothing.
        case none
        /// A statement that an anonymization service may have rewritten.
        case indirect
        /// The statement as the authenticator made it.
        case direct
        /// A statement that may identify the authenticator.
        case enterprise
    }

    /// Asks for nothing.
    public init() {}

    /// Verifies the statement and judges how far it can be trusted.
    func judge(
        _ object: AttestationObject, _ credential: AuthenticatorData.AttestedCredential, clientDataHash: [UInt8], at seconds: Int64
    ) throws(WebAuthnError) -> AttestationResult {
        guard let format = AttestationFormat(rawValue: object.format), formats.contains(format) else {
            throw WebAuthnError(.unsupported, "attestation format `\(object.format)` is not accepted")
        }
        let claim = AttestationClaim(
            statement: object.statement, data: object.data, credential: credential, clientDataHash: clientDataHash,
            requiresAndroidHardware: requiresAndroidHardware)
        let chain = try format.verify(claim)
        let isTrusted = try judge(chain, trustRoots[format] ?? [], at: seconds)
        guard isTrusted || !requiresTrust else { throw WebAuthnError(.attestationUntrusted, "the attestation leads to no trusted root") }
        if let allowedModels {
            guard isTrusted, allowedModels.contains(credential.aaguid) else {
                throw WebAuthnError(.attestationUntrusted, "this model of authenticator is not accepted")
            }
        }
        return AttestationResult(format: format, isTrusted: isTrusted, hasCertificates: chain != nil)
    }

    /// Whether the chain leads to a root. What is wrong with it is told only where trust is required.
    private func judge(_ chain: AttestationChain?, _ roots: [Certificate], at seconds: Int64) throws(WebAuthnError) -> Bool {
        guard let chain, !roots.isEmpty else { return false }
        do {
            return try chain.isTrusted(by: roots, at: seconds)
        } catch {
            if requiresTrust { throw error }
            return false
        }
    }
}

/// A format of attestation statements (WebAuthn section 8).
public enum AttestationFormat: String, Sendable, Hashable, CaseIterable {
    /// No statement.
    case none = "none"
    /// The common format, signed by an attestation key or by the credential itself.
    case packed = "packed"
    /// Trusted platform modules.
    case tpm = "tpm"
    /// Keys of Android's keystore.
    case androidKey = "android-key"
    /// Apple's anonymous attestation.
    case apple = "apple"
    /// U2F security keys.
    case fidoU2F = "fido-u2f"

    /// Verifies a statement; gives its certificates, if it has any.
    func verify(_ claim: AttestationClaim) throws(WebAuthnError) -> AttestationChain? {
        switch self {
        case .none:
            guard claim.statement.members.isEmpty else {
                throw WebAuthnError(.attestationInvalid, "a statement of no attestation is empty")
            }
            return nil
        case .packed: return try claim.verifyPacked()
        case .tpm: return try claim.verifyTPM()
        case .androidKey: return try claim.verifyAndroidKey()
        case .apple: return try claim.verifyApple()
        case .fidoU2F: return try claim.verifyFIDOU2F()
        }
    }
}

/// What an attestation proved.
public struct AttestationResult: Sendable, Hashable {
    /// The statement's format.
    public let format: AttestationFormat
    /// True where its certificates lead to a root of the policy; only then does the model mean anything.
    public let isTrusted: Bool
    /// True for a statement with certificates; one without was signed by the credential itself, or not at all.
    public let hasCertificates: Bool
}
