/// Why a log, proof or note is not what it should be; two errors are equal when their codes are.
public struct LogError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A proof does not lead to the root.
        case proof
        /// A signature is missing or wrong.
        case signature
        /// A text or file is not in the form that it should have.
        case malformed
        /// A tile or bundle is missing.
        case missing
        /// A tile or bundle does not fit the tree.
        case tampered
        /// Two checkpoints of the log cannot both be true.
        case fork
        /// An index or size beyond the log.
        case range
    }

    /// The kind of failure.
    public let code: Code
    /// One lower-case sentence without a full stop.
    public let reason: String

    /// An error of a kind, with its reason.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Equal codes.
    public static func == (left: LogError, right: LogError) -> Bool { left.code == right.code }

    /// For logs; holds no secret.
    public var description: String { "log, \(code.rawValue): \(reason)" }
}
