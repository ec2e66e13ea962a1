/// A value of the subset of CBOR that authenticators speak (RFC 8949, CTAP 2.1 section 8).
public indirect enum CBORValue: Sendable, Equatable {
    /// 0 and up.
    case unsigned(UInt64)
    /// `-1 - n`.
    case negative(UInt64)
    /// A byte string.
    case bytes([UInt8])
    /// A text string.
    case text(String)
    /// An array.
    case array([CBORValue])
    /// A map in its order.
    case map(CBORMap)
    /// `true` and `false`.
    case bool(Bool)
    /// `null`.
    case null

    /// An integer in the range of `Int64`.
    public init(_ integer: Int64) { self = integer >= 0 ? .unsigned(UInt64(integer)) : .negative(UInt64(-1 - integer)) }

    /// An integer that fits.
    public var integer: Int64? {
        switch self {
        case .unsigned(let value): Int64(exactly: value)
        case .negative(let value): Int64(exactly: value).map { -1 - $0 }
        default: nil
        }
    }

    /// The bytes of a byte string.
    public var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
    /// The text of a text string.
    public var text: String? { if case .text(let value) = self { value } else { nil } }
    /// The elements of an array.
    public var array: [CBORValue]? { if case .array(let value) = self { value } else { nil } }
    /// The members of a map.
    public var map: CBORMap? { if case .map(let value) = self { value } else { nil } }
}

/// The members of a CBOR map, keys unique.
public struct CBORMap: Sendable, Equatable {
    /// The members in order.
    public internal(set) var members: [Member]

    /// A key and its value.
    public struct Member: Sendable, Equatable {
        /// The key.
        public let key: CBORValue
        /// The value.
        public let value: CBORValue
    }

    /// A map in canonical order.
    public init(_ members: [(CBORValue, CBORValue)]) {
        self.members = members.map { Member(key: $0.0, value: $0.1) }
            .sorted { CBORWriter.precedes(CBORWriter.encode($0.key), CBORWriter.encode($1.key)) }
    }

    init(ordered members: [Member]) { self.members = members }

    /// The value under a text key.
    public subscript(key: String) -> CBORValue? { members.first { $0.key.text.map { $0.utf8.elementsEqual(key.utf8) } ?? false }?.value }

    /// The value under an integer key.
    public subscript(key: Int64) -> CBORValue? { members.first { $0.key == CBORValue(key) }?.value }
}
