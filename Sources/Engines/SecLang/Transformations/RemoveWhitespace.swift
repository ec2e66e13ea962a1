extension Transformation {
    /// Drops all white space and no-break spaces (0xA0).
    static let removeWhitespace = Transformation("removeWhitespace", triggers: .space.union(ByteSet([noBreakSpace]))) { input, output in
        for index in 0..<input.count where !isSpace(input[index]) && input[index] != noBreakSpace { output.append(input[index]) }
        return output.count != input.count
    }
}
