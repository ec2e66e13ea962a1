/// Makes documents of policy text, with the comments at their tokens.
struct DocumentBuilder {
    let bytes: [UInt8]
    let indent: Int
    var comments: CommentTable

    mutating func document(_ policy: PolicySyntax) -> Document {
        var annotations = Document.empty
        for annotation in policy.annotations { annotations += document(annotation) }
        let leading = comments.leading(at: policy.effect.start)
        let effect = document(policy.effect)
        let principal = document(policy.scope[0])
        let action = document(policy.scope[1])
        let resource = document(policy.scope[2])
        let isPlain = policy.scope.allSatisfy { $0.relation == nil && $0.entityType == nil }
        let separator: Document = isPlain ? .space : .hardLine
        var scope = principal + commented(",", comments.after(policy.scope[0].end), separator)
        scope += action + commented(",", comments.after(policy.scope[1].end), separator)
        scope += resource
        scope = isPlain ? scope.nested(indent).grouped : (.hardLine + scope).nested(indent) + .hardLine
        var conditions: [Document] = []
        for condition in policy.conditions { conditions.append(document(condition)) }
        let head = (effect + .line + commented("(", comments.after(policy.effect.end), .empty)).grouped
        let close = commented(")", comments.after(policy.scope[2].end), conditions.isEmpty ? .empty : .hardLine)
        return annotations + Self.lines(leading) + head + scope + close + .joined(conditions, .hardLine)
            + commented(";", comments.at(end: policy.end), .empty)
    }

    private mutating func document(_ annotation: PolicySyntax.Annotation) -> Document {
        let key = document(annotation.key)
        let at = commented("@", comments.at(start: annotation.start), .empty)
        guard let value = annotation.value else { return at + key + .hardLine }
        let open = commented("(", comments.after(annotation.key.end), .empty)
        let text = document(value)
        return at + key + open + text + commented(")", comments.at(end: annotation.end), .hardLine)
    }

    private mutating func document(_ element: PolicySyntax.ScopeElement) -> Document {
        let start = comments.at(start: element.start)
        let variable = Document.text(element.variable.text)
        var isDocument = Document.empty
        if let type = element.entityType {
            let keyword = (.line + commented("is", comments.after(element.variable.end), .empty)).grouped
            let name = commented(document(type), comments.at(start: type.start), .empty)
            isDocument = (keyword + (.line + name)).nested(indent).grouped
        }
        guard let (sign, right) = element.relation else { return commented(variable, start, .empty) + isDocument }
        let comment = comments.after(element.entityType?.end ?? element.variable.end)
        var left = variable + Self.trailing(start.trailing, .empty) + isDocument + .line
        left = (left + commented(sign.rawValue, comment, .empty)).grouped
        return Self.lines(start.leading) + (left + (.line + document(right)).nested(indent)).grouped
    }

    private mutating func document(_ condition: PolicySyntax.Condition) -> Document {
        let open = comments.after(condition.keyword.end)
        let close = comments.at(end: condition.end)
        let start = comments.at(start: condition.keyword.start)
        let closeDocument = commented("}", close, .empty)
        let keyword = document(condition.keyword)
        var inner = Document.empty
        if let body = condition.body {
            let leading = comments.leading(at: body.start)
            let content = document(body).grouped
            inner = Self.trailing(open.trailing, .line) + (Self.lines(leading) + content)
            inner = inner.nested(indent) + .line + closeDocument
        } else {
            inner = Self.trailing(open.trailing, .line) + closeDocument
        }
        let braces = Self.lines(open.leading) + (.text("{") + inner.grouped)
        return Self.lines(start.leading) + (keyword + Self.trailing(start.trailing, .line) + braces).grouped
    }

    // MARK: Comments

    mutating func document(_ identifier: IdentifierSyntax) -> Document {
        commented(identifier.text, comments.at(start: identifier.start), .empty)
    }

    mutating func document(_ string: StringSyntax) -> Document {
        commented(text(string.start..<string.end), comments.at(start: string.start), .empty)
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func commented(_ text: String, _ comment: TokenComment, _ next: Document) -> Document {
        commented(.text(text), comment, next)
    }

    func commented(_ document: Document, _ comment: TokenComment, _ next: Document) -> Document {
        Self.lines(comment.leading) + document + Self.trailing(comment.trailing, next)
    }

    static func lines(_ lines: [String]) -> Document {
        lines.isEmpty ? .empty : .hardLine + .joined(lines.map(Document.text), .hardLine) + .hardLine
    }

    static func trailing(_ comment: String, _ next: Document) -> Document {
        comment.isEmpty ? next : .space + .text(comment) + .hardLine
    }
}
