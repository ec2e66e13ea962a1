/// Runs compiled expressions for one request.
struct Evaluator {
    let request: Request
    let entities: Entities
    private var stack: [Value] = []

    init(request: Request, entities: Entities) {
        self.request = request
        self.entities = entities
    }

    /// The program's value.
    ///
    /// - Throws: ``EvaluationError`` at the first step that fails.
    mutating func value(of program: Program) throws(EvaluationError) -> Value {
        stack.removeAll(keepingCapacity: true)
        let instructions = program.instructions
        var at = 0
        while at < instructions.count {
            at = try step(instructions[at], at)
        }
        return pop()
    }

    /// The value of a program that gives a Bool.
    mutating func isSatisfied(_ program: Program) throws(EvaluationError) -> Bool {
        try bool(try value(of: program))
    }

    private mutating func step(_ instruction: Instruction, _ at: Int) throws(EvaluationError) -> Int {
        switch instruction {
        case .constant(let value): stack.append(value)
        case .variable(let variable): stack.append(value(of: variable))
        case .attribute(let name): stack.append(try attribute(name, of: pop()))
        case .hasAttribute(let path): stack.append(.bool(try has(path, pop())))
        case .like(let pattern): stack.append(.bool(pattern.matches(try string(pop()))))
        case .isType(let type): stack.append(.bool(try entity(pop()).type == type))
        case .isTypeOrJump(let type, let target):
            guard try entity(stack[stack.count - 1]).type != type else { break }
            stack[stack.count - 1] = .bool(false)
            return target
        case .and(let target):
            guard try bool(stack[stack.count - 1]) else { return target }
            stack.removeLast()
        case .or(let target):
            if try bool(stack[stack.count - 1]) { return target }
            stack.removeLast()
        case .bool: _ = try bool(stack[stack.count - 1])
        case .branch(let target): if try !bool(pop()) { return target }
        case .jump(let target): return target
        case .unary(let sign): stack.append(try unary(sign, pop()))
        case .binary(let sign):
            let right = pop()
            stack.append(try binary(sign, pop(), right))
        case .add, .subtract, .multiply: try arithmetic(instruction)
        case .set(let count): stack.append(.set(ValueSet(take(count))))
        case .record(let names): stack.append(.record(Record(Array(zip(names, take(names.count))))))
        case .call(let function, let count):
            let value = try function.apply(stack.suffix(count))
            stack.removeLast(count)
            stack.append(value)
        case .fail(let error): throw error
        }
        return at + 1
    }

    private mutating func pop() -> Value { stack.removeLast() }

    private mutating func take(_ count: Int) -> [Value] {
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private func value(of variable: Variable) -> Value {
        switch variable {
        case .principal: .entity(request.principal)
        case .action: .entity(request.action)
        case .resource: .entity(request.resource)
        case .context: .record(request.context)
        }
    }
}

// MARK: Types

extension Evaluator {
    private func bool(_ value: Value) throws(EvaluationError) -> Bool {
        guard case .bool(let bool) = value else { throw .type(expected: "bool", found: value.typeName) }
        return bool
    }

    private func long(_ value: Value) throws(EvaluationError) -> Int64 {
        guard case .long(let long) = value else { throw .type(expected: "long", found: value.typeName) }
        return long
    }

    private func string(_ value: Value) throws(EvaluationError) -> Text {
        guard case .string(let text) = value else { throw .type(expected: "string", found: value.typeName) }
        return text
    }

    private func entity(_ value: Value) throws(EvaluationError) -> EntityUID {
        guard case .entity(let uid) = value else { throw .type(expected: "(entity)", found: value.typeName) }
        return uid
    }

    private func set(_ value: Value) throws(EvaluationError) -> ValueSet {
        guard case .set(let set) = value else { throw .type(expected: "set", found: value.typeName) }
        return set
    }
}

// MARK: Operators

extension Evaluator {
    private func attribute(_ name: Text, of value: Value) throws(EvaluationError) -> Value {
        switch value {
        case .record(let record):
            guard let found = record[name] else { throw .missingAttribute(on: "record", name) }
            return found
        case .entity(let uid):
            if entities.isUnknown(name, of: uid) { throw .unknown(uid, name) }
            guard let node = entities.node(uid) else { throw .missingEntity(uid) }
            guard let found = node.entity.attributes[name] else { throw .missingAttribute(on: "`\(uid)`", name) }
            return found
        default: throw .type(expected: "record or (entity)", found: value.typeName)
        }
    }

    private func has(_ path: [Text], _ value: Value) throws(EvaluationError) -> Bool {
        var value = value
        for name in path {
            let record: Record?
            switch value {
            case .record(let own): record = own
            case .entity(let uid):
                if entities.isUnknown(name, of: uid) { throw .unknown(uid, name) }
                record = entities.node(uid)?.entity.attributes
            default: throw .type(expected: "record or (entity)", found: value.typeName)
            }
            guard let next = record?[name] else { return false }
            value = next
        }
        return true
    }

    private func unary(_ sign: UnaryOperator, _ value: Value) throws(EvaluationError) -> Value {
        switch sign {
        case .not: return .bool(try !bool(value))
        case .isEmpty: return .bool(try set(value).isEmpty)
        case .negate:
            let (result, overflow) = Int64(0).subtractingReportingOverflow(try long(value))
            guard !overflow else { throw .overflow("-") }
            return .long(result)
        }
    }

    private mutating func arithmetic(_ instruction: Instruction) throws(EvaluationError) {
        let right = try long(stack[stack.count - 1])
        let left = try long(stack[stack.count - 2])
        stack.removeLast(2)
        let (result, overflow): (Int64, Bool)
        let sign: String
        switch instruction {
        case .add: ((result, overflow), sign) = (left.addingReportingOverflow(right), "+")
        case .subtract: ((result, overflow), sign) = (left.subtractingReportingOverflow(right), "-")
        default: ((result, overflow), sign) = (left.multipliedReportingOverflow(by: right), "*")
        }
        guard !overflow else { throw .overflow(sign) }
        stack.append(.long(result))
    }

    private func binary(_ sign: BinaryOperator, _ left: Value, _ right: Value) throws(EvaluationError) -> Value {
        switch sign {
        case .equal: return .bool(left == right)
        case .notEqual: return .bool(left != right)
        case .less: return .bool(try isLess(left, right))
        case .lessOrEqual: return .bool(try isLessOrEqual(left, right))
        case .greater: return .bool(try !isLessOrEqual(left, right))
        case .greaterOrEqual: return .bool(try !isLess(left, right))
        case .in: return .bool(try isIn(left, right))
        case .contains: return .bool(try set(left).contains(right))
        case .containsAll:
            let outer = try set(left)
            return .bool(outer.containsAll(try set(right)))
        case .containsAny:
            let outer = try set(left)
            return .bool(outer.containsAny(try set(right)))
        case .hasTag:
            let uid = try entity(left)
            let name = try string(right)
            return .bool(entities.node(uid)?.entity.tags[name] != nil)
        case .getTag:
            let uid = try entity(left)
            let name = try string(right)
            guard let node = entities.node(uid) else { throw .missingEntity(uid) }
            guard let value = node.entity.tags[name] else { throw .missingTag(uid, name) }
            return value
        }
    }

    private func isLess(_ left: Value, _ right: Value) throws(EvaluationError) -> Bool {
        let (left, right) = try comparable(left, right)
        return left < right
    }

    private func isLessOrEqual(_ left: Value, _ right: Value) throws(EvaluationError) -> Bool {
        let (left, right) = try comparable(left, right)
        return left <= right
    }

    private func comparable(_ left: Value, _ right: Value) throws(EvaluationError) -> (Int64, Int64) {
        switch (left, right) {
        case (.long(let left), .long(let right)): return (left, right)
        case (.datetime(let left), .datetime(let right)): return (left.milliseconds, right.milliseconds)
        case (.duration(let left), .duration(let right)): return (left.milliseconds, right.milliseconds)
        case (.long, _), (.datetime, _), (.duration, _): throw .type(expected: left.typeName, found: right.typeName)
        default: throw .type(expected: "long, datetime or duration", found: left.typeName)
        }
    }

    private func isIn(_ left: Value, _ right: Value) throws(EvaluationError) -> Bool {
        let uid = try entity(left)
        switch right {
        case .entity(let ancestor): return entities.isDescendant(uid, of: ancestor)
        case .set(let set):
            var ancestors: [EntityUID] = []
            for element in set.values { ancestors.append(try entity(element)) }
            return ancestors.contains { entities.isDescendant(uid, of: $0) }
        default: throw .type(expected: "set or (entity)", found: right.typeName)
        }
    }
}
