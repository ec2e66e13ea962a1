/// A value of a YAML file with its place; keys are texts and unique.
public struct YAMLNode: Sendable {
    /// What stands there.
    public indirect enum Content: Sendable {
        /// A word, plain or quoted.
        case scalar(String, isQuoted: Bool)
        /// A list.
        case sequence([YAMLNode])
        /// Keys and values in the order of the file.
        case mapping([Entry])
    }

    /// One key with its value.
    public struct Entry: Sendable {
        /// The key.
        public let key: String
        /// Where the key stands.
        public let place: SourceSpan
        /// The value.
        public let value: YAMLNode
    }

    /// What stands there.
    public let content: Content
    /// Where it begins.
    public let place: SourceSpan

    /// The text of a scalar.
    public var scalar: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The nodes of a list.
    public var sequence: [YAMLNode]? {
        if case .sequence(let nodes) = content { nodes } else { nil }
    }

    /// The entries of a mapping.
    public var mapping: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// True for a quoted scalar or a block of text.
    public var isQuoted: Bool {
        if case .scalar(_, true) = content { true } else { false }
    }

    /// The text of a scalar without quotes.
    public var plainWord: String? { isQuoted ? nil : scalar }

    /// True for nothing at all, `~` and `null`.
    public var isNull: Bool { plainWord.map(["", "~", "null", "Null", "NULL"].contains) ?? false }

    /// The value of a key.
    public subscript(key: String) -> YAMLNode? { mapping?.first { $0.key == key }?.value }

    var kind: String {
        switch content {
        case .scalar(let text, _): isNull ? "nothing" : "`\(text.clipped)`"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A stretch of one line of a file.
public struct SourceSpan: Sendable, Hashable {
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int
    /// How many characters; at least 1.
    public let length: Int

    /// A stretch.
    public init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = max(1, length)
    }
}
