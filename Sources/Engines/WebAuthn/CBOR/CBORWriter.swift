/// Writes CTAP2 canonical CBOR.
public enum CBORWriter {
    /// The canonical bytes of a value.
    public static func encode(_ value: CBORValue) -> [UInt8] {
        switch value {
        case .unsigned(let number): head(0, number)
        case .negative(let number): head(1, number)
        case .bytes(let bytes): head(2, UInt64(bytes.count)) + bytes
        case .text(let text): head(3, UInt64(text.utf8.count)) + Array(text.utf8)
        case .array(let elements): head(4, UInt64(elements.count)) + elements.flatMap(encode)
        case .map(let map): encode(map)
        case .bool(let bool): [bool ? 0xF5 : 0xF4]
        case .null: [0xF6]
        }
    }

    /// Shorter keys come first, equal ones in the order of their bytes.
    static func precedes(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count != other.count ? one.count < other.count : one.lexicographicallyPrecedes(other)
    }

    private static func encode(_ map: CBORMap) -> [UInt8] {
        let members = map.members.map { (encode($0.key), encode($0.value)) }.sorted { precedes($0.0, $1.0) }
        return head(5, UInt64(members.count)) + members.flatMap { $0.0 + $0.1 }
    }

    private static func head(_ major: UInt8, _ number: UInt64) -> [UInt8] {
        let type = major << 5
        switch number {
        case 0..<24: return [type | UInt8(number)]
        case 24...0xFF: return [type | 24, UInt8(number)]
        case 0x100...0xFFFF: return [type | 25] + bigEndian(UInt16(number))
        case 0x1_0000...0xFFFF_FFFF: return [type | 26] + bigEndian(UInt32(number))
        default: return [type | 27] + bigEndian(number)
        }
    }
}

func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] { unsafe withUnsafeBytes(of: value.bigEndian) { unsafe [UInt8]($0) } }
