/// What was wrong with an authenticator's answer.
///
/// Two errors are equal where their codes are; the reason is for the log.
public struct WebAuthnError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of refusal.
    public enum Code: String, Sendable {
        /// The bytes do not have the form that the standard gives.
        case malformed
        /// Larger or deeper than a limit.
        case limitExceeded
        /// An algorithm, curve or attestation format that is not supported or not allowed.
        case unsupported
        /// `type` in the client data is for another ceremony.
        case wrongCeremony
        /// The challenge is not the one that was given out.
        case challengeMismatch
        /// The origin, or the page around it, is not one of ours.
        case originMismatch
        /// Made for another relying party.
        case relyingPartyMismatch
        /// The user was not present.
        case userNotPresent
        /// The user was not verified though that is required.
        case userNotVerified
        /// Another credential than those that were allowed, or of another user.
        case credentialMismatch
        /// The signature does not verify.
        case signatureInvalid
        /// The counter went back: the authenticator may have been cloned.
        case counterRegressed
        /// The attestation statement does not hold.
        case attestationInvalid
        /// The attestation holds, but leads to no trusted root.
        case attestationUntrusted
        /// The relying party itself is set up wrongly.
        case configuration
    }

    /// What kind of refusal this is.
    public let code: Code
    /// The particulars, lower case and without a full stop.
    public let reason: String

    /// An error of that kind.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Equal when the codes are.
    public static func == (left: WebAuthnError, right: WebAuthnError) -> Bool { left.code == right.code }

    /// The code and the reason.
    public var description: String { "\(code.rawValue): \(reason)" }
}
