extension RelyingParty {
    /// What a registration gave.
    public struct Registration: Sendable {
        /// What to keep. The caller refuses an id that any user has registered already.
        public let credential: CredentialRecord
        /// What the attestation proved.
        public let attestation: AttestationResult
        /// Outputs of extensions.
        public let extensions: CBORMap?
    }

    /// Verifies a browser's answer to a registration (section 7.1).
    ///
    /// - Parameters:
    ///   - challenge: The challenge that was given out; the caller lets it be used once.
    ///   - seconds: Now, in seconds since 1970, for the validity of attestation certificates.
    /// - Throws: ``WebAuthnError``.
    public func register(
        _ response: RegistrationResponse, challenge: [UInt8], at seconds: Int64
    ) throws(WebAuthnError) -> Registration {
        let client = try ClientData(response.clientData)
        try check(client, type: "webauthn.create", challenge: challenge)
        let object = try AttestationObject(response.attestationObject, limits: attestation.limits)
        let data = object.data
        try check(data, mustVerifyUser: userVerification == .required)
        guard let attested = data.attested else { throw WebAuthnError(.malformed, "no credential in the attestation object") }
        guard attested.id == response.id else { throw WebAuthnError(.credentialMismatch, "the credential's id is another") }
        guard algorithms.contains(attested.key.algorithm) else {
            throw WebAuthnError(.unsupported, "`\(attested.key.algorithm)` was not asked for")
        }
        let result = try attestation.judge(object, attested, clientDataHash: client.hash, at: seconds)
        let record = CredentialRecord(
            id: attested.id, publicKey: attested.key.bytes, signCount: data.signCount, transports: response.transports,
            hasVerifiedUser: data.flags.contains(.userVerified), isBackupEligible: data.flags.contains(.backupEligible),
            isBackedUp: data.flags.contains(.backedUp), aaguid: attested.aaguid)
        return Registration(credential: record, attestation: result, extensions: data.extensions)
    }
}
