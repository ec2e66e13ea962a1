extension PolicyParser {
    /// An expression, one level deeper.
    mutating func expression() throws(CedarError) -> Syntax {
        guard depth < limits.depth else {
            throw failure("expressions nested deeper than \(limits.depth)", code: .limit)
        }
        depth += 1
        defer { depth -= 1 }
        return isWord("if") && tokens[at + 1].kind != .doubleColon ? try conditional() : try disjunction()
    }

    private mutating func conditional() throws(CedarError) -> Syntax {
        let start = token.start
        at += 1
        let test = try expression()
        guard takeWord("then") else { throw unexpected("`then`") }
        let first = try expression()
        guard takeWord("else") else { throw unexpected("`else`") }
        let second = try expression()
        return Syntax(.ifThenElse(test, then: first, else: second), start: start, end: lastEnd)
    }

    private mutating func disjunction() throws(CedarError) -> Syntax {
        let first = try conjunction()
        guard kind == .or else { return first }
        var operands = [first]
        while take(.or) {
            operands.append(try conjunction())
            try checkChain(operands.count)
        }
        return Syntax(.or(operands), start: first.start, end: lastEnd)
    }

    private mutating func conjunction() throws(CedarError) -> Syntax {
        let first = try relation()
        guard kind == .and else { return first }
        var operands = [first]
        while take(.and) {
            operands.append(try relation())
            try checkChain(operands.count)
        }
        return Syntax(.and(operands), start: first.start, end: lastEnd)
    }

    private func checkChain(_ count: Int) throws(CedarError) {
        guard count <= limits.chain else {
            throw failure("a chain of more than \(limits.chain) operands", code: .limit)
        }
    }

    private mutating func relation() throws(CedarError) -> Syntax {
        let left = try sum()
        if takeWord("has") {
            let field = try sum()
            return Syntax(.has(left, field), start: left.start, end: lastEnd)
        }
        if takeWord("like") {
            let pattern = try sum()
            return Syntax(.like(left, pattern), start: left.start, end: lastEnd)
        }
        if takeWord("is") {
            let type = try sum()
            let container = takeWord("in") ? try sum() : nil
            return Syntax(.isType(left, type, in: container), start: left.start, end: lastEnd)
        }
        var rest: [(RelationOperator, Syntax)] = []
        while let sign = relationOperator() {
            at += 1
            rest.append((sign, try sum()))
        }
        return rest.isEmpty ? left : Syntax(.relation(left, rest), start: left.start, end: lastEnd)
    }

    /// Terms joined by `+` and `-`.
    mutating func sum() throws(CedarError) -> Syntax {
        let first = try product()
        var rest: [(AddOperator, Syntax)] = []
        while kind == .plus || kind == .minus {
            let sign: AddOperator = kind == .plus ? .plus : .minus
            at += 1
            rest.append((sign, try product()))
            try checkChain(rest.count)
        }
        return rest.isEmpty ? first : Syntax(.add(first, rest), start: first.start, end: lastEnd)
    }

    private mutating func product() throws(CedarError) -> Syntax {
        let first = try unary()
        var rest: [(MultiplyOperator, Syntax)] = []
        while kind == .star || kind == .slash || kind == .percent {
            let sign: MultiplyOperator = kind == .star ? .times : kind == .slash ? .divide : .modulo
            at += 1
            rest.append((sign, try unary()))
            try checkChain(rest.count)
        }
        return rest.isEmpty ? first : Syntax(.multiply(first, rest), start: first.start, end: lastEnd)
    }

    private mutating func unary() throws(CedarError) -> Syntax {
        let start = token.start
        guard kind == .bang || kind == .minus else { return try member() }
        let sign = kind
        var count = 0
        while take(sign) { count += 1 }
        guard count <= 4 else {
            throw failure("more than four `\(sign == .bang ? "!" : "-")` in a row", at: start)
        }
        let operand = try member()
        return Syntax(.unary(sign == .bang ? .not : .minus, count: count, operand), start: start, end: lastEnd)
    }

    private mutating func member() throws(CedarError) -> Syntax {
        let item = try primary()
        var accesses: [Syntax.Access] = []
        while let access = try self.access() {
            accesses.append(access)
            guard accesses.count <= limits.depth else {
                throw failure("expressions nested deeper than \(limits.depth)", code: .limit, at: access.start)
            }
        }
        return accesses.isEmpty ? item : Syntax(.member(item, accesses), start: item.start, end: lastEnd)
    }

    private mutating func access() throws(CedarError) -> Syntax.Access? {
        let start = token.start
        switch kind {
        case .dot:
            at += 1
            let field = try identifier("the name of an attribute or method")
            return Syntax.Access(kind: .field(field), start: start, end: lastEnd)
        case .leftParenthesis:
            at += 1
            let arguments = try list(until: .rightParenthesis, "`)`")
            return Syntax.Access(kind: .call(arguments), start: start, end: lastEnd)
        case .leftBracket:
            at += 1
            let index = try expression()
            try expect(.rightBracket, "`]`")
            return Syntax.Access(kind: .index(index), start: start, end: lastEnd)
        default: return nil
        }
    }

    private mutating func list(until end: Token.Kind, _ what: String) throws(CedarError) -> [Syntax] {
        var items: [Syntax] = []
        while kind != end {
            items.append(try expression())
            guard take(.comma) else { break }
        }
        try expect(end, what)
        return items
    }

    private mutating func primary() throws(CedarError) -> Syntax {
        let start = token.start
        switch kind {
        case .word: return try named()
        case .number:
            guard let value = UInt64(text(token.start..<token.end)) else {
                throw failure("integer `\(text(token.start..<token.end))` is too large")
            }
            at += 1
            return Syntax(.number(value), start: start, end: lastEnd)
        case .string:
            at += 1
            return Syntax(.string(start + 1..<lastEnd - 1), start: start, end: lastEnd)
        case .slot:
            at += 1
            return Syntax(.slot(text(start..<lastEnd)), start: start, end: lastEnd)
        case .leftParenthesis:
            at += 1
            let inner = try expression()
            try expect(.rightParenthesis, "`)`")
            return Syntax(.parentheses(inner), start: start, end: lastEnd)
        case .leftBracket:
            at += 1
            let items = try list(until: .rightBracket, "`]`")
            return Syntax(.list(items), start: start, end: lastEnd)
        case .leftBrace: return try record()
        default: throw unexpected("an expression")
        }
    }

    /// `true`, `A::B`, `A::B::"id"`.
    private mutating func named() throws(CedarError) -> Syntax {
        let start = token.start
        if tokens[at + 1].kind != .doubleColon {
            if takeWord("true") { return Syntax(.bool(true), start: start, end: lastEnd) }
            if takeWord("false") { return Syntax(.bool(false), start: start, end: lastEnd) }
            if isWord("if") { throw unexpected("an expression") }
        }
        let name = try name()
        guard take(.doubleColon) else { return Syntax(.name(name), start: start, end: lastEnd) }
        guard kind != .leftBrace else {
            throw failure("an entity needs a string as its id, as in `\(name.text)::\"id\"`")
        }
        let id = try string("a name or the id of an entity")
        return Syntax(.entity(name, id), start: start, end: lastEnd)
    }

    private mutating func record() throws(CedarError) -> Syntax {
        let start = token.start
        at += 1
        var pairs: [(Syntax, Syntax)] = []
        while kind != .rightBrace {
            let key = try expression()
            try expect(.colon, "`:`")
            pairs.append((key, try expression()))
            guard take(.comma) else { break }
        }
        try expect(.rightBrace, "`}`")
        return Syntax(.record(pairs), start: start, end: lastEnd)
    }
}
