extension Transformation {
    /// Drops C and HTML comments; `--` and `#` end the value. After a closed comment the next byte is copied as it is, as in the
    /// reference engine; an unfinished comment becomes a space.
    static let removeComments = Transformation("removeComments", triggers: ByteSet("*#-")) { input, output in
        func sees(_ literal: StaticString, at index: Int) -> Bool {
            index + literal.utf8CodeUnitCount <= input.count && input.suffix(from: index).startsIgnoringCase(with: literal)
        }
        var index = 0
        var inComment = false
        var changed = false
        while index < input.count {
            if !inComment {
                if sees("/*", at: index) || sees("<!--", at: index) {
                    index += sees("/*", at: index) ? 2 : 4
                    inComment = true
                    changed = true
                } else if sees("--", at: index) || input[index] == 35 {
                    return true
                } else {
                    output.append(input[index])
                    index += 1
                }
            } else if sees("*/", at: index) || sees("-->", at: index) {
                index += sees("*/", at: index) ? 2 : 3
                inComment = false
                if index < input.count { output.append(input[index]) }
                index += 1
            } else {
                index += 1
            }
        }
        if inComment { output.append(32) }
        return changed
    }
}
