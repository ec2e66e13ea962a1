/// The six kinds of JSON values.
@frozen
public enum JSONKind: UInt8, Sendable, Hashable {
    case null, bool, number, string, array, object
}

/// One entry of a document's flat form, 16 bytes: a value or a key.
///
/// A document is an array of entries in the order of the text. An array is followed by its elements, an object by
/// its members (key, then value), each with all that is inside it. ``JSONDocument/next(after:)`` jumps over a subtree.
@frozen
public struct JSONEntry: Sendable, BitwiseCopyable {
    /// The kind; keys are strings.
    public var kind: JSONKind
    /// Bits named in ``JSONEntry/Flags``.
    public var flags: Flags
    /// ``JSONDocument/hash(of:)`` of the key's bytes; 0 for values.
    public var hash: UInt16
    /// Byte of the source where the value or key begins; 0 in documents built by code.
    public var offset: UInt32
    /// Bytes of a number or (decoded) string; elements of an array; members of an object.
    public var length: UInt32
    /// String and number: where their bytes begin in the document's text. Container: index of the entry after its subtree.
    public var link: UInt32

    @inlinable
    init(kind: JSONKind, flags: Flags = [], offset: Int, length: Int = 0, link: Int = 0) {
        self.kind = kind
        self.flags = flags
        hash = 0
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.length = UInt32(truncatingIfNeeded: length)
        self.link = UInt32(truncatingIfNeeded: link)
    }

    /// Facts the reader saw in passing.
    @frozen
    public struct Flags: OptionSet, Sendable, BitwiseCopyable {
        /// The bits.
        public let rawValue: UInt8

        /// Flags of the given bits.
        @inlinable
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The literal `true`.
        @inlinable public static var isTrue: Flags { Flags(rawValue: 1) }
        /// A string of ASCII characters alone: bytes and code points are the same number.
        @inlinable public static var isASCII: Flags { Flags(rawValue: 2) }
        /// A number without fraction and exponent.
        @inlinable public static var isPlainInteger: Flags { Flags(rawValue: 4) }
        /// A key of an object.
        @inlinable public static var isKey: Flags { Flags(rawValue: 8) }
    }

    /// True for arrays and objects.
    @inlinable public var isContainer: Bool { kind.rawValue >= JSONKind.array.rawValue }
}
