/// Percent-encoding of RFC 3986, section 2.1.
enum Percent {
    /// What a `+` stands for.
    enum Plus { case itself, space }

    /// The bytes an encoded text stands for; nil where `%` is not followed by two hexadecimal digits.
    static func decode<Bytes: Sequence<UInt8>>(_ text: Bytes, plus: Plus = .itself) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.underestimatedCount)
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(hexDigit), let low = iterator.next().flatMap(hexDigit) else { return nil }
                result.append(high << 4 | low)
            case UInt8(ascii: "+") where plus == .space: result.append(UInt8(ascii: " "))
            default: result.append(byte)
            }
        }
        return result
    }

    /// The text an encoded text stands for; nil where the encoding is broken or the bytes are not UTF-8.
    static func decodeText<Bytes: Sequence<UInt8>>(_ text: Bytes, plus: Plus = .itself) -> String? {
        decode(text, plus: plus).flatMap(UTF8Text.validated)
    }

    /// Encodes everything but the unreserved characters (RFC 3986, section 2.3).
    static func encode<Bytes: Sequence<UInt8>>(_ text: Bytes) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text {
            if (0x61...0x7A).contains(byte | 0x20) || ASCII.isDigit(byte) || "-._~".utf8.contains(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return result
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Text from outside bytes.
enum UTF8Text {
    /// The text of well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms), nil otherwise.
    static func validated<Bytes: Collection<UInt8>>(_ bytes: Bytes) -> String? {
        String(validating: bytes, as: UTF8.self)
    }
}
