/// An expression of the Cedar language, with its place in the text it was read from.
public final class Expression: Sendable {
    /// What the expression is.
    public let kind: Kind
    /// Byte offsets in the source text; empty where the expression was not read from text.
    let span: Range<Int>
    /// Expressions inside each other, this one included.
    let depth: Int

    init(_ kind: Kind, span: Range<Int> = 0..<0) {
        self.kind = kind
        self.span = span
        depth = kind.children.reduce(0) { max($0, $1.depth) } + 1
    }

    /// The forms of expressions. Chains of `&&`, `||`, `+ -` and `*` are flat lists that associate to the left.
    public enum Kind: Sendable {
        case bool(Bool)
        case long(Int64)
        case string(Text)
        case entity(EntityUID)
        case variable(Variable)
        case slot(Slot)
        case ifThenElse(Expression, then: Expression, else: Expression)
        /// Two or more operands.
        case and([Expression])
        /// Two or more operands.
        case or([Expression])
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// The first operand and what is added or subtracted.
        case sum(Expression, [(isMinus: Bool, Expression)])
        /// Two or more operands.
        case product([Expression])
        case attribute(Expression, Text)
        /// `e has a.b.c`: one or more names.
        case hasAttribute(Expression, [Text])
        case like(Expression, Pattern)
        /// `e is T in c`
        case isType(Expression, Text, in: Expression?)
        case set([Expression])
        /// Pairs sorted by name, no name twice.
        case record([(Text, Expression)])
        /// An extension function or method; the receiver is the first argument.
        case call(ExtensionFunction, [Expression])
    }
}

/// What a request consists of.
public enum Variable: String, Sendable, Hashable, CaseIterable {
    case principal, action, resource, context
}

/// A place in a template that a link fills.
public enum Slot: String, Sendable, Hashable, CaseIterable {
    case principal = "?principal"
    case resource = "?resource"
}

/// An operator with one operand.
public enum UnaryOperator: String, Sendable, Hashable {
    case not = "!"
    case negate = "neg"
    case isEmpty
}

/// An operator with two operands.
public enum BinaryOperator: String, Sendable, Hashable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case `in`
    case contains, containsAll, containsAny
    case getTag, hasTag

    /// True for those written as `receiver.name(argument)`.
    var isMethod: Bool {
        switch self {
        case .contains, .containsAll, .containsAny, .getTag, .hasTag: true
        default: false
        }
    }
}

extension Expression {
    /// The same shape, wherever it was read; decides which accesses a `has` guards.
    public static func == (left: Expression, right: Expression) -> Bool {
        left === right || Shape(left) == Shape(right)
    }

    /// The direct parts of the expression.
    var children: [Expression] { kind.children }

    /// Calls `body` for the expression and everything inside it, without recursion.
    func forEach(_ body: (Expression) -> Void) {
        var stack = [self]
        while let next = stack.popLast() {
            body(next)
            stack += next.children.reversed()
        }
    }
}

extension Expression.Kind {
    var children: [Expression] {
        switch self {
        case .bool, .long, .string, .entity, .variable, .slot: []
        case .ifThenElse(let test, let first, let second): [test, first, second]
        case .and(let list), .or(let list), .product(let list), .set(let list), .call(_, let list): list
        case .unary(_, let operand), .attribute(let operand, _), .hasAttribute(let operand, _), .like(let operand, _):
            [operand]
        case .binary(_, let left, let right): [left, right]
        case .sum(let first, let rest): [first] + rest.map(\.1)
        case .isType(let operand, _, let container): [operand] + (container.map { [$0] } ?? [])
        case .record(let pairs): pairs.map(\.1)
        }
    }
}

/// An expression's form as a hashable value: the canonical text.
struct Shape: Hashable, Comparable {
    let text: Text

    init(_ expression: Expression) {
        text = Text(ExpressionPrinter.shape(of: expression))
    }

    static func < (left: Shape, right: Shape) -> Bool { left.text < right.text }
}
