/// The part of XPath 1.0 that rules use on request bodies: `/*`, `//@*`, `/a/b`, `//b/@c`, `text()`.
///
/// An expression is a list of steps, each for children (`/`) or all descendants (`//`), by name, `*`, `@name`, `@*` or `text()`; what the
/// last step finds is the text inside it. Anything else is an error when rules are read.
struct XPath: Sendable, Equatable {
    enum Test: Sendable, Equatable {
        case anyElement, anyAttribute, text
        case element(String), attribute(String)
    }

    struct Step: Sendable, Equatable {
        var isDescendant: Bool
        var test: Test
    }

    let source: String
    let steps: [Step]

    init(_ source: String, namespaces: [String: String]) throws(Complaint) {
        self.source = source
        var rest = Substring(source)
        var steps: [Step] = []
        while rest.hasPrefix("/") {
            let isDescendant = rest.hasPrefix("//")
            rest = rest.dropFirst(isDescendant ? 2 : 1)
            let name = rest.prefix { $0 != "/" }
            rest = rest.dropFirst(name.count)
            steps.append(Step(isDescendant: isDescendant, test: try XPath.test(String(name), source, namespaces)))
        }
        guard rest.isEmpty, !steps.isEmpty else { throw Complaint("XPath expression `\(source)` is not one of those that are understood") }
        for step in steps.dropLast() {
            switch step.test {
            case .element, .anyElement: break
            default: throw Complaint("XPath expression `\(source)` goes on behind an attribute or a text")
            }
        }
        self.steps = steps
    }

    private static func test(_ name: String, _ source: String, _ namespaces: [String: String]) throws(Complaint) -> Test {
        if name == "*" { return .anyElement }
        if name == "@*" { return .anyAttribute }
        if name == "text()" { return .text }
        let isAttribute = name.hasPrefix("@")
        let plain = isAttribute ? String(name.dropFirst()) : name
        guard !plain.isEmpty, plain.allSatisfy({ $0.isLetter || $0.isNumber || "_-.:".contains($0) }) else {
            throw Complaint("XPath expression `\(source)` is not one of those that are understood")
        }
        if let colon = plain.firstIndex(of: ":"), namespaces[String(plain[..<colon])] == nil {
            throw Complaint("prefix of `\(plain)` is not declared with `xmlns`")
        }
        let local = plain.split(separator: ":").last.map(String.init) ?? plain
        return isAttribute ? .attribute(local) : .element(local)
    }

    static func == (left: XPath, right: XPath) -> Bool { left.steps == right.steps }
}

extension XPath {
    /// The texts that the expression finds in a document, in document order.
    func values(in document: XMLDocumentTree, _ arena: Arena) -> [Slice] {
        var current = [0]
        for step in steps.dropLast() { current = current.flatMap { document.elements($0, step) } }
        guard let last = steps.last else { return [] }
        return current.flatMap { document.texts($0, last, arena) }
    }
}
