/// A string as Cedar sees it: a sequence of Unicode scalars, compared bit by bit.
///
/// Swift's `String` treats canonically equivalent strings as equal; Cedar does not ("no Unicode
/// normalization"), so every string of a policy, an entity or a request is a `Text`.
public struct Text: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The characters.
    public let string: String

    /// Wraps a string.
    public init(_ string: String) {
        self.string = string
    }

    /// Wraps a literal.
    public init(stringLiteral value: String) {
        self.string = value
    }

    /// The text.
    public var description: String { string }
}

extension Text: Hashable, Comparable {
    /// Equal when the bytes are.
    public static func == (left: Text, right: Text) -> Bool {
        let leftBytes = left.string.utf8
        let rightBytes = right.string.utf8
        guard leftBytes.count == rightBytes.count else { return false }
        let answer = unsafe leftBytes.withContiguousStorageIfAvailable { left in
            unsafe rightBytes.withContiguousStorageIfAvailable { right in unsafe left.elementsEqual(right) }
        }
        return (answer ?? nil) ?? leftBytes.elementsEqual(rightBytes)
    }

    /// Order of the UTF-8 bytes, which is the order of the scalars.
    public static func < (left: Text, right: Text) -> Bool {
        left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        let isDone: Void? = unsafe string.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isDone == nil { for byte in string.utf8 { unsafe withUnsafeBytes(of: byte) { unsafe hasher.combine(bytes: $0) } } }
        hasher.combine(0xFF as UInt8)
    }
}

extension Text {
    /// The characters between quotes with everything unprintable escaped, as Cedar text writes it.
    public var quoted: String {
        "\"" + Escaping.escape(string) + "\""
    }
}
