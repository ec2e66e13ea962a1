import Envelope

/// The first 13 bytes of every sealed column: a format, then the key and version, where ``SealedRecord`` has them too.
struct SealedHeader {
    enum Format: UInt8 {
        case record = 1
        case deterministic = 2
        case index = 3
        case format = 4
    }

    static let count = 13

    let format: Format
    let key: KeyID
    let version: UInt32

    init(_ format: Format, _ key: KeyID, _ version: UInt32) {
        self.format = format
        self.key = key
        self.version = version
    }

    /// - Throws: ``EnvelopeError`` with code `malformed`.
    init(_ bytes: [UInt8], format: Format) throws(EnvelopeError) {
        guard bytes.count >= Self.count, bytes[0] == format.rawValue else {
            throw EnvelopeError(.malformed, "the bytes are not sealed in the form that this column has")
        }
        self.init(format, KeyID(bytes: bytes[1..<9]), UInt32(bigEndian(bytes[9..<13])))
    }

    var bytes: [UInt8] { [format.rawValue] + label }

    /// Key and version, as they stand behind the format.
    var label: [UInt8] { key.bytes + bigEndianBytes(UInt64(version)).suffix(4) }

    static func label(_ sealed: [UInt8]) -> [UInt8] { Array(sealed.prefix(count)) }
}

extension Place {
    /// Purpose, tenant, table and column: what equal values share. Each part with its length.
    var columnLabel: [UInt8] {
        [purpose, tenant, table, column].reduce(into: []) { $0 += bigEndianBytes(UInt64($1.utf8.count)) + $1.utf8 }
    }
}
