/// `@strmatch text`: the text is somewhere in the value, byte for byte; no variables in it.
struct StringMatch: Operator {
    private let text: Slice

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { text = context.arena.copy(argument) }

    var requirement: Requirement { .containing(Macro(parts: [.text(text)])) }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard let start = value.range(of: text) else { return .noMatch }
        run.note(value.part(start, start + text.count))
        return .match
    }
}
