extension Transformation {
    /// Decodes CSS 2 escapes: a backslash with one to six hexadecimal digits and one optional white space is the low byte of the number
    /// (full-width ASCII folded), a backslash before a line feed disappears, before anything else it stands for that character.
    static let cssDecode = Transformation("cssDecode", triggers: ByteSet("\\")) { input, output in
        var index = 0
        while index < input.count {
            guard input[index] == 92 else {
                output.append(input[index])
                index += 1
                continue
            }
            index += 1
            guard index < input.count else { break }
            var digits = 0
            while digits < 6, index + digits < input.count, hexValue(input[index + digits]) != nil { digits += 1 }
            if digits > 0 {
                output.append(cssByte(input.part(index, index + digits)))
                index += digits
                if index < input.count, isSpace(input[index]) { index += 1 }
            } else {
                if input[index] != 10 { output.append(input[index]) }
                index += 1
            }
        }
        return output.count != input.count
    }

    private static func cssByte(_ digits: Slice) -> UInt8 {
        func digit(_ position: Int) -> UInt8 { hexValue(digits[position]) ?? 0 }
        let count = digits.count
        guard count > 1 else { return digit(0) }
        let low = digit(count - 2) << 4 | digit(count - 1)
        guard count >= 4, (0..<(count - 4)).allSatisfy({ digit($0) == 0 }) else { return low }
        return foldFullWidth(low, high: digit(count - 4) << 4 | digit(count - 3))
    }
}
