extension Transformation {
    /// Writes every UTF-8 sequence of two to four bytes as `%uHHHH`; what is not UTF-8 stays, and overlong forms and surrogates leave
    /// their first byte behind so that rules can see them. NUL bytes end up overwritten, as in the reference engine.
    static let utf8toUnicode = Transformation("utf8toUnicode", triggers: .high.union(ByteSet([0])), capacity: { $0 * 5 + 8 }) {
        input, output in
        var index = 0
        var changed = false
        while index < input.count {
            let first = input[index]
            if first == 0 {
                changed = true
                index += 1
                continue
            }
            guard let (scalar, length) = sequence(input, at: index) else {
                output.append(first)
                if first >= 0xf5, first & 0xf8 == 0xf0 { output.append(first) }
                index += 1
                continue
            }
            appendEscape(scalar, &output)
            if isSurrogateOrOverlong(scalar, length) { output.append(first) }
            changed = true
            index += length
        }
        return changed
    }

    private static func sequence(_ input: Slice, at index: Int) -> (UInt32, Int)? {
        let first = input[index]
        let length = first & 0xe0 == 0xc0 ? 2 : first & 0xf0 == 0xe0 ? 3 : first & 0xf8 == 0xf0 ? 4 : 0
        guard length > 0, index + length <= input.count else { return nil }
        var scalar = UInt32(first) & (0x7f >> UInt32(length))
        for offset in 1..<length {
            let byte = input[index + offset]
            guard byte & 0xc0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3f)
        }
        return (scalar, length)
    }

    private static func appendEscape(_ scalar: UInt32, _ output: inout ByteWriter) {
        output.append("%u")
        let digits = scalar > 0xfffff ? 6 : scalar > 0xffff ? 5 : 4
        for position in stride(from: digits - 1, through: 0, by: -1) {
            output.append(lowerHexDigits[Int(scalar >> UInt32(position * 4) & 15)])
        }
    }

    private static func isSurrogateOrOverlong(_ scalar: UInt32, _ length: Int) -> Bool {
        if scalar >= 0xd800, scalar <= 0xdfff { return true }
        return scalar < (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000)
    }
}
