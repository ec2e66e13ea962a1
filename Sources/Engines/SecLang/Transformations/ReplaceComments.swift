extension Transformation {
    /// Puts one space in the place of each C comment (`/* … */`), an unfinished one included; a lone `*/` stays.
    static let replaceComments = Transformation("replaceComments", triggers: ByteSet("*")) { input, output in
        var index = 0
        var inComment = false
        var changed = false
        while index < input.count {
            let pair = index + 1 < input.count
            if !inComment {
                if pair, input[index] == 47, input[index + 1] == 42 {
                    inComment = true
                    changed = true
                    index += 2
                } else {
                    output.append(input[index])
                    index += 1
                }
            } else if pair, input[index] == 42, input[index + 1] == 47 {
                inComment = false
                output.append(32)
                index += 2
            } else {
                index += 1
            }
        }
        if inComment { output.append(32) }
        return changed
    }
}
