/// The right side of `like`: characters, and stars that stand for any run of characters.
public struct Pattern: Sendable, Hashable {
    /// A character, or any run of characters.
    public enum Element: Sendable, Hashable {
        case scalar(Unicode.Scalar)
        case wildcard
    }

    /// The pattern's pieces, in order.
    public let elements: [Element]
    /// The characters between the wildcards.
    private let parts: [[UInt8]]

    /// A pattern of these pieces.
    public init(_ elements: [Element]) {
        self.elements = elements
        var parts: [[UInt8]] = [[]]
        for element in elements {
            switch element {
            case .wildcard: parts.append([])
            case .scalar(let scalar): parts[parts.count - 1] += Array(String(scalar).utf8)
            }
        }
        self.parts = parts
    }

    /// True where the whole text has the pattern's form. Time is linear in the text for each part of the pattern.
    public func matches(_ text: Text) -> Bool {
        var bytes = Array(text.string.utf8)[...]
        guard parts.count > 1 else { return bytes.elementsEqual(parts[0]) }
        let first = parts[0]
        let last = parts[parts.count - 1]
        guard bytes.count >= first.count + last.count, bytes.starts(with: first),
            bytes.suffix(last.count).elementsEqual(last)
        else { return false }
        bytes = bytes.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = Self.find(part, in: bytes) else { return false }
            bytes = bytes[(found + part.count)...]
        }
        return true
    }

    private static func find(_ part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= part.count else { return nil }
        var at = bytes.startIndex
        while at + part.count <= bytes.endIndex {
            if bytes[at] == part[0] && bytes[at..<at + part.count].elementsEqual(part) { return at }
            at += 1
        }
        return nil
    }

    /// The pattern between quotes.
    var quoted: String {
        var text = "\""
        for element in elements {
            switch element {
            case .wildcard: text += "*"
            case .scalar("*"): text += "\\*"
            case .scalar(let scalar): text += Escaping.escaped(scalar, graphemeExtends: true)
            }
        }
        return text + "\""
    }
}
