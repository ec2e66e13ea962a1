/// What was wrong with a key, a signature, a token or an encrypted message.
///
/// Two errors are equal where their codes are; the reason is for the log, never for the sender.
public struct JOSEError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of refusal.
    public enum Code: String, Sendable {
        /// The text does not have the form that its standard gives.
        case malformed
        /// Larger than a limit.
        case limitExceeded
        /// A key that no algorithm may use: wrong length, off its curve, weak, or contradicting itself.
        case invalidKey
        /// A key type, curve or algorithm that is not supported here.
        case unsupported
        /// No key of those at hand fits the header's `kid` and `alg`.
        case noMatchingKey
        /// The header names an algorithm that the key or the caller does not allow.
        case algorithmNotAllowed
        /// The header demands an extension that is not understood (RFC 7515 section 4.1.11).
        case unknownCriticalHeader
        /// The signature does not verify.
        case signatureInvalid
        /// The message does not decrypt; deliberately without any detail.
        case decryptionFailed
        /// `typ` is missing or not one of those awaited (RFC 8725 section 3.11).
        case typeMismatch
        /// `iss` is missing or not the awaited issuer.
        case issuerMismatch
        /// `aud` is missing or names none of the awaited audiences.
        case audienceMismatch
        /// `sub` is missing or not the awaited subject.
        case subjectMismatch
        /// `exp` lies in the past.
        case expired
        /// `nbf` or `iat` lies in the future.
        case notYetValid
        /// Lives longer, or is older, than the caller allows.
        case lifetimeExceeded
        /// A claim that must be there is not, or has the wrong type.
        case claimMissing
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
    public static func == (left: JOSEError, right: JOSEError) -> Bool { left.code == right.code }

    /// The code and the reason.
    public var description: String { "\(code.rawValue): \(reason)" }
}
