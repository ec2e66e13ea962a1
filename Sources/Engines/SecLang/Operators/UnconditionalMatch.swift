/// `@unconditionalMatch`: every value matches.
struct UnconditionalMatch: Operator {
    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        run.note(value)
        return .match
    }
}
