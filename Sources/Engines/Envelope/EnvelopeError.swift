/// Why something could not be sealed, opened, wrapped or derived; two errors are equal when their codes are.
///
/// A failure to authenticate says nothing about where or why: `notAuthentic` is all that an attacker may learn.
public struct EnvelopeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The bytes were edited, moved, or sealed under another key.
        case notAuthentic
        /// The bytes are not in the form that they should have.
        case malformed
        /// A key, nonce, tweak or message of a size that the algorithm does not take.
        case size
        /// A value outside the alphabet, or a domain too small to be safe.
        case domain
        /// The key version has been used as often as is safe.
        case exhausted
        /// A state change that the key's life does not allow.
        case state
        /// No such key or version.
        case unknownKey
        /// The key's device or file cannot be used.
        case unavailable
    }

    /// The kind of failure.
    public let code: Code
    /// One lower-case sentence without a full stop; never holds key material or plaintext.
    public let reason: String

    /// An error of a kind, with its reason.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Equal codes.
    public static func == (left: EnvelopeError, right: EnvelopeError) -> Bool { left.code == right.code }

    /// For logs; holds no secret.
    public var description: String { "envelope, \(code.rawValue): \(reason)" }

    static let notAuthentic = EnvelopeError(.notAuthentic, "the sealed bytes are not authentic")
}
