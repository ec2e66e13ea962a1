/// What went wrong in the store; two errors are equal when their codes are.
///
/// `reason` is for the log, never for a client: it may name tables and columns. It holds no parameter of a statement.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure that a caller may want to tell apart.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The database cannot be reached or opened.
        case unavailable
        /// A statement that the database refuses: syntax, an unknown table, a wrong type, too many parameters.
        case statement
        /// A unique, foreign key, check or not-null constraint was broken.
        case constraint
        /// Other transactions kept changing the same rows until the attempts ran out.
        case contention
        /// A row does not hold what was asked of it.
        case decoding
        /// The data was written by a newer program; running on would damage it.
        case newerData
        /// Migrations are not what was once applied: a gap, or a text that changed.
        case migration
        /// A backup that cannot be read, or does not fit this store.
        case backup
        /// The transaction was used after it ended, or a write was tried in a read.
        case misuse
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
    public static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }

    /// For logs; holds no secret.
    public var description: String { "store, \(code.rawValue): \(reason)" }
}
