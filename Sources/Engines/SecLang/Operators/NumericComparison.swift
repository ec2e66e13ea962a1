/// `@eq`, `@ge`, `@gt`, `@le`, `@lt`: compares the value with a number, both read as C's `atoi` does (text counts as 0).
struct NumericComparison: Operator {
    enum Relation: Sendable {
        case equal, greaterOrEqual, greater, lessOrEqual, less

        func holds(_ left: Int, _ right: Int) -> Bool {
            switch self {
            case .equal: left == right
            case .greaterOrEqual: left >= right
            case .greater: left > right
            case .lessOrEqual: left <= right
            case .less: left < right
            }
        }
    }

    let relation: Relation
    let number: Macro

    init(_ relation: Relation, _ argument: String, _ context: CompileContext) throws(Complaint) {
        guard !argument.isEmpty else { throw Complaint("the number to compare with is missing") }
        self.relation = relation
        number = try Macro.read(argument, context)
    }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard relation.holds(value.integer, number.expand(run.transaction).integer) else { return .noMatch }
        run.note(value)
        return .match
    }
}
