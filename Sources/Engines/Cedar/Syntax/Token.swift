/// A piece of policy or schema text.
struct Token: Sendable {
    enum Kind: UInt8, Sendable {
        /// Identifiers and words alike.
        case word
        case number
        /// With its quotes.
        case string
        /// `?name`
        case slot
        case at, dot, comma, semicolon, colon, doubleColon
        case leftParenthesis, rightParenthesis, leftBrace, rightBrace, leftBracket, rightBracket
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, assign
        case or, and, plus, minus, star, slash, percent, bang, question
        case end
    }

    let kind: Kind
    /// Byte offsets of the first byte and of the one after the last.
    let start: Int
    let end: Int
}
