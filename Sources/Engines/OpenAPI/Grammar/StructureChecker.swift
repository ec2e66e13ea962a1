/// Walks a document by its version's grammar and stops at the first fault.
///
/// Two places that share a node by a YAML alias are each walked; the reader's limit on written-out size bounds the work.
struct StructureChecker {
    /// A `$ref` that was passed, to be followed once the document's structure stands.
    struct Reference {
        let target: String
        let kind: ObjectKind?
        let node: Node
        let pointer: String
        /// The `$id` in force where a schema stands.
        let base: String?
    }

    /// A name that a schema gives itself: `base#anchor`, or `base#` for an `$id`.
    struct Anchor {
        let name: String
        let node: Node
        let pointer: String
    }

    private let grammar: Grammar
    let file: String
    private var path: [String] = []
    private(set) var references: [Reference] = []
    private(set) var anchors: [Anchor] = []
    private(set) var checkedSchemas: [Node] = []

    init(grammar: Grammar, file: String) {
        self.grammar = grammar
        self.file = file
    }

    /// Checks one node.
    ///
    /// - Throws: ``OpenAPIError`` with code `structure`.
    mutating func check(_ node: Node, as rule: Rule, at pointer: [String] = []) throws {
        path = pointer
        try check(node, rule)
    }

    private mutating func check(_ node: Node, _ rule: Rule) throws {
        switch rule {
        case .any: break
        case .string: if node.string == nil { throw wrong(node, "text") }
        case .bool: if node.bool == nil { throw wrong(node, "`true` or `false`") }
        case .number: try number(node, "a number") { _ in true }
        case .positiveNumber: try number(node, "a number above zero") { $0 > 0 }
        case .count: try number(node, "a whole number from zero on") { $0 >= 0 && $0 == $0.rounded() }
        case .oneOf(let texts): try oneOf(node, texts)
        case .object(let kind): try object(node, kind)
        case .objectOrReference(let kind): try objectOrReference(node, kind)
        case .schema: try schema(node)
        case .array(let item, let minimum, let unique): try array(node, item, minimum, unique)
        case .map(let value, let keys, let count): try map(node, value, keys, count)
        case .either(let first, let second):
            if case .bool = first, node.bool != nil { break }
            try check(node, second)
        case .never(let reason): throw fault(node, reason)
        }
    }

    // MARK: Scalars

    private func number(_ node: Node, _ wanted: String, _ fits: (Double) -> Bool) throws {
        guard case .number(let text) = node.value, let value = Double(text), fits(value) else { throw wrong(node, wanted) }
    }

    private func oneOf(_ node: Node, _ texts: [String]) throws {
        guard let text = node.string else { throw wrong(node, "text") }
        guard !texts.contains(text) else { return }
        let list = texts.map { "`\($0)`" }.joined(separator: ", ")
        throw fault(node, texts.isEmpty ? "`\(text)` has no meaning here" : "`\(text.prefix(80))` is not one of \(list)")
    }

    // MARK: Objects

    private mutating func object(_ node: Node, _ kind: ObjectKind) throws {
        guard let mapping = node.mapping else { throw wrong(node, "a \(kind.rawValue) Object") }
        let shape = grammar.shape(of: kind, mapping)
        for entry in mapping.entries {
            guard let rule = try self.rule(for: entry, in: shape, kind) else { continue }
            try descend(entry.key, entry.value, rule)
        }
        try checkPresence(node, mapping, shape, kind)
        try GrammarChecks(version: grammar.version).check(kind, mapping).map { throw fault($0.node ?? node, $0.reason) }
    }

    private func rule(for entry: Mapping.Entry, in shape: Shape, _ kind: ObjectKind) throws -> Rule? {
        if let rule = shape.fields[entry.key] { return rule }
        if shape.allowsExtensions, entry.key.hasPrefix("x-") { return nil }
        if let rule = shape.pattern?.rule(for: entry.key) { return rule }
        if shape.isOpen { return nil }
        throw OpenAPIError(
            .structure, file: file, at: entry.keyPosition, pointer: pointer + "/" + escape(entry.key),
            "\(kind.article) has no field `\(entry.key.prefix(80))`" + suggestion(entry.key, shape))
    }

    private func suggestion(_ key: String, _ shape: Shape) -> String {
        guard let near = Spelling.nearest(to: key, among: shape.fields.keys.sorted()) else { return "" }
        return "; did you mean `\(near)`"
    }

    private func checkPresence(_ node: Node, _ mapping: Mapping, _ shape: Shape, _ kind: ObjectKind) throws {
        for field in shape.required where mapping[field] == nil {
            throw fault(node, "\(kind.article) needs the field `\(field)`")
        }
        for group in shape.exclusive where group.allSatisfy({ mapping[$0] != nil }) {
            throw fault(node, group.map { "`\($0)`" }.joined(separator: " and ") + " exclude each other")
        }
        for group in shape.needsOneOf where group.allSatisfy({ mapping[$0] == nil }) {
            throw fault(node, "\(kind.article) needs one of " + group.map { "`\($0)`" }.joined(separator: ", "))
        }
        if mapping.entries.count < shape.minimumFields { throw fault(node, "\(kind.article) is empty") }
    }

    private mutating func objectOrReference(_ node: Node, _ kind: ObjectKind) throws {
        guard let reference = node["$ref"] else { return try object(node, kind) }
        guard let target = reference.string else { throw wrong(reference, "a reference as text") }
        references.append(Reference(target: target, kind: kind, node: reference, pointer: pointer + "/$ref", base: nil))
        if kind == .pathItem { return try object(node, kind) }
        guard grammar.version >= .v31 else { return }
        for field in ["summary", "description"] {
            if let text = node[field] { try descend(field, text, .string) }
        }
    }

    private mutating func schema(_ node: Node) throws {
        checkedSchemas.append(node)
        if let reference = node["$ref"], grammar.version == .v30 {
            guard let target = reference.string else { throw wrong(reference, "a reference as text") }
            references.append(Reference(target: target, kind: nil, node: reference, pointer: pointer + "/$ref", base: nil))
            return
        }
        if grammar.version == .v30 { return try object(node, .schema30) }
        guard node.mapping != nil || node.bool != nil else { throw wrong(node, "a Schema Object, `true` or `false`") }
        try schema31(node, base: nil)
    }

    /// Passes through a schema of 2020-12 for its references and names; its keywords are the schema engine's to judge.
    private mutating func schema31(_ node: Node, base: String?) throws {
        var base = base
        if let id = node["$id"]?.string, !id.hasPrefix("#") {
            let resource = ReferenceURI.resolve(id.hasSuffix("#") ? String(id.dropLast()) : id, from: base ?? file)
            base = resource
            anchors.append(Anchor(name: resource + "#", node: node, pointer: pointer))
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let name = node[keyword]?.string { anchors.append(Anchor(name: (base ?? file) + "#" + name, node: node, pointer: pointer)) }
        }
        if let reference = node["$ref"] {
            guard let target = reference.string else { throw wrong(reference, "a reference as text") }
            references.append(Reference(target: target, kind: nil, node: reference, pointer: pointer + "/$ref", base: base))
        }
        for (keyword, inner) in SubschemaKeywords.children(of: node) {
            path.append(contentsOf: keyword)
            try schema31(inner, base: base)
            path.removeLast(keyword.count)
        }
    }

    // MARK: Collections

    private mutating func array(_ node: Node, _ item: Rule, _ minimum: Int, _ unique: Bool) throws {
        guard let items = node.items else { throw wrong(node, "an array") }
        if items.count < minimum { throw fault(node, "the array needs at least \(minimum) item") }
        for (offset, element) in items.enumerated() { try descend(String(offset), element, item) }
        if unique { try checkUnique(items) }
    }

    private mutating func checkUnique(_ items: [Node]) throws {
        var seen: Set<String> = []
        for (offset, item) in items.enumerated() where !seen.insert(item.canonicalText).inserted {
            path.append(String(offset))
            throw fault(item, "the array holds the same item twice")
        }
    }

    private mutating func map(_ node: Node, _ value: Rule, _ keys: KeyRule, _ count: ClosedRange<Int>) throws {
        guard let mapping = node.mapping else { throw wrong(node, "an object") }
        guard count.contains(mapping.entries.count) else {
            throw fault(node, "the object needs exactly one field")
        }
        for entry in mapping.entries {
            switch try passes(entry, keys) {
            case true: try descend(entry.key, entry.value, value)
            case false: continue
            }
        }
    }

    /// Names of components: 3.1 refuses what does not fit; 3.0's own schema passes such fields over.
    private func passes(_ entry: Mapping.Entry, _ keys: KeyRule) throws -> Bool {
        switch keys {
        case .any: return true
        case .component:
            if isComponentName(entry.key) { return true }
            if grammar.version == .v30 { return false }
            throw OpenAPIError(
                .structure, file: file, at: entry.keyPosition, pointer: pointer + "/" + escape(entry.key),
                "`\(entry.key.prefix(80))` is not a name for a component: letters, digits, `.`, `-` and `_` are")
        case .additionalMethod:
            let isNamed = (Grammar.fixedMethods + ["query"]).contains { $0.uppercased() == entry.key }
            if !entry.key.isEmpty, entry.key.utf8.allSatisfy(ASCII.isToken), !isNamed { return true }
            throw OpenAPIError(
                .structure, file: file, at: entry.keyPosition, pointer: pointer + "/" + escape(entry.key),
                isNamed ? "`\(entry.key)` has a field of its own" : "`\(entry.key.prefix(80))` is not a method of HTTP")
        }
    }

    private func isComponentName(_ key: String) -> Bool {
        !key.isEmpty
            && key.utf8.allSatisfy { byte in
                byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || ASCII.isDigit(byte)
                    || (0x61...0x7A).contains(byte | 0x20)
            }
    }

    private mutating func descend(_ key: String, _ node: Node, _ rule: Rule) throws {
        path.append(key)
        try check(node, rule)
        path.removeLast()
    }

    // MARK: Faults

    private var pointer: String { path.map { "/" + escape($0) }.joined() }

    private func escape(_ token: String) -> String { PointerText.escape(token) }

    private func wrong(_ node: Node, _ wanted: String) -> OpenAPIError {
        fault(node, "\(wanted) belongs here, not \(node.kindName)")
    }

    private func fault(_ node: Node, _ reason: String) -> OpenAPIError {
        OpenAPIError(.structure, file: file, at: node.position, pointer: pointer, reason)
    }
}

extension ObjectKind {
    /// The object's name with its article, for messages.
    var article: String {
        let vowels = rawValue.first.map { "AEIOU".contains($0) } ?? false
        return (vowels ? "an " : "a ") + rawValue + " Object"
    }
}
