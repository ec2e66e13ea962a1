/// The comments around one token.
struct TokenComment {
    /// Lines before the token.
    var leading: [String] = []
    /// What follows the token on its line; empty where nothing does.
    var trailing = ""

    static let none = TokenComment()
}

/// The comments of a text by token; each is handed out once.
struct CommentTable {
    private let tokens: [Token]
    private var comments: [TokenComment] = []
    /// Lines after the last token.
    private(set) var atEnd: [String] = []

    init(_ bytes: [UInt8], _ tokens: [Token]) {
        self.tokens = tokens.filter { $0.kind != .end }
        guard let first = self.tokens.first else {
            atEnd = Self.lines(bytes[...])
            return
        }
        var leading = bytes[..<first.start]
        for (index, token) in self.tokens.enumerated() {
            let next = index + 1 < self.tokens.count ? self.tokens[index + 1].start : bytes.count
            let between = bytes[token.end..<next]
            let split = between.firstIndex(of: 0x0A)
            let trailing = String(decoding: between[..<(split ?? next)], as: UTF8.self)
            comments.append(TokenComment(leading: Self.lines(leading), trailing: Self.trimmed(trailing)))
            leading = split.map { between[($0 + 1)...] } ?? bytes[next..<next]
        }
        atEnd = Self.lines(leading)
    }

    /// The comments of a text without tokens.
    private static func lines(_ bytes: ArraySlice<UInt8>) -> [String] {
        var lines: [String] = []
        var rest = bytes
        while let start = rest.indices.first(where: { rest[$0] == 0x2F && $0 + 1 < rest.endIndex && rest[$0 + 1] == 0x2F }) {
            let comment = rest[start...].prefix { $0 != 0x0A && $0 != 0x0D }
            lines.append(trimmed(String(decoding: comment, as: UTF8.self)))
            rest = rest[comment.endIndex...]
        }
        return lines
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }

    private mutating func take(_ index: Int?) -> TokenComment {
        guard let index else { return .none }
        defer { comments[index] = .none }
        return comments[index]
    }

    /// Index of the first token that ends behind an offset.
    private func firstToken(startingAt offset: Int) -> Int {
        var low = 0
        var high = tokens.count
        while low < high {
            let middle = (low + high) / 2
            if tokens[middle].start < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The comment of the token that begins here.
    mutating func at(start offset: Int) -> TokenComment {
        let index = firstToken(startingAt: offset)
        return take(index < tokens.count && tokens[index].start == offset ? index : nil)
    }

    /// The lines before the token that begins here; what follows it stays.
    mutating func leading(at offset: Int) -> [String] {
        let index = firstToken(startingAt: offset)
        guard index < tokens.count, tokens[index].start == offset else { return [] }
        defer { comments[index].leading = [] }
        return comments[index].leading
    }

    /// The comment of the first token behind an offset.
    mutating func after(_ end: Int) -> TokenComment {
        guard !tokens.isEmpty else { return .none }
        let index = firstToken(startingAt: end)
        return take(index < tokens.count ? index : 0)
    }

    /// The comment of the token that ends here.
    mutating func at(end offset: Int) -> TokenComment {
        let index = firstToken(startingAt: offset) - 1
        return take(index >= 0 && tokens[index].end == offset ? index : nil)
    }

    /// The comments of the tokens within a range.
    mutating func within(_ range: Range<Int>) -> [TokenComment] {
        var result: [TokenComment] = []
        var index = firstToken(startingAt: range.lowerBound)
        while index < tokens.count, tokens[index].end <= range.upperBound {
            result.append(take(index))
            index += 1
        }
        return result
    }
}
