extension Transformation {
    /// Turns the ASCII letters a to z into A to Z; other bytes stay.
    static let uppercase = Transformation("uppercase", triggers: ByteSet(97...122)) { input, output in
        for index in 0..<input.count {
            let byte = input[index]
            output.append(byte &- 97 < 26 ? byte & 0xdf : byte)
        }
        return true
    }
}
