/// Finds the type of an expression in one request environment.
///
/// A failed part keeps the type that it would have had, so that one fault does not hide the next; only reported faults
/// make a policy invalid.
struct TypeChecker {
    /// What is known to be there after a test such as `e has a`.
    struct Capability: Hashable {
        let isTag: Bool
        let owner: String
        let name: String
    }

    struct Answer {
        var type: CedarType?
        var isOK = true
        var capabilities: Set<Capability> = []

        static func fail(_ type: CedarType?) -> Answer { Answer(type: type, isOK: false) }
    }

    let schema: Schema
    let mode: ValidationMode
    let environment: Schema.RequestEnvironment
    /// Types of the entities that the slots of a template may be filled with.
    let slots: [Slot: Text]
    let report: (ValidationResult.Issue.Code, String, Expression) -> Void
    /// Types of the parts that were looked at, for checks that follow.
    private(set) var types: [ObjectIdentifier: CedarType?] = [:]
    private(set) var desugared: [ObjectIdentifier: Expression] = [:]
    private var shapes: [ObjectIdentifier: String] = [:]

    init(
        schema: Schema, mode: ValidationMode, environment: Schema.RequestEnvironment, slots: [Slot: Text],
        report: @escaping (ValidationResult.Issue.Code, String, Expression) -> Void
    ) {
        self.schema = schema
        self.mode = mode
        self.environment = environment
        self.slots = slots
        self.report = report
    }

    /// The type of an expression, with what is known before it.
    mutating func check(_ expression: Expression, _ prior: Set<Capability>) -> Answer {
        let answer = answer(expression, prior)
        types[ObjectIdentifier(expression)] = answer.type
        return answer
    }

    private mutating func answer(_ expression: Expression, _ prior: Set<Capability>) -> Answer {
        switch expression.kind {
        case .bool(let value): return Answer(type: .constant(value))
        case .long: return Answer(type: .long)
        case .string: return Answer(type: .string)
        case .entity(let uid): return literal(uid)
        case .variable(let variable): return answer(variable)
        case .slot(let slot): return Answer(type: slots[slot].map { .entity($0) } ?? .anyEntity)
        case .ifThenElse(let test, let first, let second): return conditional(expression, test, first, second, prior)
        case .and(let list): return conjunction(list, prior)
        case .or(let list): return disjunction(list, prior)
        case .unary(let sign, let operand): return unary(sign, operand, prior)
        case .binary(let sign, let left, let right): return binary(sign, expression, left, right, prior)
        case .sum(let first, let rest): return arithmetic([first] + rest.map(\.1), prior)
        case .product(let factors): return arithmetic(factors, prior)
        case .attribute(let operand, let name): return attribute(expression, operand, name, prior)
        case .hasAttribute(let operand, let path):
            guard path.count == 1 else { return check(expanded(expression, operand, path), prior) }
            return hasAttribute(operand, path[0], prior)
        case .like(let operand, _):
            let operand = expect([.string], operand, prior)
            return Answer(type: .bool, isOK: operand.isOK)
        case .isType(let operand, let type, let container):
            guard let container else { return isType(operand, type, prior) }
            return check(expanded(expression, operand, type, container), prior)
        case .set(let items): return set(expression, items, prior)
        case .record(let pairs): return record(pairs, prior)
        case .call(let function, let arguments): return call(expression, function, arguments, prior)
        }
    }

    private func literal(_ uid: EntityUID) -> Answer {
        let isKnown = uid.isAction ? schema.actions[uid] != nil : schema.entityTypes[uid.type] != nil
        return isKnown ? Answer(type: .entity(uid.type)) : .fail(nil)
    }

    private func answer(_ variable: Variable) -> Answer {
        switch variable {
        case .principal: Answer(type: .entity(environment.principal))
        case .action: Answer(type: .entity(environment.action.type))
        case .resource: Answer(type: .entity(environment.resource))
        case .context: Answer(type: .record(environment.context))
        }
    }

    /// The type, where it is one of those expected; a fault otherwise.
    mutating func expect(_ expected: [CedarType], _ expression: Expression, _ prior: Set<Capability>) -> Answer {
        let answer = check(expression, prior)
        guard let type = answer.type else { return .fail(nil) }
        guard expected.contains(where: { type.isSubtype(of: $0, .permissive) }) else {
            let names = expected.map { "`\($0)`" }.joined(separator: " or ")
            report(.unexpectedType, "expected \(names) but saw `\(type)`", expression)
            return .fail(nil)
        }
        return answer.isOK ? answer : .fail(type)
    }

    mutating func shape(of expression: Expression) -> String {
        if let known = shapes[ObjectIdentifier(expression)] { return known }
        let shape = ExpressionPrinter.shape(of: expression)
        shapes[ObjectIdentifier(expression)] = shape
        return shape
    }

    // MARK: Forms that stand for longer ones

    private mutating func expanded(_ expression: Expression, _ operand: Expression, _ path: [Text]) -> Expression {
        if let known = desugared[ObjectIdentifier(expression)] { return known }
        var tests: [Expression] = []
        var owner = operand
        for name in path {
            tests.append(Expression(.hasAttribute(owner, [name]), span: expression.span))
            owner = Expression(.attribute(owner, name), span: expression.span)
        }
        let result = Expression(.and(tests), span: expression.span)
        desugared[ObjectIdentifier(expression)] = result
        return result
    }

    private mutating func expanded(
        _ expression: Expression, _ operand: Expression, _ type: Text, _ container: Expression
    ) -> Expression {
        if let known = desugared[ObjectIdentifier(expression)] { return known }
        let test = Expression(.isType(operand, type, in: nil), span: expression.span)
        let below = Expression(.binary(.in, operand, container), span: expression.span)
        let result = Expression(.and([test, below]), span: expression.span)
        desugared[ObjectIdentifier(expression)] = result
        return result
    }
}

// MARK: Logic

extension TypeChecker {
    private mutating func conditional(
        _ expression: Expression, _ test: Expression, _ first: Expression, _ second: Expression, _ prior: Set<Capability>
    ) -> Answer {
        let tested = expect([.bool], test, prior)
        switch tested.type {
        case .constant(true):
            var then = check(first, prior.union(tested.capabilities))
            then.isOK = then.isOK && tested.isOK
            then.capabilities = then.isOK ? then.capabilities.union(tested.capabilities) : []
            return then
        case .constant(false):
            var otherwise = check(second, prior)
            otherwise.isOK = otherwise.isOK && tested.isOK
            return otherwise
        default: break
        }
        let then = check(first, prior.union(tested.capabilities))
        let otherwise = check(second, prior)
        guard let left = then.type, let right = otherwise.type else { return .fail(nil) }
        guard let bound = left.leastUpperBound(right, mode) else {
            report(.incompatibleTypes, "the branches of `if` have the types `\(left)` and `\(right)`, which do not agree", expression)
            return .fail(nil)
        }
        let isOK = tested.isOK && then.isOK && otherwise.isOK
        let thenKnown = then.isOK ? then.capabilities.union(tested.capabilities) : []
        return Answer(
            type: bound, isOK: isOK, capabilities: otherwise.isOK ? otherwise.capabilities.intersection(thenKnown) : [])
    }

    mutating func conjunction(_ list: [Expression], _ prior: Set<Capability>) -> Answer {
        var left = expect([.bool], list[0], prior)
        for expression in list.dropFirst() { left = and(left, expression, prior) }
        return left
    }

    /// `left && right`; the right side is not looked at where the left one is false.
    mutating func and(_ left: Answer, _ right: Expression, _ prior: Set<Capability>) -> Answer {
        if left.type == .constant(false) { return Answer(type: left.type, isOK: left.isOK) }
        let right = expect([.bool], right, prior.union(left.isOK ? left.capabilities : []))
        return Self.and(left, right)
    }

    static func and(_ left: Answer, _ right: Answer) -> Answer {
        let isOK = left.isOK && right.isOK
        guard let leftType = left.type, let rightType = right.type else { return .fail(.bool) }
        let known = left.capabilities.union(right.capabilities)
        return switch (leftType, rightType) {
        case (_, .constant(false)): Answer(type: .constant(false), isOK: isOK)
        case (_, .constant(true)): Answer(type: leftType, isOK: isOK, capabilities: known)
        case (.constant(true), _): Answer(type: rightType, isOK: isOK, capabilities: right.capabilities)
        default: Answer(type: .bool, isOK: isOK, capabilities: known)
        }
    }

    private mutating func disjunction(_ list: [Expression], _ prior: Set<Capability>) -> Answer {
        var left = expect([.bool], list[0], prior)
        for expression in list.dropFirst() {
            if left.type == .constant(true) { return left }
            let right = expect([.bool], expression, prior)
            left = Self.or(left, right)
        }
        return left
    }

    private static func or(_ left: Answer, _ right: Answer) -> Answer {
        let isOK = left.isOK && right.isOK
        guard let leftType = left.type, let rightType = right.type else { return .fail(.bool) }
        return switch (leftType, rightType) {
        case (_, .constant(true)): Answer(type: .constant(true), isOK: isOK, capabilities: right.capabilities)
        case (_, .constant(false)): Answer(type: leftType, isOK: isOK, capabilities: left.capabilities)
        case (.constant(false), _): Answer(type: rightType, isOK: isOK, capabilities: right.capabilities)
        default: Answer(type: .bool, isOK: isOK, capabilities: left.capabilities.intersection(right.capabilities))
        }
    }

    private mutating func unary(_ sign: UnaryOperator, _ operand: Expression, _ prior: Set<Capability>) -> Answer {
        switch sign {
        case .not: return Self.not(expect([.bool], operand, prior))
        case .negate:
            let operand = expect([.long], operand, prior)
            return Answer(type: .long, isOK: operand.isOK)
        case .isEmpty:
            let operand = expect([.anySet], operand, prior)
            return Answer(type: .bool, isOK: operand.isOK)
        }
    }

    static func not(_ operand: Answer) -> Answer {
        switch operand.type {
        case .constant(let value): Answer(type: .constant(!value), isOK: operand.isOK)
        case nil: .fail(.bool)
        default: Answer(type: .bool, isOK: operand.isOK)
        }
    }

    private mutating func arithmetic(_ terms: [Expression], _ prior: Set<Capability>) -> Answer {
        var isOK = true
        for term in terms where !expect([.long], term, prior).isOK { isOK = false }
        return Answer(type: .long, isOK: isOK)
    }
}
