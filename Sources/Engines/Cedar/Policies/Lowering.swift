/// Makes policies of policy text: what the grammar admits and the language refuses is refused here.
struct Lowering {
    let source: SourceText
    var limits = CedarLimits()

    func policy(_ syntax: PolicySyntax) throws(CedarError) -> Policy {
        guard let effect = Effect(rawValue: syntax.effect.text) else {
            throw failure("a policy begins with `permit` or `forbid`, not `\(syntax.effect.text)`", syntax.effect.start)
        }
        let annotations = try annotations(syntax.annotations)
        guard syntax.scope.count == 3 else {
            let at = syntax.scope.count > 3 ? syntax.scope[3].start : syntax.effect.start
            throw failure("a scope has principal, action and resource, in this order", at)
        }
        let principal = try scope(syntax.scope[0], expected: .principal)
        let action = try actionScope(syntax.scope[1])
        let resource = try scope(syntax.scope[2], expected: .resource)
        var conditions: [Condition] = []
        for condition in syntax.conditions { conditions.append(try self.condition(condition)) }
        return Policy(
            annotations: annotations, effect: effect, principal: principal, action: action, resource: resource,
            conditions: conditions, source: Policy.Source(text: source, span: syntax.start..<syntax.end))
    }

    private func annotations(_ list: [PolicySyntax.Annotation]) throws(CedarError) -> [(key: String, value: Text?)] {
        var result: [(key: String, value: Text?)] = []
        var seen: Set<String> = []
        for annotation in list {
            guard seen.insert(annotation.key.text).inserted else {
                throw failure("duplicate annotation `@\(annotation.key.text)`", annotation.start)
            }
            let value = try annotation.value.map { (value) throws(CedarError) in try text(value.inner) }
            result.append((annotation.key.text, value))
        }
        return result
    }

    private func condition(_ syntax: PolicySyntax.Condition) throws(CedarError) -> Condition {
        guard syntax.keyword.text == "when" || syntax.keyword.text == "unless" else {
            throw failure("a clause begins with `when` or `unless`, not `\(syntax.keyword.text)`", syntax.start)
        }
        guard let body = syntax.body else { throw failure("`\(syntax.keyword.text)` has no condition", syntax.start) }
        let expression = try expression(body)
        guard expression.depth <= limits.depth else {
            throw CedarError(.limit, "expressions nested deeper than \(limits.depth)", at: source.position(of: body.start))
        }
        return Condition(isWhen: syntax.keyword.text == "when", body: expression)
    }

    func text(_ range: Range<Int>) throws(CedarError) -> Text {
        do {
            return Text(try Escaping.unescape(source.bytes[range]))
        } catch {
            throw failure(error.message, range.lowerBound + error.offset)
        }
    }

    func failure(_ message: String, _ offset: Int) -> CedarError {
        CedarError(.parse, message, at: source.position(of: offset))
    }
}

// MARK: Scopes

extension Lowering {
    private func scope(_ element: PolicySyntax.ScopeElement, expected: Variable) throws(CedarError) -> ScopeConstraint {
        try check(element, expected)
        let type = try element.entityType.map { (type) throws(CedarError) in try typeName(type) }
        guard let (sign, right) = element.relation else { return type.map(ScopeConstraint.isType) ?? .any }
        let reference = try reference(right, expected)
        switch (sign, type) {
        case (.equal, nil): return .equal(reference)
        case (.in, nil): return .in(reference)
        case (.in, let type?): return .isTypeIn(type, reference)
        case (.equal, _): throw failure("`is` and `==` cannot stand together in a scope", element.start)
        default: throw failure("a scope knows `==`, `in` and `is`, not `\(sign.rawValue)`", element.start)
        }
    }

    private func actionScope(_ element: PolicySyntax.ScopeElement) throws(CedarError) -> ActionConstraint {
        try check(element, .action)
        guard element.entityType == nil else { throw failure("`is` cannot stand in the scope of the action", element.start) }
        guard let (sign, right) = element.relation else { return .any }
        let inner = Self.unwrapped(right)
        let constraint: ActionConstraint
        switch (sign, inner.kind) {
        case (.in, .list(let items)):
            var list: [EntityUID] = []
            for item in items { list.append(try entity(item)) }
            constraint = .in(list)
        case (.in, _): constraint = .in([try entity(right)])
        case (.equal, _): constraint = .equal(try entity(right))
        default: throw failure("the scope of the action knows `==` and `in`, not `\(sign.rawValue)`", element.start)
        }
        if let other = constraint.entities.first(where: { !$0.isAction }) {
            throw failure("`\(other)` is no action: its type must be `Action`", right.start)
        }
        return constraint
    }

    private func check(_ element: PolicySyntax.ScopeElement, _ expected: Variable) throws(CedarError) {
        guard element.variable.text == expected.rawValue else {
            throw failure("expected `\(expected.rawValue)`, found `\(element.variable.text)`", element.start)
        }
        if let type = element.typeAnnotation {
            throw failure("a type after `:` is not supported, use `is \(type.text)`", type.start)
        }
    }

    private func reference(_ syntax: Syntax, _ variable: Variable) throws(CedarError) -> EntityReference {
        let inner = Self.unwrapped(syntax)
        guard case .slot(let name) = inner.kind else { return .entity(try entity(syntax)) }
        guard name == "?" + variable.rawValue else {
            throw failure("expected an entity or `?\(variable.rawValue)`, found `\(name)`", inner.start)
        }
        return .slot
    }

    private func entity(_ syntax: Syntax) throws(CedarError) -> EntityUID {
        let inner = Self.unwrapped(syntax)
        guard case .entity(let name, let id) = inner.kind else {
            throw failure("expected an entity such as `User::\"alice\"`", inner.start)
        }
        return try entity(name, id)
    }

    func entity(_ name: NameSyntax, _ id: StringSyntax) throws(CedarError) -> EntityUID {
        EntityUID(type: Text(try typeName(name)), id: try text(id.inner))
    }

    func typeName(_ name: NameSyntax) throws(CedarError) -> String {
        for part in name.path + [name.name] where Identifiers.reserved.contains(part.text) {
            throw failure("`\(part.text)` is reserved and cannot be a name", part.start)
        }
        return name.text
    }

    /// The type after `is`: a bare name.
    func typeName(_ syntax: Syntax) throws(CedarError) -> Text {
        guard case .name(let name) = syntax.kind else { throw failure("expected the name of an entity type", syntax.start) }
        return Text(try typeName(name))
    }

    private static func unwrapped(_ syntax: Syntax) -> Syntax {
        var syntax = syntax
        while case .parentheses(let inner) = syntax.kind { syntax = inner }
        return syntax
    }
}
