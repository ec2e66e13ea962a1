extension Transformation {
    /// Drops every NUL byte.
    static let removeNulls = Transformation("removeNulls", triggers: ByteSet([0])) { input, output in
        for index in 0..<input.count where input[index] != 0 { output.append(input[index]) }
        return output.count != input.count
    }
}
