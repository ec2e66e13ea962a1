extension Transformation {
    /// Drops the marks of comments and keeps what is inside: `/*`, `*/`, `<!--`, `-->`, `--` and `#`.
    static let removeCommentsChar = Transformation("removeCommentsChar", triggers: ByteSet("*#-")) { input, output in
        let marks: [StaticString] = ["/*", "*/", "<!--", "-->", "--", "#"]
        var index = 0
        scan: while index < input.count {
            for mark in marks where input.suffix(from: index).startsIgnoringCase(with: mark) {
                index += mark.utf8CodeUnitCount
                continue scan
            }
            output.append(input[index])
            index += 1
        }
        return output.count != input.count
    }
}
