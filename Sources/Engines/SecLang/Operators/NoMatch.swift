/// `@noMatch`: no value matches.
struct NoMatch: Operator {
    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict { .noMatch }
}
