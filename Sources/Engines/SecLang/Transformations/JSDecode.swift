extension Transformation {
    /// Decodes JavaScript escapes: `\uHHHH` (low byte, full-width ASCII folded), `\xHH`, octal `\OOO` and `\n`, `\t` and so on; any other
    /// escaped character stands for itself. A last lone backslash stays.
    static let jsDecode = Transformation("jsDecode", triggers: ByteSet("\\")) { input, output in
        var index = 0
        while index < input.count {
            guard input[index] == 92, index + 1 < input.count else {
                output.append(input[index])
                index += 1
                continue
            }
            let (byte, length) = javaScriptEscape(input, at: index)
            output.append(byte)
            index += length
        }
        return output.count != input.count
    }

    private static func javaScriptEscape(_ input: Slice, at index: Int) -> (UInt8, Int) {
        let next = input[index + 1]
        if next == 117, index + 5 < input.count, let high = hexPair(input[index + 2], input[index + 3]),
            let low = hexPair(input[index + 4], input[index + 5])
        {
            return (foldFullWidth(low, high: high), 6)
        }
        if next == 120, index + 3 < input.count, let byte = hexPair(input[index + 2], input[index + 3]) { return (byte, 4) }
        if isOctal(next) {
            let (byte, digits) = octalEscape(input, at: index + 1, limit: 255)
            return (byte, 1 + digits)
        }
        return (controlEscape(next) ?? next, 2)
    }

    /// Up to three octal digits; no more than two where three would pass `limit`.
    static func octalEscape(_ input: Slice, at start: Int, limit: Int) -> (UInt8, Int) {
        var value = 0
        var digits = 0
        while digits < 3, start + digits < input.count, isOctal(input[start + digits]) {
            let next = value * 8 + Int(input[start + digits] & 7)
            if next > limit { break }
            value = next
            digits += 1
        }
        return (UInt8(truncatingIfNeeded: value), digits)
    }

    /// The control character that a letter stands for after a backslash.
    static func controlEscape(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "a"): 7
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "f"): 12
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "r"): 13
        case UInt8(ascii: "t"): 9
        case UInt8(ascii: "v"): 11
        default: nil
        }
    }
}
