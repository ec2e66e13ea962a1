/// Cuts policy and schema text into tokens.
struct Lexer {
    let bytes: [UInt8]
    /// Schema text has `?` as a token of its own, policy text has slots.
    let slots: Bool
    private var at = 0

    init(_ bytes: [UInt8], slots: Bool) {
        self.bytes = bytes
        self.slots = slots
    }

    /// All tokens, with one of kind `end` last.
    ///
    /// - Throws: ``CedarError`` for bytes that begin no token and strings that do not end.
    static func tokens(of bytes: [UInt8], slots: Bool) throws(CedarError) -> [Token] {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw CedarError(.parse, "the text is not UTF-8")
        }
        var lexer = Lexer(bytes, slots: slots)
        var tokens: [Token] = []
        tokens.reserveCapacity(bytes.count / 4)
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private mutating func next() throws(CedarError) -> Token {
        skipSpace()
        let start = at
        guard at < bytes.count else { return Token(kind: .end, start: start, end: start) }
        let byte = bytes[at]
        if Bytes.isIdentifierStart(byte) { return run(.word, start, while: Bytes.isIdentifierByte) }
        if Bytes.isDigit(byte) { return run(.number, start, while: Bytes.isDigit) }
        if byte == UInt8(ascii: "\"") { return try string(start) }
        if byte == UInt8(ascii: "?") { return try question(start) }
        guard let (kind, length) = punctuation(byte) else { throw unexpected(start) }
        at += length
        return Token(kind: kind, start: start, end: at)
    }

    private mutating func run(_ kind: Token.Kind, _ start: Int, while belongs: (UInt8) -> Bool) -> Token {
        while at < bytes.count, belongs(bytes[at]) { at += 1 }
        return Token(kind: kind, start: start, end: at)
    }

    private mutating func string(_ start: Int) throws(CedarError) -> Token {
        at += 1
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return Token(kind: .string, start: start, end: at)
            case UInt8(ascii: "\\"):
                guard at + 1 < bytes.count, bytes[at + 1] != 0x0A else { throw unexpected(at) }
                at += 2
            default: at += 1
            }
        }
        throw CedarError(.parse, "a string does not end", at: SourcePosition(offset: start, in: bytes))
    }

    private mutating func question(_ start: Int) throws(CedarError) -> Token {
        at += 1
        guard slots else { return Token(kind: .question, start: start, end: at) }
        guard at < bytes.count, Bytes.isIdentifierStart(bytes[at]) else { throw unexpected(start) }
        return run(.slot, start, while: Bytes.isIdentifierByte)
    }

    private func punctuation(_ byte: UInt8) -> (Token.Kind, Int)? {
        let following = at + 1 < bytes.count ? bytes[at + 1] : 0
        let equals = following == UInt8(ascii: "=")
        return switch byte {
        case UInt8(ascii: "@"): (.at, 1)
        case UInt8(ascii: "."): (.dot, 1)
        case UInt8(ascii: ","): (.comma, 1)
        case UInt8(ascii: ";"): (.semicolon, 1)
        case UInt8(ascii: ":"): following == byte ? (.doubleColon, 2) : (.colon, 1)
        case UInt8(ascii: "("): (.leftParenthesis, 1)
        case UInt8(ascii: ")"): (.rightParenthesis, 1)
        case UInt8(ascii: "{"): (.leftBrace, 1)
        case UInt8(ascii: "}"): (.rightBrace, 1)
        case UInt8(ascii: "["): (.leftBracket, 1)
        case UInt8(ascii: "]"): (.rightBracket, 1)
        case UInt8(ascii: "="): equals ? (.equal, 2) : (.assign, 1)
        case UInt8(ascii: "!"): equals ? (.notEqual, 2) : (.bang, 1)
        case UInt8(ascii: "<"): equals ? (.lessOrEqual, 2) : (.less, 1)
        case UInt8(ascii: ">"): equals ? (.greaterOrEqual, 2) : (.greater, 1)
        case UInt8(ascii: "|"): following == byte ? (.or, 2) : nil
        case UInt8(ascii: "&"): following == byte ? (.and, 2) : nil
        case UInt8(ascii: "+"): (.plus, 1)
        case UInt8(ascii: "-"): (.minus, 1)
        case UInt8(ascii: "*"): (.star, 1)
        case UInt8(ascii: "/"): (.slash, 1)
        case UInt8(ascii: "%"): (.percent, 1)
        default: nil
        }
    }

    /// Skips white space of Unicode and comments.
    private mutating func skipSpace() {
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) {
                at += 1
            } else if byte == UInt8(ascii: "/"), at + 1 < bytes.count, bytes[at + 1] == byte {
                while at < bytes.count, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
            } else if let length = wideSpace() {
                at += length
            } else {
                return
            }
        }
    }

    /// Length of a white space character beyond ASCII.
    private func wideSpace() -> Int? {
        guard bytes[at] >= 0x80, at + 1 < bytes.count else { return nil }
        if bytes[at] == 0xC2 { return bytes[at + 1] == 0x85 || bytes[at + 1] == 0xA0 ? 2 : nil }
        guard at + 2 < bytes.count else { return nil }
        return switch (bytes[at], bytes[at + 1], bytes[at + 2]) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
            (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
            3
        default: nil
        }
    }

    private func unexpected(_ offset: Int) -> CedarError {
        let rest = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self)
        let character = rest.first.map(String.init) ?? ""
        return CedarError(.parse, "unexpected character `\(character)`", at: SourcePosition(offset: offset, in: bytes))
    }
}
