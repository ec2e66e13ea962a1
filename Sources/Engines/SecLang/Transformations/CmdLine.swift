extension Transformation {
    /// Undoes the tricks of command shells: drops `" ' \ ^`, turns commas, semicolons and white space into single spaces, drops a space
    /// before `/` and `(`, and lowers the case. The value ends at a NUL byte.
    static let cmdLine = Transformation("cmdLine", triggers: .upperCase.union(ByteSet("\"'\\^,;/(\t\r\n ")).union(ByteSet([0]))) {
        input, output in
        var afterSpace = false
        for index in 0..<input.count {
            let byte = input[index]
            switch byte {
            case 0: return true
            case 34, 39, 92, 94: continue
            case 32, 44, 59, 9, 13, 10:
                if !afterSpace { output.append(32) }
                afterSpace = true
            case 47, 40:
                if afterSpace { output.truncate(to: output.count - 1) }
                afterSpace = false
                output.append(byte)
            default:
                output.append(asciiLower(byte))
                afterSpace = false
            }
        }
        return !sameBytes(input, output)
    }

    private static func sameBytes(_ input: Slice, _ output: ByteWriter) -> Bool {
        guard input.count == output.count else { return false }
        for index in 0..<input.count where input[index] != output[index] { return false }
        return true
    }
}
