/// Reads policy text into ``PolicySyntax``.
///
/// Expressions are read by precedence, with an explicit limit of nesting; chains such as `a && b && …` are flat
/// and have a limit of their own.
struct PolicyParser: Sendable {
    let bytes: [UInt8]
    let tokens: [Token]
    let limits: CedarLimits
    var at = 0
    var depth = 0

    init(_ bytes: [UInt8], limits: CedarLimits) throws(CedarError) {
        guard bytes.count <= limits.bytes else {
            throw CedarError(
                .limit, "the text has \(bytes.count) bytes, more than the limit of \(limits.bytes)",
                at: SourcePosition(offset: limits.bytes, in: bytes))
        }
        self.bytes = bytes
        self.limits = limits
        tokens = try Lexer.tokens(of: bytes, slots: true)
    }

    /// A bound of how deep the text nests, brackets and `if` taken together; beyond the limit the place is refused
    /// before anything is read.
    func nesting() throws(CedarError) -> Int {
        var open = 0
        var deepest = 0
        var conditionals = 0
        for token in tokens {
            switch token.kind {
            case .leftParenthesis, .leftBrace, .leftBracket: open += 1
            case .rightParenthesis, .rightBrace, .rightBracket: open -= 1
            case .word
            where token.end - token.start == 2 && bytes[token.start] == UInt8(ascii: "i")
                && bytes[token.start + 1] == UInt8(ascii: "f"):
                conditionals += 1
            default: break
            }
            deepest = max(deepest, open)
            // The braces of a clause are one level beyond its expressions.
            guard open <= limits.depth + 1 else {
                throw failure("expressions nested deeper than \(limits.depth)", code: .limit, at: token.start)
            }
        }
        return deepest + conditionals
    }

    /// All policies up to the end of the text.
    mutating func policies() throws(CedarError) -> [PolicySyntax] {
        var result: [PolicySyntax] = []
        while kind != .end {
            guard result.count < limits.policies else {
                throw failure("more than \(limits.policies) policies", code: .limit)
            }
            result.append(try policy())
        }
        return result
    }

    private mutating func policy() throws(CedarError) -> PolicySyntax {
        let start = token.start
        var annotations: [PolicySyntax.Annotation] = []
        while kind == .at { annotations.append(try annotation()) }
        let effect = try identifier("a policy")
        try expect(.leftParenthesis, "`(`")
        var scope: [PolicySyntax.ScopeElement] = []
        while kind != .rightParenthesis {
            scope.append(try scopeElement())
            guard take(.comma) else { break }
        }
        try expect(.rightParenthesis, "`)`")
        var conditions: [PolicySyntax.Condition] = []
        while kind == .word { conditions.append(try condition()) }
        try expect(.semicolon, "`;`")
        return PolicySyntax(
            annotations: annotations, effect: effect, scope: scope, conditions: conditions, start: start, end: lastEnd)
    }

    private mutating func annotation() throws(CedarError) -> PolicySyntax.Annotation {
        let start = token.start
        try expect(.at, "`@`")
        let key = try identifier("the name of an annotation")
        var value: StringSyntax?
        if take(.leftParenthesis) {
            value = try string("the value of an annotation")
            try expect(.rightParenthesis, "`)`")
        }
        return PolicySyntax.Annotation(key: key, value: value, start: start, end: lastEnd)
    }

    private mutating func scopeElement() throws(CedarError) -> PolicySyntax.ScopeElement {
        let variable = try identifier("`principal`, `action` or `resource`")
        var typeAnnotation: NameSyntax?
        if take(.colon) { typeAnnotation = try name() }
        var entityType: Syntax?
        if takeWord("is") { entityType = try sum() }
        var relation: (RelationOperator, Syntax)?
        if let sign = relationOperator() {
            at += 1
            relation = (sign, try expression())
        }
        return PolicySyntax.ScopeElement(
            variable: variable, typeAnnotation: typeAnnotation, entityType: entityType, relation: relation,
            start: variable.start, end: lastEnd)
    }

    private mutating func condition() throws(CedarError) -> PolicySyntax.Condition {
        let keyword = try identifier("`when` or `unless`")
        try expect(.leftBrace, "`{`")
        let body = kind == .rightBrace ? nil : try expression()
        try expect(.rightBrace, "`}`")
        return PolicySyntax.Condition(keyword: keyword, body: body, start: keyword.start, end: lastEnd)
    }
}

// MARK: Tokens

extension PolicyParser {
    var token: Token { tokens[at] }
    var kind: Token.Kind { tokens[at].kind }
    /// End of the token read last.
    var lastEnd: Int { at > 0 ? tokens[at - 1].end : 0 }

    func isWord(_ word: StaticString) -> Bool {
        guard kind == .word, token.end - token.start == word.utf8CodeUnitCount else { return false }
        return bytes[token.start..<token.end].elementsEqual("\(word)".utf8)
    }

    mutating func take(_ wanted: Token.Kind) -> Bool {
        guard kind == wanted else { return false }
        at += 1
        return true
    }

    mutating func takeWord(_ word: StaticString) -> Bool {
        guard isWord(word) else { return false }
        at += 1
        return true
    }

    mutating func expect(_ wanted: Token.Kind, _ what: String) throws(CedarError) {
        guard take(wanted) else { throw unexpected(what) }
    }

    mutating func identifier(_ what: String) throws(CedarError) -> IdentifierSyntax {
        guard kind == .word else { throw unexpected(what) }
        defer { at += 1 }
        return IdentifierSyntax(text: text(token.start..<token.end), start: token.start, end: token.end)
    }

    mutating func string(_ what: String) throws(CedarError) -> StringSyntax {
        guard kind == .string else { throw unexpected(what) }
        defer { at += 1 }
        return StringSyntax(start: token.start, end: token.end)
    }

    mutating func name() throws(CedarError) -> NameSyntax {
        var parts = [try identifier("a name")]
        while kind == .doubleColon, tokens[at + 1].kind == .word {
            at += 1
            parts.append(try identifier("a name"))
        }
        return NameSyntax(path: Array(parts.dropLast()), name: parts[parts.count - 1])
    }

    func relationOperator() -> RelationOperator? {
        switch kind {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .assign: .assign
        case .word: isWord("in") ? .in : nil
        default: nil
        }
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func failure(_ message: String, code: CedarError.Code = .parse, at offset: Int? = nil) -> CedarError {
        CedarError(code, message, at: SourcePosition(offset: offset ?? token.start, in: bytes))
    }

    func unexpected(_ expected: String) -> CedarError {
        if kind == .end { return failure("unexpected end of input, expected \(expected)") }
        return failure("unexpected token `\(text(token.start..<token.end))`, expected \(expected)")
    }
}
