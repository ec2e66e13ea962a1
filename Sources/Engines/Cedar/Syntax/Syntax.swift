/// The text of an expression as a tree: parentheses kept, nothing interpreted, with byte offsets.
///
/// The formatter prints it; ``Lowering`` makes an ``Expression`` of it.
final class Syntax: Sendable {
    let kind: Kind
    let start: Int
    let end: Int

    init(_ kind: Kind, start: Int, end: Int) {
        self.kind = kind
        self.start = start
        self.end = end
    }

    enum Kind: Sendable {
        case ifThenElse(Syntax, then: Syntax, else: Syntax)
        case or([Syntax])
        case and([Syntax])
        case relation(Syntax, [(RelationOperator, Syntax)])
        case has(Syntax, Syntax)
        case like(Syntax, Syntax)
        case isType(Syntax, Syntax, in: Syntax?)
        case add(Syntax, [(AddOperator, Syntax)])
        case multiply(Syntax, [(MultiplyOperator, Syntax)])
        case unary(UnarySign, count: Int, Syntax)
        case member(Syntax, [Access])
        case bool(Bool)
        case number(UInt64)
        /// The text between the quotes.
        case string(Range<Int>)
        case entity(NameSyntax, StringSyntax)
        case name(NameSyntax)
        case slot(String)
        case parentheses(Syntax)
        case list([Syntax])
        case record([(Syntax, Syntax)])
    }

    /// `.name`, `(arguments)` or `[index]`.
    struct Access: Sendable {
        enum Kind: Sendable {
            case field(IdentifierSyntax)
            case call([Syntax])
            case index(Syntax)
        }
        let kind: Kind
        let start: Int
        let end: Int
    }
}

/// An identifier or word with its place.
struct IdentifierSyntax: Sendable {
    let text: String
    let start: Int
    let end: Int
}

/// `A::B::C`
struct NameSyntax: Sendable {
    let path: [IdentifierSyntax]
    let name: IdentifierSyntax

    var start: Int { path.first?.start ?? name.start }
    var end: Int { name.end }
    var text: String { (path + [name]).map(\.text).joined(separator: "::") }
}

/// A quoted string; the offsets include the quotes.
struct StringSyntax: Sendable {
    let start: Int
    let end: Int
    var inner: Range<Int> { start + 1..<end - 1 }
}

enum RelationOperator: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case `in` = "in"
    case assign = "="
}

enum AddOperator: String, Sendable {
    case plus = "+"
    case minus = "-"
}

enum MultiplyOperator: String, Sendable {
    case times = "*"
    case divide = "/"
    case modulo = "%"
}

enum UnarySign: String, Sendable {
    case not = "!"
    case minus = "-"
}

/// One policy or template as text.
struct PolicySyntax: Sendable {
    struct Annotation: Sendable {
        let key: IdentifierSyntax
        let value: StringSyntax?
        let start: Int
        let end: Int
    }

    /// `principal is T in E`
    struct ScopeElement: Sendable {
        let variable: IdentifierSyntax
        let typeAnnotation: NameSyntax?
        let entityType: Syntax?
        let relation: (RelationOperator, Syntax)?
        let start: Int
        let end: Int
    }

    struct Condition: Sendable {
        let keyword: IdentifierSyntax
        let body: Syntax?
        let start: Int
        let end: Int
    }

    let annotations: [Annotation]
    let effect: IdentifierSyntax
    let scope: [ScopeElement]
    let conditions: [Condition]
    let start: Int
    let end: Int
}
