extension Transformation {
    /// Decodes as `urlDecode`, and `%uHHHH` as well: through the code page's best-fit table, else its low byte, with full-width ASCII
    /// (U+FF01 to U+FF5E) turned into plain ASCII.
    static let urlDecodeUni = Transformation("urlDecodeUni", triggers: ByteSet("%+")) { input, output in
        var index = 0
        var changed = false
        while index < input.count {
            let byte = input[index]
            if byte == 43 {
                output.append(32)
                changed = true
                index += 1
            } else if byte != 37 {
                output.append(byte)
                index += 1
            } else if index + 1 < input.count, input[index + 1] | 0x20 == 117 {
                if let (decoded, length) = unicodeEscape(input, at: index) {
                    output.append(decoded)
                    index += length
                    changed = true
                } else {
                    output.append(byte)
                    output.append(input[index + 1])
                    index += 2
                }
            } else if index + 2 < input.count, let decoded = hexPair(input[index + 1], input[index + 2]) {
                output.append(decoded)
                index += 3
                changed = true
            } else {
                output.append(byte)
                index += 1
            }
        }
        return changed
    }

    private static func unicodeEscape(_ input: Slice, at index: Int) -> (UInt8, Int)? {
        guard index + 5 < input.count, let high = hexPair(input[index + 2], input[index + 3]),
            let low = hexPair(input[index + 4], input[index + 5])
        else { return nil }
        if let mapped = BestFit.byte(for: UInt16(high) << 8 | UInt16(low)) { return (mapped, 6) }
        return (foldFullWidth(low, high: high), 6)
    }

    /// Full-width forms lie 0x20 above their ASCII counterparts in the low byte.
    static func foldFullWidth(_ low: UInt8, high: UInt8) -> UInt8 {
        high == 0xff && low > 0 && low < 0x5f ? low + 0x20 : low
    }
}
