/// A place in a text, counted from 1; columns count characters.
public struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The column, from 1, in Unicode scalars.
    public let column: Int

    /// A place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The place of a byte offset in a text.
    init(offset: Int, in bytes: [UInt8]) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(max(0, offset)) {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column)
    }

    /// `line 1, column 1`.
    public var description: String { "line \(line), column \(column)" }
}

/// What the engine refuses.
public struct CedarError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of refusal.
    public enum Code: String, Sendable {
        /// Text or JSON that is no policy, template or policy set.
        case parse
        /// A schema that does not parse or does not hold together.
        case schema
        /// Entities that do not parse, do not conform or form a cycle.
        case entities
        /// A request that does not parse or does not conform to the schema.
        case request
        /// A template that cannot be linked so.
        case link
        /// An id that is taken.
        case duplicate
        /// Input beyond a limit of size, depth or count.
        case limit
        /// A policy that could not be evaluated.
        case evaluation
    }

    /// The kind of fault.
    public let code: Code
    /// Lower case, no full stop, the user's input in backticks.
    public let message: String
    /// Where in the text; nil where there is no text.
    public let position: SourcePosition?

    /// An error of a kind, with its place where there is one.
    public init(_ code: Code, _ message: String, at position: SourcePosition? = nil) {
        self.code = code
        self.message = message
        self.position = position
    }

    /// The message, with the place in front.
    public var description: String {
        position.map { "\(message) (\($0))" } ?? message
    }
}
