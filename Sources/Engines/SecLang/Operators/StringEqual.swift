/// `@streq text`: the value is the text, byte for byte.
struct StringEqual: Operator {
    private let text: Macro

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { text = try Macro.read(argument, context) }

    var requirement: Requirement { .containing(text) }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard value.equals(text.expand(run.transaction)) else { return .noMatch }
        run.note(value)
        return .match
    }
}
