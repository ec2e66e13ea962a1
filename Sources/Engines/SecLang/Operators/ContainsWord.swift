/// `@containsWord text`: the text is in the value with no letter, digit or underscore on either side.
struct ContainsWord: Operator {
    private let text: Macro

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { text = try Macro.read(argument, context) }

    var requirement: Requirement { .containing(text) }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        let wanted = text.expand(run.transaction)
        guard !wanted.isEmpty else { return .match }
        var start = 0
        while let found = value.range(of: wanted, from: start) {
            let end = found + wanted.count
            if (found == 0 || !isWord(value[found - 1])) && (end == value.count || !isWord(value[end])) {
                run.note(value.part(found, end))
                return .match
            }
            start = found + 1
        }
        return .noMatch
    }

    private func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
}
