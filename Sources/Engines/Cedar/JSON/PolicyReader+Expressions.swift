internal import StrictJSON

extension PolicyReader {
    /// An expression: an object with one key.
    func expression(_ node: JSONNode, _ depth: Int) throws(CedarError) -> Expression {
        guard depth < limits.depth else {
            throw CedarError(.limit, "expressions nested deeper than \(limits.depth)", at: read.failure("", node).position)
        }
        guard node.kind == .object, node.count == 1, let member = node.members.first(where: { _ in true }) else {
            throw read.failure("an expression is an object with exactly one key", node)
        }
        let body = member.value
        let depth = depth + 1
        switch member.name {
        case "Value": return try literal(body)
        case "Var":
            guard let variable = body.string.flatMap(Variable.init) else { throw read.failure("this is no variable", body) }
            return Expression(.variable(variable))
        case "Slot": throw read.failure("a slot can stand in the scope only", body)
        case "&&", "||", "*": return try chain(member.name, node, depth)
        case "+", "-": return try sum(node, depth)
        case "!", "neg", "isEmpty":
            try read.onlyKeys(try read.object(body, "`\(member.name)`"), ["arg"], "`\(member.name)`")
            guard let sign = UnaryOperator(rawValue: member.name) else { break }
            return Expression(.unary(sign, try expression(try self.member(body, "arg"), depth)))
        case ".", "has", "like", "is": return try access(member.name, body, depth)
        case "if-then-else":
            try read.onlyKeys(try read.object(body, "`if-then-else`"), ["if", "then", "else"], "`if-then-else`")
            let test = try expression(try self.member(body, "if"), depth)
            let first = try expression(try self.member(body, "then"), depth)
            return Expression(.ifThenElse(test, then: first, else: try expression(try self.member(body, "else"), depth)))
        case "Set": return Expression(.set(try list(body, depth)))
        case "Record":
            var pairs: [(Text, Expression)] = []
            for pair in try read.object(body, "`Record`").members {
                pairs.append((Text(pair.name), try expression(pair.value, depth)))
            }
            return Expression(.record(pairs.sorted { $0.0 < $1.0 }))
        default: break
        }
        if let sign = BinaryOperator(rawValue: member.name) {
            let (left, right) = try operands(body, member.name)
            let leftExpression = try expression(left, depth)
            return Expression(.binary(sign, leftExpression, try expression(right, depth)))
        }
        guard let function = ExtensionFunction(rawValue: member.name) else {
            throw read.failure("`\(member.name)` is no expression", body)
        }
        return Expression(.call(function, try list(body, depth)))
    }

    private func list(_ node: JSONNode, _ depth: Int) throws(CedarError) -> [Expression] {
        var items: [Expression] = []
        for item in try read.array(node, "this") { items.append(try expression(item, depth)) }
        return items
    }

    private func operands(_ node: JSONNode, _ what: String) throws(CedarError) -> (JSONNode, JSONNode) {
        try read.onlyKeys(try read.object(node, "`\(what)`"), ["left", "right"], "`\(what)`")
        return (try member(node, "left"), try member(node, "right"))
    }

    /// `a && b && c` is written as `(a && b) && c`; the list is read without recursion on the left.
    private func chain(_ key: String, _ node: JSONNode, _ depth: Int) throws(CedarError) -> Expression {
        var rights: [JSONNode] = []
        var first = node
        while first.count == 1, let body = first[key] {
            let (left, right) = try operands(body, key)
            rights.append(right)
            first = left
            try checkChain(rights.count, node)
        }
        var list = [try expression(first, depth)]
        for right in rights.reversed() { list.append(try expression(right, depth)) }
        return Expression(key == "&&" ? .and(list) : key == "||" ? .or(list) : .product(list))
    }

    private func sum(_ node: JSONNode, _ depth: Int) throws(CedarError) -> Expression {
        var rights: [(Bool, JSONNode)] = []
        var first = node
        while first.count == 1, let body = first["+"] ?? first["-"] {
            let isMinus = first["-"] != nil
            let (left, right) = try operands(body, isMinus ? "-" : "+")
            rights.append((isMinus, right))
            first = left
            try checkChain(rights.count, node)
        }
        let head = try expression(first, depth)
        var terms: [(isMinus: Bool, Expression)] = []
        for (isMinus, right) in rights.reversed() { terms.append((isMinus, try expression(right, depth))) }
        return Expression(.sum(head, terms))
    }

    private func checkChain(_ count: Int, _ node: JSONNode) throws(CedarError) {
        guard count <= limits.chain else {
            throw CedarError(.limit, "a chain of more than \(limits.chain) operands", at: read.failure("", node).position)
        }
    }

    private func access(_ key: String, _ body: JSONNode, _ depth: Int) throws(CedarError) -> Expression {
        let keys = key == "like" ? ["left", "pattern"] : key == "is" ? ["left", "entity_type", "in"] : ["left", "attr"]
        try read.onlyKeys(try read.object(body, "`\(key)`"), keys, "`\(key)`")
        let left = try expression(try member(body, "left"), depth)
        switch key {
        case ".":
            return Expression(.attribute(left, Text(try read.string(try member(body, "attr"), "`attr`"))))
        case "has": return has(left, try path(try member(body, "attr")))
        case "like": return Expression(.like(left, try pattern(try member(body, "pattern"))))
        default:
            let type = try typeName(try member(body, "entity_type"))
            let container = try body["in"].map { (node) throws(CedarError) in try expression(node, depth) }
            return Expression(.isType(left, type, in: container))
        }
    }

    private func path(_ node: JSONNode) throws(CedarError) -> [Text] {
        guard node.kind == .array else { return [Text(try read.string(node, "`attr`"))] }
        var names: [Text] = []
        for element in node.elements { names.append(Text(try read.string(element, "`attr`"))) }
        guard !names.isEmpty else { throw read.failure("`attr` must not be empty", node) }
        return names
    }

    /// A path that Cedar text cannot say is taken apart.
    private func has(_ left: Expression, _ path: [Text]) -> Expression {
        if path.count == 1 || path.allSatisfy({ Identifiers.isIdentifier($0.string) }) {
            return Expression(.hasAttribute(left, path))
        }
        var owner = left
        var tests: [Expression] = []
        for name in path {
            tests.append(Expression(.hasAttribute(owner, [name])))
            owner = Expression(.attribute(owner, name))
        }
        return Expression(.and(tests))
    }

    private func pattern(_ node: JSONNode) throws(CedarError) -> Pattern {
        var elements: [Pattern.Element] = []
        for element in try read.array(node, "`pattern`") {
            if element.string == "Wildcard" {
                elements.append(.wildcard)
            } else if element.count == 1, let text = element["Literal"]?.string {
                elements += text.unicodeScalars.map(Pattern.Element.scalar)
            } else {
                throw read.failure("an element of a pattern is `\"Wildcard\"` or `{\"Literal\": …}`", element)
            }
        }
        return Pattern(elements)
    }

    /// A value as an expression. Calls of extension functions stay calls: a wrong argument is an error of the evaluation.
    private func literal(_ node: JSONNode) throws(CedarError) -> Expression {
        if node.kind == .array {
            var items: [Expression] = []
            for element in node.elements { items.append(try literal(element)) }
            return Expression(.set(items))
        }
        guard node.kind == .object else { return try scalar(node) }
        if node.count == 1 {
            if let inner = node["__extn"], let call = try call(inner) { return call }
            if node["__entity"] != nil || node["__expr"] != nil { return try scalar(node) }
        }
        return try record(node)
    }

    private func record(_ node: JSONNode) throws(CedarError) -> Expression {
        var pairs: [(Text, Expression)] = []
        for member in node.members { pairs.append((Text(member.name), try literal(member.value))) }
        return Expression(.record(pairs.sorted { $0.0 < $1.0 }))
    }

    private func scalar(_ node: JSONNode) throws(CedarError) -> Expression {
        switch try values.value(node) {
        case .bool(let value): Expression(.bool(value))
        case .long(let value): Expression(.long(value))
        case .string(let text): Expression(.string(text))
        case .entity(let uid): Expression(.entity(uid))
        default: try record(node)
        }
    }

    private func call(_ node: JSONNode) throws(CedarError) -> Expression? {
        guard let name = node["fn"]?.string else { return nil }
        let arguments: [JSONNode]
        if let argument = node["arg"] {
            arguments = [argument]
        } else if let list = node["args"], list.kind == .array {
            arguments = Array(list.elements)
        } else {
            return nil
        }
        guard let function = ExtensionFunction(rawValue: name) else { throw read.failure("`\(name)` is no extension function", node) }
        var list: [Expression] = []
        for argument in arguments { list.append(try literal(argument)) }
        return Expression(.call(function, list))
    }
}
