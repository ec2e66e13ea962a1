/// `@beginsWith text`: the value starts with the text, byte for byte.
struct BeginsWith: Operator {
    private let text: Macro

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { text = try Macro.read(argument, context) }

    var requirement: Requirement { .containing(text) }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        let wanted = text.expand(run.transaction)
        guard value.starts(with: wanted) else { return .noMatch }
        run.note(value.part(0, wanted.count))
        return .match
    }
}
