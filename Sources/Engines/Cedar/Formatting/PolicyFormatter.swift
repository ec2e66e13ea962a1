/// Writes policy text anew: one layout, comments kept, nothing changed in meaning.
public struct PolicyFormatter: Sendable {
    /// Columns of a line; 80.
    public var width = 80
    /// Spaces of one step; 2.
    public var indent = 2
    /// The limits of the text that is read.
    public var limits = CedarLimits()

    /// A formatter.
    ///
    /// - Parameters:
    ///   - width: columns that a line should keep to; default 80.
    ///   - indent: columns of one step; default 2.
    public init(width: Int = 80, indent: Int = 2) {
        self.width = width
        self.indent = indent
    }

    /// The text in the reference's layout. Formatting its result again changes nothing.
    ///
    /// - Throws: ``CedarError`` for text that is no policy set.
    public func format(_ text: String) throws(CedarError) -> String {
        let bytes = Array(text.utf8)
        let parser = try PolicyParser(bytes, limits: limits)
        return try DeepStack.run(depth: try parser.nesting()) { () throws(CedarError) in try format(bytes, parser) }
    }

    private func format(_ bytes: [UInt8], _ parser: PolicyParser) throws(CedarError) -> String {
        var parser = parser
        let policies = try parser.policies()
        let lowering = Lowering(source: SourceText(bytes), limits: limits)
        for policy in policies { _ = try lowering.policy(policy) }
        var builder = DocumentBuilder(bytes: bytes, indent: indent, comments: CommentTable(bytes, parser.tokens))
        var pieces: [String] = []
        for policy in policies {
            pieces.append(BlankLines.removed(from: builder.document(policy).rendered(width: width)))
        }
        var result = pieces.joined(separator: "\n\n") + "\n"
        for line in builder.comments.atEnd { result += line + "\n" }
        return result
    }
}

/// Removes empty lines outside strings and comments.
enum BlankLines {
    static func removed(from text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var at = 0
        while at < bytes.count {
            let special = nextSpecial(bytes, at)
            result += collapsed(bytes[at..<special.lowerBound])
            result += bytes[special]
            at = special.upperBound
        }
        return trimmed(result)
    }

    /// The next comment or string; empty at the end of the text where there is none.
    private static func nextSpecial(_ bytes: [UInt8], _ start: Int) -> Range<Int> {
        var at = start
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "/"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "/") {
                var end = at
                while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
                return at..<end
            }
            if bytes[at] == UInt8(ascii: "\"") {
                var end = at + 1
                while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
                    end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
                }
                return at..<min(end + 1, bytes.count)
            }
            at += 1
        }
        return bytes.count..<bytes.count
    }

    private static func collapsed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = bytes.first == 0x0A ? [0x0A] : []
        var line: [UInt8] = []
        for byte in bytes {
            line.append(byte)
            guard byte == 0x0A else { continue }
            if line.contains(where: { !isSpace($0) }) { result += line }
            line = []
        }
        return result + line
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    private static func trimmed(_ bytes: [UInt8]) -> String {
        var slice = bytes[...]
        while let first = slice.first, isSpace(first) { slice.removeFirst() }
        while let last = slice.last, isSpace(last) { slice.removeLast() }
        return String(decoding: slice, as: UTF8.self)
    }
}
