/// `@validateUtf8Encoding`: the value is not UTF-8 (RFC 3629): cut sequences, overlong forms, surrogates, code points over U+10FFFF.
struct ValidateUTF8Encoding: Operator {
    var requirement: Requirement { Requirement(bytes: .high, minimumLength: 1) }
    var dependsOnValueOnly: Bool { true }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        var index = 0
        while index < value.count {
            let length = sequenceLength(value, at: index)
            guard length > 0 else {
                run.note(value.part(index, index + 1))
                return .match
            }
            index += length
        }
        return .noMatch
    }

    /// 0 where no valid sequence begins.
    private func sequenceLength(_ value: Slice, at index: Int) -> Int {
        let first = value[index]
        if first < 0x80 { return 1 }
        let length = first & 0xe0 == 0xc0 ? 2 : first & 0xf0 == 0xe0 ? 3 : first & 0xf8 == 0xf0 && first < 0xf5 ? 4 : 0
        guard length > 0, index + length <= value.count else { return 0 }
        var scalar = UInt32(first) & (0x7f >> UInt32(length))
        for offset in 1..<length {
            guard value[index + offset] & 0xc0 == 0x80 else { return 0 }
            scalar = scalar << 6 | UInt32(value[index + offset] & 0x3f)
        }
        let isOverlong = scalar < (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000)
        let isSurrogate = scalar >= 0xd800 && scalar <= 0xdfff
        return isOverlong || isSurrogate ? 0 : length
    }
}
