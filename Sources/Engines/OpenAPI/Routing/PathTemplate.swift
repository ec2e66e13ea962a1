/// A path of an OpenAPI document with `{name}` expressions, cut into segments.
///
/// An expression matches one or more characters and never a `/`. Literal text is compared after percent-decoding on both sides.
struct PathTemplate: Sendable {
    enum Part: Sendable, Hashable {
        case literal([UInt8])
        case expression(Int)
    }

    /// One `/`-separated piece: literal text and expressions in turn.
    struct Segment: Sendable, Hashable {
        let parts: [Part]

        var isStatic: Bool { !parts.contains { if case .expression = $0 { true } else { false } } }
        var isWholeExpression: Bool { parts.count == 1 && !isStatic }
        var literalLength: Int { parts.reduce(0) { if case .literal(let text) = $1 { $0 + text.count } else { $0 } } }
        /// The text of a segment without expressions.
        var literal: [UInt8] { if case .literal(let text)? = parts.first { text } else { [] } }
    }

    /// The template as it is written.
    let text: String
    let segments: [Segment]
    /// Names of the expressions in the order they occur.
    let names: [String]

    enum Fault: Error, Hashable {
        case noLeadingSlash
        case unbalancedBrace
        case emptyName
        case badEncoding

        var reason: String {
            switch self {
            case .noLeadingSlash: "a path starts with `/`"
            case .unbalancedBrace: "a brace in the path has no partner"
            case .emptyName: "`{}` in the path names no parameter"
            case .badEncoding: "`%` in the path is not followed by two hexadecimal digits"
            }
        }
    }

    init(_ text: String) throws(Fault) {
        guard text.utf8.first == UInt8(ascii: "/") else { throw .noLeadingSlash }
        var names: [String] = []
        var segments: [Segment] = []
        for piece in PathTemplate.pieces(text) { segments.append(try PathTemplate.segment(piece, names: &names)) }
        self.text = text
        self.segments = segments
        self.names = names
    }

    /// Cuts at `/` outside braces; the empty piece before the first slash is dropped.
    private static func pieces(_ text: String) -> [ArraySlice<UInt8>] {
        var depth = 0
        return Array(text.utf8).dropFirst().split(omittingEmptySubsequences: false) { byte in
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth -= 1 }
            return byte == UInt8(ascii: "/") && depth <= 0
        }
    }

    private static func segment(_ piece: ArraySlice<UInt8>, names: inout [String]) throws(Fault) -> Segment {
        var parts: [Part] = []
        var rest = piece
        while let first = rest.first {
            switch first {
            case UInt8(ascii: "}"): throw .unbalancedBrace
            case UInt8(ascii: "{"):
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { throw .unbalancedBrace }
                let name = rest[(rest.startIndex + 1)..<end]
                if name.isEmpty { throw .emptyName }
                if name.contains(UInt8(ascii: "{")) { throw .unbalancedBrace }
                parts.append(.expression(names.count))
                names.append(String(decoding: name, as: UTF8.self))
                rest = rest[(end + 1)...]
            default:
                let run = rest.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
                guard let literal = Percent.decode(run) else { throw .badEncoding }
                parts.append(.literal(literal))
                rest = rest.dropFirst(run.count)
            }
        }
        return Segment(parts: parts)
    }
}

extension PathTemplate.Segment {
    /// The pieces of a raw segment that the expressions cover, still encoded; nil where the segment does not fit.
    ///
    /// Of several ways to divide it, the earlier expression takes as little as it can; of two that touch, the first takes one character. Cost: the segment's length times its parts.
    func match(_ raw: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
        if isWholeExpression { return raw.isEmpty ? nil : [raw] }
        var captures: [ArraySlice<UInt8>] = []
        return match(raw, parts[...], &captures) ? captures : nil
    }

    private func match(_ raw: ArraySlice<UInt8>, _ parts: ArraySlice<PathTemplate.Part>, _ captures: inout [ArraySlice<UInt8>]) -> Bool {
        var rest = raw
        var isOpen = false
        var open = raw[raw.startIndex..<raw.startIndex]
        for (offset, part) in zip(parts.indices, parts) {
            switch part {
            case .expression:
                if isOpen {
                    guard let (_, width) = decodedByte(rest, at: rest.startIndex) else { return false }
                    captures.append(rest.prefix(width))
                    rest = rest.dropFirst(width)
                }
                isOpen = true
                open = rest
            case .literal(let text):
                let isLast = offset == parts.endIndex - 1
                guard let found = isOpen ? find(text, in: rest, atEnd: isLast) : prefix(text, of: rest) else { return false }
                if isOpen {
                    guard found.lowerBound > open.startIndex else { return false }
                    captures.append(open[open.startIndex..<found.lowerBound])
                    isOpen = false
                }
                rest = rest[found.upperBound...]
            }
        }
        guard isOpen else { return rest.isEmpty }
        guard !rest.isEmpty else { return false }
        captures.append(rest)
        return true
    }

    /// Where the literal lies at the start of the encoded text.
    private func prefix(_ literal: [UInt8], of raw: ArraySlice<UInt8>) -> Range<Int>? {
        var position = raw.startIndex
        for byte in literal {
            guard let (decoded, width) = decodedByte(raw, at: position), decoded == byte else { return nil }
            position += width
        }
        return raw.startIndex..<position
    }

    /// The first place after at least one character where the literal lies, or the last one if it must end the text.
    private func find(_ literal: [UInt8], in raw: ArraySlice<UInt8>, atEnd: Bool) -> Range<Int>? {
        var start = raw.startIndex
        while let (_, width) = decodedByte(raw, at: start) {
            start += width
            if let found = prefix(literal, of: raw[start...]), !atEnd || found.upperBound == raw.endIndex { return found }
        }
        return nil
    }

    private func decodedByte(_ raw: ArraySlice<UInt8>, at index: Int) -> (byte: UInt8, width: Int)? {
        guard index < raw.endIndex else { return nil }
        guard raw[index] == UInt8(ascii: "%"), index + 2 < raw.endIndex else { return (raw[index], 1) }
        guard let high = Percent.hexDigit(raw[index + 1]), let low = Percent.hexDigit(raw[index + 2]) else { return (raw[index], 1) }
        return (high << 4 | low, 3)
    }
}
