extension Transformation {
    /// Decodes `&#123;`, `&#x7b;` (the low byte of the number), `&quot;`, `&amp;`, `&lt;`, `&gt;` and `&nbsp;` (0xA0); the semicolon may be
    /// missing. Other entities stay as they are.
    static let htmlEntityDecode = Transformation("htmlEntityDecode", triggers: ByteSet("&")) { input, output in
        var index = 0
        while index < input.count {
            if input[index] == 38, let (byte, length) = entity(input, at: index) {
                output.append(byte)
                index += length
                if index < input.count, input[index] == 59 { index += 1 }
            } else {
                output.append(input[index])
                index += 1
            }
        }
        return output.count != input.count
    }

    private static func entity(_ input: Slice, at start: Int) -> (UInt8, Int)? {
        guard start + 1 < input.count else { return nil }
        return input[start + 1] == 35 ? numericEntity(input, at: start) : namedEntity(input, at: start)
    }

    private static func numericEntity(_ input: Slice, at start: Int) -> (UInt8, Int)? {
        var index = start + 2
        guard index < input.count else { return nil }
        let radix: Int = input[index] | 0x20 == 120 ? 16 : 10
        if radix == 16 { index += 1 }
        let firstDigit = index
        var value = 0
        while index < input.count, let digit = hexValue(input[index]), radix == 16 || digit < 10 {
            value = min(value * radix + Int(digit), Int.max / 32)
            index += 1
        }
        guard index > firstDigit else { return nil }
        return (UInt8(truncatingIfNeeded: value), index - start)
    }

    private static func namedEntity(_ input: Slice, at start: Int) -> (UInt8, Int)? {
        var end = start + 1
        while end < input.count, isAlphanumeric(input[end]) { end += 1 }
        let name = input.part(start + 1, end)
        let length = end - start
        if name.equalsIgnoringCase("quot") { return (34, length) }
        if name.equalsIgnoringCase("amp") { return (38, length) }
        if name.equalsIgnoringCase("lt") { return (60, length) }
        if name.equalsIgnoringCase("gt") { return (62, length) }
        return name.equalsIgnoringCase("nbsp") ? (noBreakSpace, length) : nil
    }
}
