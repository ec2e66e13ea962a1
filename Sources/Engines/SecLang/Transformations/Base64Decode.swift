extension Transformation {
    /// Decodes base64 (RFC 4648 section 4) up to the first byte that is no digit of it.
    static let base64Decode = Transformation("base64Decode", triggers: .all) { input, output in
        var decoder = Base64Decoder()
        for index in 0..<input.count {
            guard let digit = Base64Decoder.value(of: input[index]) else { break }
            decoder.take(digit, &output)
        }
        return input.count > 0
    }
}

/// Turns base64 digits into bytes, four digits to three bytes.
struct Base64Decoder {
    private var bits: UInt32 = 0
    private var held = 0

    mutating func take(_ digit: UInt8, _ output: inout ByteWriter) {
        bits = bits << 6 | UInt32(digit)
        held += 6
        if held >= 8 {
            held -= 8
            output.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
        }
    }

    static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 65...90: byte - 65
        case 97...122: byte - 71
        case 48...57: byte + 4
        case 43: 62
        case 47: 63
        default: nil
        }
    }
}
