/// Writes expressions and policies as Cedar text, with the parentheses that the grammar needs.
struct ExpressionPrinter {
    /// How tightly operators bind; a part that binds less than its place demands gets parentheses.
    private enum Level: Int {
        case conditional, or, and, relation, sum, product, unary, member
    }

    private var output = ""

    /// The expression as Cedar text.
    static func text(of expression: Expression) -> String {
        DeepStack.run(depth: expression.depth) {
            var printer = ExpressionPrinter()
            printer.write(expression, .conditional)
            return printer.output
        }
    }

    /// A text that is equal for equal shapes: chains of `&&` in any spelling of the same tree.
    static func shape(of expression: Expression) -> String { text(of: expression) }

    private mutating func write(_ expression: Expression, _ needed: Level) {
        let own = Self.level(of: expression)
        guard own.rawValue >= needed.rawValue else {
            output += "("
            write(expression)
            output += ")"
            return
        }
        write(expression)
    }

    private static func level(of expression: Expression) -> Level {
        switch expression.kind {
        case .ifThenElse: .conditional
        case .or: .or
        case .and: .and
        case .binary(let sign, _, _): sign.isMethod ? .member : .relation
        case .hasAttribute, .like, .isType: .relation
        case .sum: .sum
        case .product: .product
        case .unary(.isEmpty, _): .member
        case .unary: .unary
        case .long(let value): value < 0 ? .unary : .member
        default: .member
        }
    }

    private mutating func write(_ expression: Expression) {
        switch expression.kind {
        case .bool(let value): output += value ? "true" : "false"
        case .long(let value): output += String(value)
        case .string(let text): output += text.quoted
        case .entity(let uid): output += uid.description
        case .variable(let variable): output += variable.rawValue
        case .slot(let slot): output += slot.rawValue
        case .ifThenElse(let test, let first, let second):
            output += "if "
            write(test, .conditional)
            output += " then "
            write(first, .conditional)
            output += " else "
            write(second, .conditional)
        case .or(let list): join(list, " || ", first: .or, rest: .and)
        case .and(let list): join(list, " && ", first: .and, rest: .relation)
        case .unary(let sign, let operand): write(sign, operand)
        case .binary(let sign, let left, let right): write(sign, left, right)
        case .sum(let first, let rest):
            write(first, .sum)
            for (isMinus, term) in rest {
                output += isMinus ? " - " : " + "
                write(term, .product)
            }
        case .product(let factors): join(factors, " * ", first: .product, rest: .unary)
        default: writeRest(expression)
        }
    }

    private mutating func writeRest(_ expression: Expression) {
        switch expression.kind {
        case .attribute(let operand, let name):
            write(operand, .member)
            output += Identifiers.isIdentifier(name.string) ? ".\(name)" : "[\(name.quoted)]"
        case .hasAttribute(let operand, let path):
            write(operand, .sum)
            output += " has "
            let isPlain = path.allSatisfy { Identifiers.isIdentifier($0.string) }
            output += isPlain ? path.map(\.string).joined(separator: ".") : path[0].quoted
        case .like(let operand, let pattern):
            write(operand, .sum)
            output += " like \(pattern.quoted)"
        case .isType(let operand, let type, let container):
            write(operand, .sum)
            output += " is \(type)"
            if let container {
                output += " in "
                write(container, .sum)
            }
        case .set(let items):
            output += "["
            join(items, ", ", first: .conditional, rest: .conditional)
            output += "]"
        case .record(let pairs):
            output += "{"
            for (index, (name, value)) in pairs.enumerated() {
                output += (index > 0 ? ", " : "") + name.quoted + ": "
                write(value, .conditional)
            }
            output += "}"
        case .call(let function, let arguments): write(function, arguments)
        default: break
        }
    }

    private mutating func join(_ list: [Expression], _ separator: String, first: Level, rest: Level) {
        for (index, expression) in list.enumerated() {
            if index > 0 { output += separator }
            write(expression, index == 0 ? first : rest)
        }
    }

    private mutating func write(_ sign: UnaryOperator, _ operand: Expression) {
        switch sign {
        case .isEmpty:
            write(operand, .member)
            output += ".isEmpty()"
        case .not, .negate:
            output += sign == .not ? "!" : "-"
            // More than four signs in a row, and a minus before a number, need parentheses.
            write(operand, .member)
        }
    }

    private mutating func write(_ sign: BinaryOperator, _ left: Expression, _ right: Expression) {
        guard sign.isMethod else {
            write(left, .sum)
            output += " \(sign.rawValue) "
            return write(right, .sum)
        }
        write(left, .member)
        output += ".\(sign.rawValue)("
        write(right, .conditional)
        output += ")"
    }

    private mutating func write(_ function: ExtensionFunction, _ arguments: [Expression]) {
        var arguments = arguments[...]
        if function.isMethod, let receiver = arguments.popFirst() {
            write(receiver, .member)
            output += "."
        }
        output += function.rawValue + "("
        join(Array(arguments), ", ", first: .conditional, rest: .conditional)
        output += ")"
    }
}
