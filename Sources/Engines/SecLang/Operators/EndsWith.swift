/// `@endsWith text`: the value ends with the text, byte for byte.
struct EndsWith: Operator {
    private let text: Macro

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { text = try Macro.read(argument, context) }

    var requirement: Requirement { .containing(text) }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        let wanted = text.expand(run.transaction)
        guard value.ends(with: wanted) else { return .noMatch }
        run.note(value.suffix(from: value.count - wanted.count))
        return .match
    }
}
