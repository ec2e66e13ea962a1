/// `@within text`: the value is somewhere in the text, byte for byte; an empty value is.
struct Within: Operator {
    private let text: Macro

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { text = try Macro.read(argument, context) }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard text.expand(run.transaction).range(of: value) != nil else { return .noMatch }
        run.note(value)
        return .match
    }
}
