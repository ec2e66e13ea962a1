extension DocumentBuilder {
    mutating func document(_ syntax: Syntax) -> Document {
        switch syntax.kind {
        case .ifThenElse(let test, let first, let second): conditional(syntax, test, first, second)
        case .or(let list): chain(list, "||")
        case .and(let list): chain(list, "&&")
        default: relation(syntax)
        }
    }

    private mutating func conditional(_ syntax: Syntax, _ test: Syntax, _ first: Syntax, _ second: Syntax) -> Document {
        let ifComment = comments.at(start: syntax.start)
        let thenComment = comments.after(test.end)
        let elseComment = comments.after(first.end)
        var result = branch("if", ifComment, test) + .line
        result += branch("then", thenComment, first) + .line
        return (result + branch("else", elseComment, second)).grouped
    }

    private mutating func branch(_ keyword: String, _ comment: TokenComment, _ body: Syntax) -> Document {
        commented(keyword, comment, .empty) + (.line + document(body)).nested(indent)
    }

    private mutating func chain(_ list: [Syntax], _ sign: String) -> Document {
        var result = Document.empty
        for operand in list.dropLast() {
            let comment = comments.after(operand.end)
            let part = sign == "||" ? document(operand) : relation(operand)
            result += part + .space + commented(sign, comment, .line)
        }
        guard let last = list.last else { return result }
        return result + (sign == "||" ? document(last) : relation(last))
    }

    private mutating func relation(_ syntax: Syntax) -> Document {
        switch syntax.kind {
        case .relation(let left, let rest):
            let (sign, right) = rest[0]
            var result = sum(left) + .space
            result += commented(sign.rawValue, comments.after(left.end), .empty) + .space
            return result + sum(right)
        case .has(let target, let field): return word("has", target, field)
        case .like(let target, let pattern): return word("like", target, pattern)
        case .isType(let target, let type, let container):
            var result = sum(target) + .space
            result += commented("is", comments.after(target.end), .empty) + .space
            result += sum(type).nested(indent)
            if let container {
                result += .line + commented("in", comments.after(type.end), .empty) + .space
                result += sum(container).nested(indent)
            }
            return result.grouped
        default: return sum(syntax)
        }
    }

    private mutating func word(_ keyword: String, _ target: Syntax, _ right: Syntax) -> Document {
        var result = sum(target) + .line
        result += commented(keyword, comments.after(target.end), .empty) + .line
        return (result + sum(right).nested(indent)).grouped
    }

    private mutating func sum(_ syntax: Syntax) -> Document {
        guard case .add(let first, let rest) = syntax.kind else { return product(syntax).grouped }
        var result = product(first)
        var previous = first
        for (sign, term) in rest {
            result += .space + commented(sign.rawValue, comments.after(previous.end), .empty) + .line
            result += product(term)
            previous = term
        }
        return result.grouped
    }

    private mutating func product(_ syntax: Syntax) -> Document {
        guard case .multiply(let first, let rest) = syntax.kind else { return unary(syntax).grouped }
        var result = unary(first)
        var previous = first
        for (sign, factor) in rest {
            result += .space + commented(sign.rawValue, comments.after(previous.end), .empty) + .line
            result += unary(factor)
            previous = factor
        }
        return result.grouped
    }

    private mutating func unary(_ syntax: Syntax) -> Document {
        guard case .unary(let sign, _, let operand) = syntax.kind else { return member(syntax) }
        var result = Document.empty
        for comment in comments.within(syntax.start..<operand.start) {
            result += commented(sign.rawValue, comment, .empty)
        }
        return result + member(operand)
    }

    private mutating func member(_ syntax: Syntax) -> Document {
        guard case .member(let item, let accesses) = syntax.kind else { return primary(syntax).grouped }
        let head = primary(item)
        var tail: [Document] = []
        for access in accesses { tail.append(document(access)) }
        return (head + .joined(tail, .softLine).nested(indent)).grouped
    }

    private mutating func document(_ access: Syntax.Access) -> Document {
        let start = comments.at(start: access.start)
        switch access.kind {
        case .field(let field): return commented(".", start, .empty) + document(field)
        case .index(let index):
            let inner = document(index)
            return commented("[", start, .empty) + inner + commented("]", comments.at(end: access.end), .empty)
        case .call(let arguments):
            var inner = Document.empty
            if !arguments.isEmpty { inner = (.softLine + list(arguments)).nested(indent) + .softLine }
            return commented("(", start, .empty) + inner + commented(")", comments.at(end: access.end), .empty)
        }
    }

    /// Expressions with commas between them.
    private mutating func list(_ items: [Syntax]) -> Document {
        var result = document(items[0])
        for (index, item) in items.enumerated().dropFirst() {
            result += commented(",", comments.after(items[index - 1].end), .empty) + .line
            result += document(item)
        }
        return result
    }

    private mutating func primary(_ syntax: Syntax) -> Document {
        switch syntax.kind {
        case .name(let name): return document(name)
        case .entity(let name, let id):
            let path = document(name)
            let separator = commented("::", comments.after(name.end), .empty)
            return path + separator + document(id)
        case .parentheses(let inner):
            let open = commented("(", comments.at(start: syntax.start), .empty)
            let content = document(inner).nested(1)
            return (open + content + commented(")", comments.at(end: syntax.end), .empty)).grouped
        case .list(let items):
            let content = items.isEmpty ? Document.empty : list(items)
            return brackets("[", content.nested(1), "]", syntax)
        case .record(let pairs):
            let content = pairs.isEmpty ? Document.empty : (.line + record(pairs) + .line).grouped
            return brackets("{", content.nested(indent), "}", syntax)
        case .number(let value): return commented(String(value), comments.at(start: syntax.start), .empty)
        default:
            return commented(text(syntax.start..<syntax.end), comments.at(start: syntax.start), .empty)
        }
    }

    private mutating func brackets(_ open: String, _ content: Document, _ close: String, _ syntax: Syntax) -> Document {
        let opening = commented(open, comments.at(start: syntax.start), .empty)
        return opening + content + commented(close, comments.at(end: syntax.end), .empty)
    }

    private mutating func record(_ pairs: [(Syntax, Syntax)]) -> Document {
        var result = document(pairs[0])
        for (index, pair) in pairs.enumerated().dropFirst() {
            result += commented(",", comments.after(pairs[index - 1].1.end), .empty) + .line
            result += document(pair)
        }
        return result
    }

    private mutating func document(_ pair: (Syntax, Syntax)) -> Document {
        let key = document(pair.0)
        let value = document(pair.1)
        return key + commented(":", comments.after(pair.0.end), .empty) + .space + value
    }

    private mutating func document(_ name: NameSyntax) -> Document {
        guard let first = name.path.first else { return document(name.name) }
        var result = document(first)
        for (index, part) in name.path.enumerated().dropFirst() {
            result += commented("::", comments.after(name.path[index - 1].end), .empty)
            result += document(part)
        }
        result += commented("::", comments.after(name.path[name.path.count - 1].end), .empty)
        return result + document(name.name)
    }
}
