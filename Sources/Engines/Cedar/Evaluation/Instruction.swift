/// One step of a compiled condition. Steps work on a stack of values.
enum Instruction: Sendable {
    /// Pushes a value.
    case constant(Value)
    case variable(Variable)
    /// Replaces the top by an attribute of it.
    case attribute(Text)
    case hasAttribute([Text])
    case like(Pattern)
    case isType(Text)
    /// Replaces the top by false and jumps where its type is another; else leaves it for `in`.
    case isTypeOrJump(Text, Int)
    /// Leaves false and jumps where the top is false; else drops it.
    case and(Int)
    /// Leaves true and jumps where the top is true; else drops it.
    case or(Int)
    /// Demands a Bool on top.
    case bool
    /// Drops the top and jumps where it is false.
    case branch(Int)
    case jump(Int)
    case unary(UnaryOperator)
    case binary(BinaryOperator)
    case add, subtract, multiply
    /// Makes a set of so many values.
    case set(Int)
    /// Makes a record of the values on top.
    case record([Text])
    case call(ExtensionFunction, Int)
    /// Always an error.
    case fail(EvaluationError)
}

/// A compiled expression: flat, so that evaluating it needs no recursion.
struct Program: Sendable {
    private(set) var instructions: [Instruction] = []

    private init() {}

    init(_ expression: Expression) {
        self = DeepStack.run(depth: expression.depth) {
            var program = Program()
            program.compile(expression)
            return program
        }
    }

    /// The conditions of a policy joined by `&&`; nil where there are none.
    init?(_ conditions: [Condition]) {
        guard !conditions.isEmpty else { return nil }
        self = DeepStack.run(depth: conditions.reduce(0) { max($0, $1.body.depth) }) { Program(all: conditions) }
    }

    private init(all conditions: [Condition]) {
        var exits: [Int] = []
        for (index, condition) in conditions.enumerated() {
            compile(condition.body)
            if !condition.isWhen { instructions.append(.unary(.not)) }
            if index < conditions.count - 1 {
                exits.append(instructions.count)
                instructions.append(.and(0))
            }
        }
        instructions.append(.bool)
        for exit in exits { instructions[exit] = .and(instructions.count) }
    }

    private mutating func compile(_ expression: Expression) {
        switch expression.kind {
        case .bool(let value): instructions.append(.constant(.bool(value)))
        case .long(let value): instructions.append(.constant(.long(value)))
        case .string(let value): instructions.append(.constant(.string(value)))
        case .entity(let uid): instructions.append(.constant(.entity(uid)))
        case .variable(let variable): instructions.append(.variable(variable))
        case .slot: instructions.append(.fail(.unlinkedSlot))
        case .ifThenElse(let test, let first, let second): compile(if: test, first, second)
        case .and(let list): chain(list) { .and($0) }
        case .or(let list): chain(list) { .or($0) }
        case .unary(let sign, let operand): compile(operand, then: .unary(sign))
        case .binary(let sign, let left, let right):
            compile(left)
            compile(right, then: .binary(sign))
        case .sum(let first, let rest):
            compile(first)
            for (isMinus, term) in rest { compile(term, then: isMinus ? .subtract : .add) }
        case .product(let factors):
            compile(factors[0])
            for factor in factors.dropFirst() { compile(factor, then: .multiply) }
        case .attribute(let operand, let name): compile(operand, then: .attribute(name))
        case .hasAttribute(let operand, let path): compile(operand, then: .hasAttribute(path))
        case .like(let operand, let pattern): compile(operand, then: .like(pattern))
        case .isType(let operand, let type, let container): compile(operand, is: type, in: container)
        case .set(let items):
            for item in items { compile(item) }
            instructions.append(.set(items.count))
        case .record(let pairs):
            for (_, value) in pairs { compile(value) }
            instructions.append(.record(pairs.map(\.0)))
        case .call(let function, let arguments): compile(function, arguments)
        }
    }

    private mutating func compile(_ expression: Expression, then instruction: Instruction) {
        compile(expression)
        instructions.append(instruction)
    }

    private mutating func compile(if test: Expression, _ first: Expression, _ second: Expression) {
        compile(test)
        let branch = instructions.count
        instructions.append(.branch(0))
        compile(first)
        let jump = instructions.count
        instructions.append(.jump(0))
        instructions[branch] = .branch(instructions.count)
        compile(second)
        instructions[jump] = .jump(instructions.count)
    }

    private mutating func chain(_ list: [Expression], _ step: (Int) -> Instruction) {
        var exits: [Int] = []
        for expression in list.dropLast() {
            compile(expression)
            exits.append(instructions.count)
            instructions.append(.bool)
        }
        if let last = list.last { compile(last, then: .bool) }
        for exit in exits { instructions[exit] = step(instructions.count) }
    }

    private mutating func compile(_ operand: Expression, is type: Text, in container: Expression?) {
        compile(operand)
        guard let container else { return instructions.append(.isType(type)) }
        let test = instructions.count
        instructions.append(.isTypeOrJump(type, 0))
        compile(container, then: .binary(.in))
        instructions[test] = .isTypeOrJump(type, instructions.count)
    }

    /// Constructors of literals are applied once, here.
    private mutating func compile(_ function: ExtensionFunction, _ arguments: [Expression]) {
        if function.isConstructor, arguments.count == 1, case .string(let text) = arguments[0].kind {
            do {
                instructions.append(.constant(try function.apply([.string(text)])))
            } catch {
                instructions.append(.fail(error))
            }
            return
        }
        for argument in arguments { compile(argument) }
        instructions.append(.call(function, arguments.count))
    }
}
