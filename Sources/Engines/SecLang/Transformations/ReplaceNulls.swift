extension Transformation {
    /// Puts a space in the place of every NUL byte.
    static let replaceNulls = Transformation("replaceNulls", triggers: ByteSet([0])) { input, output in
        for index in 0..<input.count { output.append(input[index] == 0 ? 32 : input[index]) }
        return true
    }
}
