extension Transformation {
    /// Decodes ANSI C escapes: `\a \b \f \n \r \t \v \\ \? \' \"`, `\xHH` and octal `\OOO`; any other escaped character stands for itself.
    static let escapeSeqDecode = Transformation("escapeSeqDecode", triggers: ByteSet("\\")) { input, output in
        var index = 0
        while index < input.count {
            guard input[index] == 92, index + 1 < input.count else {
                output.append(input[index])
                index += 1
                continue
            }
            let (byte, length) = ansiEscape(input, at: index)
            output.append(byte)
            index += length
        }
        return output.count != input.count
    }

    private static func ansiEscape(_ input: Slice, at index: Int) -> (UInt8, Int) {
        let next = input[index + 1]
        if let control = controlEscape(next) { return (control, 2) }
        if next | 0x20 == 120, index + 3 < input.count, let byte = hexPair(input[index + 2], input[index + 3]) { return (byte, 4) }
        if isOctal(next) {
            let (byte, digits) = octalEscape(input, at: index + 1, limit: 511)
            return (byte, 1 + digits)
        }
        return (next, 2)
    }
}
