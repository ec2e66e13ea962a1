extension Transformation {
    /// Decodes SQL hexadecimal literals: `0x414243` becomes `ABC`; the value ends at a NUL byte.
    static let sqlHexDecode = Transformation("sqlHexDecode", triggers: ByteSet([0, 48])) { input, output in
        var index = 0
        while index < input.count, input[index] != 0 {
            if input[index] == 48, index + 3 < input.count, input[index + 1] | 0x20 == 120,
                hexPair(input[index + 2], input[index + 3]) != nil
            {
                index += 2
                while index + 1 < input.count, let byte = hexPair(input[index], input[index + 1]) {
                    output.append(byte)
                    index += 2
                }
            } else {
                output.append(input[index])
                index += 1
            }
        }
        return output.count != input.count
    }
}
