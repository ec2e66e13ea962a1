/// A sealed value, read as far as its header. See ``RecordSeal`` for how it is made.
///
/// | bytes | what |
/// |---|---|
/// | 0 | format, 1 |
/// | 1–8 | key identifier |
/// | 9–12 | key version, big-endian |
/// | 13–36 | salt |
/// | 37–68 | key commitment |
/// | 69… | ciphertext and 16-byte tag |
public struct SealedRecord: Sendable, Hashable {
    /// Which key sealed it.
    public let key: KeyID
    /// Which version of the key.
    public let version: UInt32
    let salt: ArraySlice<UInt8>
    let commitment: ArraySlice<UInt8>
    let ciphertext: ArraySlice<UInt8>

    /// Bytes that sealing adds to a value.
    public static let overhead = headerCount + 16
    /// Where key identifier and version lie: together they tell versions apart in a query.
    public static let versionRange = 1..<13
    static let headerCount = 69
    static let format: UInt8 = 1

    /// Reads the header.
    ///
    /// - Throws: ``EnvelopeError`` with code `malformed`.
    public init(_ bytes: [UInt8]) throws(EnvelopeError) {
        guard bytes.count >= Self.overhead, bytes[0] == Self.format else {
            throw EnvelopeError(.malformed, "the bytes are not a sealed record of a known format")
        }
        key = KeyID(bytes: bytes[1..<9])
        version = bytes[9..<13].reduce(0) { $0 << 8 | UInt32($1) }
        salt = bytes[13..<37]
        commitment = bytes[37..<69]
        ciphertext = bytes[69...]
    }
}

/// Names a key for its whole life, through all its versions: eight random bytes.
public struct KeyID: Sendable, Hashable, CustomStringConvertible {
    /// The identifier's bytes.
    public let bytes: [UInt8]

    /// An identifier read from elsewhere; eight bytes.
    public init(bytes: some Collection<UInt8>) { self.bytes = Array(bytes) }

    /// A new identifier.
    public init(using generator: inout some RandomNumberGenerator) {
        bytes = bigEndianBytes(UInt64.random(in: 0 ... .max, using: &generator))
    }

    /// Sixteen hexadecimal digits.
    public var description: String { bytes.map { String(format: $0) }.joined() }
}

extension String {
    fileprivate init(format byte: UInt8) { self = (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
