/// Why a pattern was refused.
public struct RegexError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was wrong, by name.
    public let code: Code
    /// One sentence, lower case.
    public let reason: String
    /// Where in the pattern, in code points from 0.
    public let offset: Int

    /// Reason and place.
    public var description: String { "\(reason) (character \(offset + 1))" }

    /// Equal by code and place.
    public static func == (a: RegexError, b: RegexError) -> Bool { a.code == b.code && a.offset == b.offset }

    /// The names under which patterns are refused. The raw value is stable and made for logs.
    public enum Code: String, Sendable, CaseIterable {
        /// Against the grammar of ECMA-262 §22.2.1 with the `u` flag.
        case syntax = "syntax"
        /// A Unicode property that does not exist.
        case unknownProperty = "unknown-property"
        /// A group that a reference names does not exist.
        case unknownGroup = "unknown-group"
        /// Longer, deeper or with more repetitions than allowed.
        case tooLarge = "too-large"
    }
}
