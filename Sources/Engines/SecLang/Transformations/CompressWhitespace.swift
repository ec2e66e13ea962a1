extension Transformation {
    /// Turns every run of white space (and no-break spaces, 0xA0) into one space.
    static let compressWhitespace = Transformation("compressWhitespace", triggers: .space.union(ByteSet([noBreakSpace]))) { input, output in
        var inRun = false
        var changed = false
        for index in 0..<input.count {
            let byte = input[index]
            if isSpace(byte) || byte == noBreakSpace {
                changed = changed || inRun || byte != 32
                if !inRun { output.append(32) }
                inRun = true
            } else {
                inRun = false
                output.append(byte)
            }
        }
        return changed
    }
}
