extension RelyingParty {
    /// What an authentication gave.
    public struct Authentication: Sendable {
        /// The record with its new counter and backup state, to be stored. Whether ``CredentialRecord/hasVerifiedUser`` may rise
        /// is the caller's to decide, since that makes a second factor of it.
        public let credential: CredentialRecord
        /// True where the user was verified by PIN or body: two factors in one.
        public let isUserVerified: Bool
        /// True where the counter went back, where that is not refused.
        public let hasCounterRegressed: Bool
        /// Outputs of extensions.
        public let extensions: CBORMap?
    }

    /// Verifies a browser's answer to an authentication (section 7.2).
    ///
    /// - Parameters:
    ///   - challenge: The challenge that was given out; the caller lets it be used once.
    ///   - credential: The record under the answer's id.
    ///   - owner: The handle of the record's user. Where the answer gives a handle it must be this one.
    ///   - isUserIdentified: Whether the user was known before the ceremony; without that the answer must give a handle.
    /// - Throws: ``WebAuthnError``.
    public func authenticate(
        _ response: AuthenticationResponse, challenge: [UInt8], credential: CredentialRecord, owner: [UInt8], isUserIdentified: Bool
    ) throws(WebAuthnError) -> Authentication {
        guard credential.id == response.id else { throw WebAuthnError(.credentialMismatch, "the credential's id is another") }
        guard response.userHandle.map({ $0 == owner }) ?? isUserIdentified else {
            throw WebAuthnError(.credentialMismatch, "the credential is of another user, or does not say of which")
        }
        let client = try ClientData(response.clientData)
        try check(client, type: "webauthn.get", challenge: challenge)
        let data = try AuthenticatorData(response.authenticatorData)
        try check(data, mustVerifyUser: userVerification == .required)
        guard data.attested == nil else { throw WebAuthnError(.malformed, "a new credential in an authentication") }
        guard data.flags.contains(.backupEligible) == credential.isBackupEligible else {
            throw WebAuthnError(.credentialMismatch, "eligibility for backup has changed")
        }
        guard try COSEKey(credential.publicKey).verifies(response.signature, of: response.authenticatorData + client.hash) else {
            throw WebAuthnError(.signatureInvalid, "the signature does not verify")
        }
        return try conclude(data, credential)
    }

    private func conclude(_ data: AuthenticatorData, _ credential: CredentialRecord) throws(WebAuthnError) -> Authentication {
        let counts = data.signCount != 0 || credential.signCount != 0
        let hasRegressed = counts && data.signCount <= credential.signCount
        guard !hasRegressed || !refusesCounterRegression else {
            throw WebAuthnError(.counterRegressed, "the counter went from \(credential.signCount) to \(data.signCount)")
        }
        var record = credential
        record.signCount = max(record.signCount, data.signCount)
        record.isBackedUp = data.flags.contains(.backedUp)
        return Authentication(
            credential: record, isUserVerified: data.flags.contains(.userVerified), hasCounterRegressed: hasRegressed,
            extensions: data.extensions)
    }
}
