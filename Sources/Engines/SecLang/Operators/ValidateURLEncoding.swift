/// `@validateUrlEncoding`: the value holds a percent sign that two hexadecimal digits do not follow (RFC 3986 section 2.1).
struct ValidateURLEncoding: Operator {
    var requirement: Requirement { Requirement(bytes: ByteSet("%"), minimumLength: 1) }
    var dependsOnValueOnly: Bool { true }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        var index = 0
        while index < value.count {
            guard value[index] == 37 else {
                index += 1
                continue
            }
            guard index + 2 < value.count, hexPair(value[index + 1], value[index + 2]) != nil else {
                run.note(value.part(index, index + 3))
                return .match
            }
            index += 3
        }
        return .noMatch
    }
}
