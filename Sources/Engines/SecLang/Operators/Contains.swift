/// `@contains text`: the text is somewhere in the value, byte for byte.
struct Contains: Operator {
    private let text: Macro

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { text = try Macro.read(argument, context) }

    var requirement: Requirement { .containing(text) }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        let wanted = text.expand(run.transaction)
        guard let start = value.range(of: wanted) else { return .noMatch }
        run.note(value.part(start, start + wanted.count))
        return .match
    }
}

extension Requirement {
    /// A value that holds `text` has to hold its letters, whatever their case; a text with variables says nothing beforehand.
    static func containing(_ text: Macro) -> Requirement {
        guard let constant = text.constant, !constant.isEmpty else { return .none }
        var requirement = Requirement(minimumLength: constant.count)
        requirement.offer([constant.bytes.map(asciiLower)])
        return requirement
    }
}
