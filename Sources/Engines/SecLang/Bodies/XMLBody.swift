/// A document read from a request's body: elements, attributes and text. Node 0 is the document itself.
struct XMLDocumentTree {
    struct Node {
        /// Without its prefix; empty for a text.
        var name: Slice
        var text = Slice.empty
        var isText = false
        var attributes: [(name: Slice, value: Slice)] = []
        var children: [Int] = []
    }

    fileprivate(set) var nodes = [Node(name: .empty)]

    /// The elements that a step of an expression finds from a node.
    func elements(_ node: Int, _ step: XPath.Step) -> [Int] {
        var found: [Int] = []
        for child in nodes[node].children where !nodes[child].isText {
            if accepts(child, step.test) { found.append(child) }
            if step.isDescendant { found += elements(child, step) }
        }
        return found
    }

    /// The texts that the last step finds.
    func texts(_ node: Int, _ step: XPath.Step, _ arena: Arena) -> [Slice] {
        switch step.test {
        case .element, .anyElement: return elements(node, step).map { text(of: $0, arena) }
        case .text: return holders(node, step).flatMap { nodes[$0].children.filter { nodes[$0].isText }.map { nodes[$0].text } }
        case .anyAttribute: return holders(node, step).flatMap { nodes[$0].attributes.map(\.value) }
        case .attribute(let name):
            return holders(node, step).flatMap { nodes[$0].attributes.filter { $0.name.text == name }.map(\.value) }
        }
    }

    private func holders(_ node: Int, _ step: XPath.Step) -> [Int] {
        step.isDescendant ? [node] + elements(node, XPath.Step(isDescendant: true, test: .anyElement)) : [node]
    }

    private func accepts(_ node: Int, _ test: XPath.Test) -> Bool {
        switch test {
        case .anyElement: true
        case .element(let name): nodes[node].name.text == name
        default: false
        }
    }

    /// All text inside an element.
    private func text(of node: Int, _ arena: Arena) -> Slice {
        var pieces: [Slice] = []
        collect(node, &pieces)
        if pieces.count == 1 { return pieces[0] }
        return arena.write(capacity: pieces.reduce(0) { $0 + $1.count }) { output in
            for piece in pieces { output.append(piece) }
        }
    }

    private func collect(_ node: Int, _ pieces: inout [Slice]) {
        if nodes[node].isText { pieces.append(nodes[node].text) }
        for child in nodes[node].children { collect(child, &pieces) }
    }
}

/// Reads an XML body (XML 1.0, fifth edition) that is well-formed; external entities and the external subset are never read.
struct XMLBody {
    /// Elements may nest so deep.
    static let depthLimit = 256
    /// A document may have so many elements and texts.
    static let nodeLimit = 200_000
    /// Entities may grow a document by so many bytes.
    static let expansionLimit = 1_000_000

    private let text: Slice
    private let arena: Arena
    private var position = 0
    private var tree = XMLDocumentTree()
    private var entities: [String: Slice] = [:]
    private var expanded = 0

    /// - Throws: `BodyFailure`
    static func read(_ text: Slice, _ arena: Arena) throws(BodyFailure) -> XMLDocumentTree {
        var body = XMLBody(text: text, arena: arena)
        try body.document()
        return body.tree
    }

    private init(text: Slice, arena: Arena) {
        self.text = text
        self.arena = arena
    }

    private mutating func document() throws(BodyFailure) {
        if text.part(0, 3).bytes == [0xef, 0xbb, 0xbf] { position = 3 }
        var stack = [0]
        var hasRoot = false
        while position < text.count {
            if text[position] != UInt8(ascii: "<") {
                try characters(into: stack[stack.count - 1])
            } else if sees("<!--") {
                try skip(past: "-->")
            } else if sees("<![CDATA[") {
                try cdata(into: stack[stack.count - 1])
            } else if sees("<?") {
                try skip(past: "?>")
            } else if sees("<!DOCTYPE") {
                guard !hasRoot else { throw failure("a document type inside the document") }
                try documentType()
            } else if sees("</") {
                try endTag(&stack)
            } else {
                guard stack.count > 1 || !hasRoot else { throw failure("a second root element") }
                hasRoot = true
                try startTag(&stack)
            }
        }
        guard stack.count == 1, hasRoot else { throw failure("an element is not closed") }
    }

    private mutating func startTag(_ stack: inout [Int]) throws(BodyFailure) {
        position += 1
        let name = try self.name()
        var node = XMLDocumentTree.Node(name: XMLBody.local(name))
        while true {
            let before = position
            skipSpace()
            guard position < text.count else { throw failure("a tag is not closed") }
            if take(UInt8(ascii: ">")) {
                try add(node, to: stack[stack.count - 1])
                stack.append(tree.nodes.count - 1)
                openNames.append(name)
                guard stack.count <= Self.depthLimit else { throw failure("elements nest too deep") }
                return
            }
            if sees("/>") {
                position += 2
                return try add(node, to: stack[stack.count - 1])
            }
            guard position > before else { throw failure("white space is missing") }
            node.attributes.append(try attribute(node))
        }
    }

    private var openNames: [Slice] = []

    private mutating func attribute(_ node: XMLDocumentTree.Node) throws(BodyFailure) -> (Slice, Slice) {
        let name = try self.name()
        skipSpace()
        guard take(UInt8(ascii: "=")) else { throw failure("an attribute has no value") }
        skipSpace()
        guard position < text.count, text[position] == 34 || text[position] == 39 else { throw failure("a value has no quotes") }
        let quote = text[position]
        guard let end = text.firstIndex(of: quote, from: position + 1) else { throw failure("a value is not closed") }
        let raw = text.part(position + 1, end)
        guard raw.firstIndex(of: UInt8(ascii: "<")) == nil else { throw failure("`<` in a value") }
        position = end + 1
        return (XMLBody.local(name), try resolve(raw, depth: 0))
    }

    private mutating func endTag(_ stack: inout [Int]) throws(BodyFailure) {
        position += 2
        let name = try self.name()
        skipSpace()
        guard take(UInt8(ascii: ">")) else { throw failure("a tag is not closed") }
        guard stack.count > 1, let open = openNames.popLast(), open.equals(name) else { throw failure("tags do not match") }
        stack.removeLast()
    }

    private mutating func characters(into parent: Int) throws(BodyFailure) {
        let end = text.firstIndex(of: UInt8(ascii: "<"), from: position) ?? text.count
        let raw = text.part(position, end)
        position = end
        guard parent != 0 else {
            guard raw.trimmed.isEmpty else { throw failure("text outside the root element") }
            return
        }
        try addText(try resolve(raw, depth: 0), to: parent)
    }

    private mutating func cdata(into parent: Int) throws(BodyFailure) {
        guard parent != 0 else { throw failure("text outside the root element") }
        let start = position + 9
        guard let end = text.range(of: arena.copy("]]>"), from: start) else { throw failure("a section is not closed") }
        position = end + 3
        try addText(text.part(start, end), to: parent)
    }

    private mutating func addText(_ content: Slice, to parent: Int) throws(BodyFailure) {
        guard !content.isEmpty else { return }
        try add(XMLDocumentTree.Node(name: .empty, text: content, isText: true), to: parent)
    }

    private mutating func add(_ node: XMLDocumentTree.Node, to parent: Int) throws(BodyFailure) {
        guard tree.nodes.count < Self.nodeLimit else { throw failure("too many elements") }
        tree.nodes.append(node)
        tree.nodes[parent].children.append(tree.nodes.count - 1)
    }
}

extension XMLBody {
    /// Puts entities and character references in.
    private mutating func resolve(_ raw: Slice, depth: Int) throws(BodyFailure) -> Slice {
        guard raw.firstIndex(of: UInt8(ascii: "&")) != nil else { return raw }
        guard depth < 8 else { throw failure("entities nest too deep") }
        var pieces: [Slice] = []
        var start = 0
        while let ampersand = raw.firstIndex(of: UInt8(ascii: "&"), from: start) {
            pieces.append(raw.part(start, ampersand))
            guard let end = raw.firstIndex(of: UInt8(ascii: ";"), from: ampersand) else { throw failure("an entity is not closed") }
            pieces.append(try entity(raw.part(ampersand + 1, end), depth: depth))
            start = end + 1
        }
        pieces.append(raw.suffix(from: start))
        let total = pieces.reduce(0) { $0 + $1.count }
        expanded += max(0, total - raw.count)
        guard expanded <= Self.expansionLimit else { throw failure("entities grow too large") }
        return arena.write(capacity: total) { output in
            for piece in pieces { output.append(piece) }
        }
    }

    private mutating func entity(_ name: Slice, depth: Int) throws(BodyFailure) -> Slice {
        let text = name.text
        switch text {
        case "lt": return arena.copy("<")
        case "gt": return arena.copy(">")
        case "amp": return arena.copy("&")
        case "quot": return arena.copy("\"")
        case "apos": return arena.copy("'")
        default: break
        }
        if text.hasPrefix("#") {
            let isHex = text.hasPrefix("#x")
            guard let number = UInt32(text.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10), let scalar = Unicode.Scalar(number),
                number > 0
            else {
                throw failure("a bad character reference")
            }
            return arena.copy(String(Character(scalar)))
        }
        guard let value = entities[text] else { throw failure("an unknown entity") }
        return try resolve(value, depth: depth + 1)
    }

    /// `<!DOCTYPE … [ … ]>`: internal entities are noted, external ones stand for nothing.
    private mutating func documentType() throws(BodyFailure) {
        while position < text.count, text[position] != UInt8(ascii: ">") {
            if text[position] == UInt8(ascii: "[") {
                position += 1
                try internalSubset()
            } else if text[position] == 34 || text[position] == 39 {
                _ = try literal()
            } else {
                position += 1
            }
        }
        guard take(UInt8(ascii: ">")) else { throw failure("the document type is not closed") }
    }

    private mutating func internalSubset() throws(BodyFailure) {
        while position < text.count, text[position] != UInt8(ascii: "]") {
            if sees("<!--") {
                try skip(past: "-->")
            } else if sees("<?") {
                try skip(past: "?>")
            } else if sees("<!ENTITY") {
                try entityDeclaration()
            } else if text[position] == 34 || text[position] == 39 {
                _ = try literal()
            } else {
                position += 1
            }
        }
        guard take(UInt8(ascii: "]")) else { throw failure("the document type is not closed") }
    }

    private mutating func entityDeclaration() throws(BodyFailure) {
        position += 8
        skipSpace()
        let isParameter = take(UInt8(ascii: "%"))
        skipSpace()
        let name = try self.name()
        skipSpace()
        var value = Slice.empty
        var isExternal = false
        while position < text.count, text[position] != UInt8(ascii: ">") {
            if text[position] == 34 || text[position] == 39 {
                value = try literal()
            } else {
                if !isSpace(text[position]) { isExternal = true }
                position += 1
            }
        }
        guard take(UInt8(ascii: ">")) else { throw failure("a declaration is not closed") }
        if !isParameter, entities[name.text] == nil { entities[name.text] = isExternal ? .empty : value }
    }

    private mutating func literal() throws(BodyFailure) -> Slice {
        guard let end = text.firstIndex(of: text[position], from: position + 1) else { throw failure("a quote is not closed") }
        defer { position = end + 1 }
        return text.part(position + 1, end)
    }

    private mutating func name() throws(BodyFailure) -> Slice {
        let start = position
        while position < text.count, isAlphanumeric(text[position]) || "_:.-".utf8.contains(text[position]) || text[position] >= 0x80 {
            position += 1
        }
        guard position > start, !isDigit(text[start]), text[start] != 45, text[start] != 46 else { throw failure("a name is missing") }
        return text.part(start, position)
    }

    private static func local(_ name: Slice) -> Slice {
        name.firstIndex(of: UInt8(ascii: ":")).map { name.suffix(from: $0 + 1) } ?? name
    }

    private func sees(_ literal: StaticString) -> Bool {
        let found = text.part(position, position + literal.utf8CodeUnitCount)
        return unsafe found.equals(Slice(base: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    private mutating func skip(past end: String) throws(BodyFailure) {
        guard let found = text.range(of: arena.copy(end), from: position) else { throw failure("`\(end)` is missing") }
        position = found + end.utf8.count
    }

    private mutating func skipSpace() {
        while position < text.count, isSpace(text[position]) { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private func failure(_ reason: String) -> BodyFailure { BodyFailure(reason: "XML: \(reason) at byte \(position)") }
}
