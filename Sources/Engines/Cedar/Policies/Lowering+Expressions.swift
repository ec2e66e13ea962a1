extension Lowering {
    func expression(_ syntax: Syntax) throws(CedarError) -> Expression {
        let span = syntax.start..<syntax.end
        switch syntax.kind {
        case .ifThenElse(let test, let first, let second):
            let test = try expression(test)
            let first = try expression(first)
            return Expression(.ifThenElse(test, then: first, else: try expression(second)), span: span)
        case .or(let list): return Expression(.or(try expressions(list)), span: span)
        case .and(let list): return Expression(.and(try expressions(list)), span: span)
        case .relation(let left, let rest): return try relation(left, rest, span)
        case .has(let target, let field):
            return Expression(.hasAttribute(try expression(target), try hasPath(field)), span: span)
        case .like(let target, let pattern):
            return Expression(.like(try expression(target), try self.pattern(pattern)), span: span)
        case .isType(let target, let type, let container):
            let target = try expression(target)
            let type = try typeName(type)
            let container = try container.map { (container) throws(CedarError) in try expression(container) }
            return Expression(.isType(target, type, in: container), span: span)
        case .add(let first, let rest): return try sum(first, rest, span)
        case .multiply(let first, let rest): return try product(first, rest, span)
        case .unary(let sign, let count, let operand): return try unary(sign, count, operand, span)
        case .member(let item, let accesses): return try member(item, accesses, span)
        case .parentheses(let inner): return try expression(inner)
        default: return try primary(syntax, span)
        }
    }

    private func primary(_ syntax: Syntax, _ span: Range<Int>) throws(CedarError) -> Expression {
        switch syntax.kind {
        case .bool(let value): return Expression(.bool(value), span: span)
        case .number(let value):
            guard let value = Int64(exactly: value) else {
                throw failure("integer `\(value)` is too large", syntax.start)
            }
            return Expression(.long(value), span: span)
        case .string(let range): return Expression(.string(try text(range)), span: span)
        case .entity(let name, let id): return Expression(.entity(try entity(name, id)), span: span)
        case .slot(let name): throw failure("the slot `\(name)` can stand in the scope only", syntax.start)
        case .list(let items): return Expression(.set(try expressions(items)), span: span)
        case .record(let pairs): return try record(pairs, span)
        case .name(let name):
            if let variable = variable(name) { return Expression(.variable(variable), span: span) }
            throw failure("`\(try typeName(name))` is no variable: there are principal, action, resource and context", syntax.start)
        default: throw failure("expected an expression", syntax.start)
        }
    }

    private func expressions(_ list: [Syntax]) throws(CedarError) -> [Expression] {
        var result: [Expression] = []
        result.reserveCapacity(list.count)
        for syntax in list { result.append(try expression(syntax)) }
        return result
    }

    private func variable(_ name: NameSyntax) -> Variable? {
        name.path.isEmpty ? Variable(rawValue: name.name.text) : nil
    }

    private func relation(
        _ left: Syntax, _ rest: [(RelationOperator, Syntax)], _ span: Range<Int>
    ) throws(CedarError) -> Expression {
        guard rest.count == 1 else {
            throw failure("relations do not chain: `a == b == c` needs parentheses", rest[1].1.start)
        }
        let (sign, right) = rest[0]
        guard let binary = BinaryOperator(rawValue: sign.rawValue) else {
            throw failure("`=` is no operator, use `==`", left.end)
        }
        let leftExpression = try expression(left)
        return Expression(.binary(binary, leftExpression, try expression(right)), span: span)
    }

    /// What follows `has`: a string, or names joined by dots.
    private func hasPath(_ syntax: Syntax) throws(CedarError) -> [Text] {
        switch syntax.kind {
        case .string(let range): return [try text(range)]
        case .name(let name): return [Text(try attributeName(name))]
        case .member(let item, let accesses):
            guard case .name(let name) = item.kind else { break }
            var path = [Text(try attributeName(name))]
            for access in accesses {
                guard case .field(let field) = access.kind else {
                    throw failure("`has` takes names joined by dots", access.start)
                }
                path.append(Text(try unreserved(field)))
            }
            return path
        case .bool: throw failure("`\(source.slice(syntax.start..<syntax.end))` is reserved, use a string", syntax.start)
        default: break
        }
        throw failure("`has` takes the name of an attribute or a string", syntax.start)
    }

    private func attributeName(_ name: NameSyntax) throws(CedarError) -> String {
        guard name.path.isEmpty else { throw failure("`\(name.text)` is no attribute", name.start) }
        return try typeName(name)
    }

    private func unreserved(_ identifier: IdentifierSyntax) throws(CedarError) -> String {
        guard !Identifiers.reserved.contains(identifier.text) else {
            throw failure("`\(identifier.text)` is reserved: write `[\"\(identifier.text)\"]`", identifier.start)
        }
        return identifier.text
    }

    private func pattern(_ syntax: Syntax) throws(CedarError) -> Pattern {
        guard case .string(let range) = syntax.kind else {
            throw failure("`like` takes a string as its pattern", syntax.start)
        }
        do {
            let elements = try Escaping.elements(of: source.bytes[range])
            return Pattern(elements.map { element, _ in Self.patternElement(element) })
        } catch {
            throw failure(error.message, range.lowerBound + error.offset)
        }
    }

    /// A star is a wildcard unless it is written `\*`; one written `\u{2a}` is a wildcard too.
    private static func patternElement(_ element: Escaping.Element) -> Pattern.Element {
        switch element {
        case .escapedStar: .scalar("*")
        case .scalar("*"): .wildcard
        case .scalar(let scalar): .scalar(scalar)
        }
    }

    private func sum(_ first: Syntax, _ rest: [(AddOperator, Syntax)], _ span: Range<Int>) throws(CedarError) -> Expression {
        let first = try expression(first)
        var terms: [(isMinus: Bool, Expression)] = []
        for (sign, term) in rest { terms.append((sign == .minus, try expression(term))) }
        return Expression(.sum(first, terms), span: span)
    }

    private func product(
        _ first: Syntax, _ rest: [(MultiplyOperator, Syntax)], _ span: Range<Int>
    ) throws(CedarError) -> Expression {
        var factors = [try expression(first)]
        for (sign, factor) in rest {
            guard sign == .times else {
                throw failure("Cedar has no `\(sign.rawValue)`", factor.start)
            }
            factors.append(try expression(factor))
        }
        return Expression(.product(factors), span: span)
    }

    private func unary(
        _ sign: UnarySign, _ count: Int, _ operand: Syntax, _ span: Range<Int>
    ) throws(CedarError) -> Expression {
        var count = count
        var result: Expression
        if sign == .minus, case .number(let value) = operand.kind {
            guard value <= UInt64(Int64.max) + 1 else {
                throw failure("integer `-\(value)` is too small", operand.start)
            }
            result = Expression(.long(Int64(truncatingIfNeeded: 0 &- value)), span: operand.start..<operand.end)
            count -= 1
        } else {
            result = try expression(operand)
        }
        for _ in 0..<count { result = Expression(.unary(sign == .not ? .not : .negate, result), span: span) }
        return result
    }

    private func record(_ pairs: [(Syntax, Syntax)], _ span: Range<Int>) throws(CedarError) -> Expression {
        var result: [(Text, Expression)] = []
        var seen: Set<Text> = []
        for (key, value) in pairs {
            let name = try recordKey(key)
            guard seen.insert(name).inserted else { throw failure("duplicate key `\(name)` in a record", key.start) }
            result.append((name, try expression(value)))
        }
        return Expression(.record(result.sorted { $0.0 < $1.0 }), span: span)
    }

    private func recordKey(_ key: Syntax) throws(CedarError) -> Text {
        switch key.kind {
        case .string(let range): return try text(range)
        case .name(let name): return Text(try attributeName(name))
        default: throw failure("a key is a name or a string", key.start)
        }
    }
}

// MARK: Accesses and calls

extension Lowering {
    private func member(_ item: Syntax, _ accesses: [Syntax.Access], _ span: Range<Int>) throws(CedarError) -> Expression {
        var rest = accesses[...]
        var head: Expression
        if case .name(let name) = item.kind, variable(name) == nil {
            guard case .call(let arguments)? = rest.first?.kind else {
                throw failure("`\(try typeName(name))` is no variable", item.start)
            }
            head = try functionCall(name, arguments, span)
            rest = rest.dropFirst()
        } else {
            head = try expression(item)
        }
        while let access = rest.popFirst() {
            switch access.kind {
            case .call: throw failure("functions cannot be values: a call needs a name before it", access.start)
            case .index(let index):
                guard case .string(let range) = index.kind else {
                    throw failure("an attribute between brackets is written as a string", index.start)
                }
                head = Expression(.attribute(head, try text(range)), span: span)
            case .field(let field):
                let name = try unreserved(field)
                if case .call(let arguments)? = rest.first?.kind {
                    rest = rest.dropFirst()
                    head = try methodCall(name, on: head, arguments, field.start, span)
                } else {
                    head = Expression(.attribute(head, Text(name)), span: span)
                }
            }
        }
        return head
    }

    private func functionCall(_ name: NameSyntax, _ arguments: [Syntax], _ span: Range<Int>) throws(CedarError) -> Expression {
        let text = try typeName(name)
        guard let function = ExtensionFunction(rawValue: text) else {
            if BuiltInMethod(rawValue: text) != nil { throw failure("`\(text)` is a method: write `e.\(text)(…)`", name.start) }
            throw failure("`\(text)` is no function", name.start)
        }
        guard !function.isMethod else { throw failure("`\(text)` is a method: write `e.\(text)(…)`", name.start) }
        return Expression(.call(function, try expressions(arguments)), span: span)
    }

    private func methodCall(
        _ name: String, on receiver: Expression, _ arguments: [Syntax], _ offset: Int, _ span: Range<Int>
    ) throws(CedarError) -> Expression {
        let arguments = try expressions(arguments)
        if let method = BuiltInMethod(rawValue: name) {
            guard arguments.count == method.argumentCount else {
                throw failure("`\(name)` takes \(method.argumentCount) arguments, not \(arguments.count)", offset)
            }
            guard let binary = BinaryOperator(rawValue: name) else {
                return Expression(.unary(.isEmpty, receiver), span: span)
            }
            return Expression(.binary(binary, receiver, arguments[0]), span: span)
        }
        guard let function = ExtensionFunction(rawValue: name) else {
            throw failure("`\(name)` is no method", offset)
        }
        guard function.isMethod else { throw failure("`\(name)` is a function: write `\(name)(…)`", offset) }
        return Expression(.call(function, [receiver] + arguments), span: span)
    }
}

/// The methods that are part of the language.
enum BuiltInMethod: String {
    case contains, containsAll, containsAny, isEmpty, getTag, hasTag

    var argumentCount: Int { self == .isEmpty ? 0 : 1 }
}
