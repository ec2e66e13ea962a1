/// Which paths a route takes: a prefix (`/admin`), or a template of the whole path (`/users/{id}`, `/files/{rest*}`).
///
/// A path without braces is a prefix that ends on a segment. With braces the whole path must fit; `{name}` takes one segment that is
/// not empty, `{name*}` as the last takes one or more. `=/health` takes that path alone.
public struct PathPattern: Sendable, Hashable, CustomStringConvertible {
    /// One piece of a pattern.
    public enum Segment: Sendable, Hashable {
        /// This text.
        case literal(String)
        /// Any one segment, with its name.
        case parameter(String)
        /// The rest, one segment or more, with its name.
        case rest(String)
    }

    /// The pattern as written.
    public let description: String
    /// Its segments.
    public let segments: [Segment]
    /// True where more segments may follow.
    public let isPrefix: Bool

    /// A pattern that is known to be good, written in code.
    ///
    /// - Precondition: `init?(text:)` reads it.
    public init(_ literal: StaticString) {
        guard let pattern = PathPattern(text: literal.description) else { preconditionFailure("not a path pattern: `\(literal)`") }
        self = pattern
    }

    /// Reads a pattern.
    ///
    /// Refuses: no leading slash, empty or dot segments, braces within a segment, repeated names, `{name*}` before the end.
    public init?(text: String) {
        let isExact = text.hasPrefix("=")
        let path = isExact ? String(text.dropFirst()) : text
        guard path.hasPrefix("/"),
            !path.utf8.contains(where: { $0 <= 32 || $0 == 127 || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") })
        else { return nil }
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if !isExact, parts.last?.isEmpty == true { parts.removeLast() }
        if isExact, path == "/" { parts = [] }
        let segments = parts.compactMap(Self.segment)
        guard segments.count == parts.count else { return nil }
        let names = segments.compactMap(\.name)
        guard Set(names).count == names.count, !segments.dropLast().contains(where: \.isRest) else { return nil }
        description = text
        self.segments = segments
        isPrefix = !isExact && names.isEmpty
    }

    private static func segment(_ part: Substring) -> Segment? {
        guard !part.isEmpty, part != ".", part != ".." else { return nil }
        guard part.contains("{") || part.contains("}") else { return .literal(String(part)) }
        guard part.hasPrefix("{"), part.hasSuffix("}") else { return nil }
        let name = part.dropFirst().dropLast()
        let isRest = name.hasSuffix("*")
        let word = String(isRest ? name.dropLast() : name)
        guard !word.isEmpty, word.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }) else { return nil }
        return isRest ? .rest(word) : .parameter(word)
    }
}

extension PathPattern.Segment {
    var name: String? {
        switch self {
        case .literal: nil
        case .parameter(let name), .rest(let name): name
        }
    }

    var isRest: Bool {
        if case .rest = self { true } else { false }
    }
}
