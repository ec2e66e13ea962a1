import Crypto
public import TransparencyLog

/// What stands open in the tree for an event: 42 bytes that a third party can read and that tell nothing about people.
///
/// | bytes | what |
/// |---|---|
/// | 0 | format, 1 |
/// | 1–8 | time, milliseconds since 1970, big-endian |
/// | 9 | class |
/// | 10–41 | commitment: SHA-256 of 32 random bytes of salt and the event's JSON |
///
/// The salt lies with the sealed event. Once both are erased the commitment fits nothing and cannot be guessed.
public struct AuditEntry: Sendable, Hashable {
    /// When, in milliseconds since 1970.
    public var time: Int64
    /// What kind of event.
    public var kind: AuditClass
    /// What the event was committed to.
    public var commitment: [UInt8]

    static let count = 42
    static let saltCount = 32

    init(time: Int64, kind: AuditClass, salted: [UInt8]) {
        self.time = time
        self.kind = kind
        commitment = Array(SHA256.hash(data: salted))
    }

    /// Reads an entry of the tree.
    ///
    /// - Throws: ``LogError`` with code `malformed`.
    public init(_ bytes: [UInt8]) throws(LogError) {
        guard bytes.count == Self.count, bytes[0] == 1, let kind = AuditClass(rawValue: bytes[9]) else {
            throw LogError(.malformed, "an entry of the log is no audit entry of a known format")
        }
        time = Int64(bitPattern: bytes[1..<9].reduce(0) { $0 << 8 | UInt64($1) })
        self.kind = kind
        commitment = Array(bytes[10...])
    }

    /// The entry's bytes.
    public var bytes: [UInt8] { [1] + bigEndianBytes(UInt64(bitPattern: time)) + [kind.rawValue] + commitment }

    /// True when the salted event is the one committed to.
    public func commits(to salted: [UInt8]) -> Bool { Array(SHA256.hash(data: salted)) == commitment }
}

func bigEndianBytes<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    let width = Integer.bitWidth / 8
    return (0..<width).map { UInt8(truncatingIfNeeded: value >> ((width - 1 - $0) * 8)) }
}

func bigEndian<Integer: FixedWidthInteger>(_ bytes: some Sequence<UInt8>, as type: Integer.Type) -> Integer {
    bytes.reduce(0) { $0 << 8 | Integer($1) }
}
