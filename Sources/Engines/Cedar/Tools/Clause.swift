/// One demand of a policy's conditions: an operand of `&&` at the top of a `when`, or a whole `unless`.
struct Clause: Sendable {
    let isWhen: Bool
    let body: Expression
    let program: Program

    private init(isWhen: Bool, body: Expression) {
        self.isWhen = isWhen
        self.body = body
        program = Program(body)
    }

    /// The clauses of a policy in the order in which they are evaluated.
    static func all(of policy: Policy) -> [Clause] {
        policy.conditions.flatMap { condition -> [Clause] in
            guard condition.isWhen else { return [Clause(isWhen: false, body: condition.body)] }
            return conjuncts(of: condition.body).map { Clause(isWhen: true, body: $0) }
        }
    }

    private static func conjuncts(of expression: Expression) -> [Expression] {
        guard case .and(let list) = expression.kind else { return [expression] }
        return list.flatMap(conjuncts)
    }

    /// Whether the clause holds.
    func holds(_ evaluator: inout Evaluator) throws(EvaluationError) -> Bool {
        try evaluator.isSatisfied(program) == isWhen
    }

    /// The parts of the clause that read the request or an entity: `principal.name`, `context`, `resource.getTag("t")`.
    var readings: [Expression] {
        var found: [Expression] = []
        var stack = [body]
        while let next = stack.popLast() {
            if next.isReading {
                if !found.contains(where: { $0 == next }) { found.append(next) }
            } else {
                stack += next.children.reversed()
            }
        }
        return found
    }
}

extension Expression {
    fileprivate var isReading: Bool {
        switch kind {
        case .variable: true
        case .attribute(let owner, _): owner.isReading
        case .binary(.getTag, let owner, _): owner.isReading
        default: false
        }
    }
}
