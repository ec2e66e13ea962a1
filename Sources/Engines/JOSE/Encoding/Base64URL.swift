/// The URL-safe base64 of RFC 4648 section 5 without padding, in its one canonical spelling.
///
/// Every byte string has exactly one text and every text at most one byte string, so a list keyed on text (revoked tokens,
/// replayed proofs) cannot be evaded by respelling.
///
/// Refuses: padding, line breaks, any character outside the alphabet, a length that no byte string has, and
/// non-zero bits after the last byte (RFC 4648 section 3.5).
public enum Base64URL {
    /// The bytes that the text spells, or nil where the text is not canonical.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        let count = text.count
        let tail = count & 3
        guard tail != 1 else { return nil }
        var ill: UInt32 = 0
        let bytes = [UInt8](capacity: count / 4 * 3 + max(tail - 1, 0)) { output in
            var index = 0
            while index + 4 <= count {
                let word = word(text, index, 4, &ill)
                output.append(UInt8(truncatingIfNeeded: word >> 16))
                output.append(UInt8(truncatingIfNeeded: word >> 8))
                output.append(UInt8(truncatingIfNeeded: word))
                index += 4
            }
            if tail > 1 { appendTail(word(text, index, tail, &ill), tail, &output, &ill) }
        }
        return ill == 0 ? bytes : nil
    }

    /// The bytes that the text spells, or nil where the text is not canonical.
    public static func decode(_ text: String) -> [UInt8]? { decode(Array(text.utf8).span) }

    /// The bytes that the text spells, or nil where the text is not canonical.
    public static func decode(_ text: [UInt8]) -> [UInt8]? { decode(text.span) }

    /// The canonical text of the bytes.
    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> bits & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (6 - bits) & 63)]) }
        return text
    }

    /// The canonical text of the bytes.
    public static func string(_ bytes: [UInt8]) -> String { String(decoding: encode(bytes), as: UTF8.self) }

    /// Four characters as 24 bits, fewer at the end of the text; a foreign character sets `ill`.
    @inline(__always)
    private static func word(_ text: Span<UInt8>, _ start: Int, _ length: Int, _ ill: inout UInt32) -> UInt32 {
        var word: UInt32 = 0
        for offset in 0..<length {
            let value = values[Int(text[start + offset])]
            ill |= UInt32(value & 0x80)
            word = word << 6 | UInt32(value & 63)
        }
        return word
    }

    private static func appendTail(_ word: UInt32, _ tail: Int, _ output: inout OutputSpan<UInt8>, _ ill: inout UInt32) {
        if tail == 2 {
            ill |= word & 0xF
            output.append(UInt8(truncatingIfNeeded: word >> 4))
        } else {
            ill |= word & 0x3
            output.append(UInt8(truncatingIfNeeded: word >> 10))
            output.append(UInt8(truncatingIfNeeded: word >> 2))
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each character, 0x80 for a foreign one.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0x80, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
}
