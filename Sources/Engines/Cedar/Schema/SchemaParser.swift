/// Reads a schema in Cedar syntax.
struct SchemaParser {
    private let bytes: [UInt8]
    private let tokens: [Token]
    private let limits: CedarLimits
    private var at = 0
    private var depth = 0
    private var unqualified = NamespaceDefinition()
    private var fragment = SchemaFragment()

    init(_ bytes: [UInt8], limits: CedarLimits) throws(CedarError) {
        guard bytes.count <= limits.bytes else {
            throw CedarError(
                .limit, "the schema has \(bytes.count) bytes, more than the limit of \(limits.bytes)",
                at: SourcePosition(offset: limits.bytes, in: bytes))
        }
        self.bytes = bytes
        self.limits = limits
        tokens = try Lexer.tokens(of: bytes, slots: false)
    }

    mutating func schema() throws(CedarError) -> SchemaFragment {
        while kind != .end {
            let annotations = try annotations()
            if isWord("namespace") {
                try namespace(annotations)
            } else {
                var definition = unqualified
                unqualified = NamespaceDefinition()
                try declaration(annotations, into: &definition)
                unqualified = definition
            }
        }
        if unqualified != NamespaceDefinition() { _ = fragment.insert(unqualified, for: nil) }
        return fragment
    }

    private mutating func namespace(_ annotations: SchemaAnnotations) throws(CedarError) {
        at += 1
        let start = token.start
        let name = try path()
        guard Identifiers.isTypeName(name) else { throw failure("`\(name)` is reserved and cannot be a namespace", at: start) }
        try expect(.leftBrace, "`{`")
        var definition = NamespaceDefinition()
        definition.annotations = annotations
        while kind != .rightBrace {
            let annotations = try self.annotations()
            try declaration(annotations, into: &definition)
        }
        at += 1
        guard fragment.insert(definition, for: name) else { throw failure("duplicate namespace `\(name)`", at: start) }
    }

    private mutating func declaration(
        _ annotations: SchemaAnnotations, into definition: inout NamespaceDefinition
    ) throws(CedarError) {
        if takeWord("entity") { return try entity(annotations, &definition) }
        if takeWord("action") { return try action(annotations, &definition) }
        if takeWord("type") { return try commonType(annotations, &definition) }
        throw unexpected("`entity`, `action`, `type` or `namespace`")
    }

    private mutating func annotations() throws(CedarError) -> SchemaAnnotations {
        var annotations = SchemaAnnotations()
        while kind == .at {
            at += 1
            let start = token.start
            let key = Text(try word("the name of an annotation"))
            var value: Text?
            if take(.leftParenthesis) {
                value = try string("the value of an annotation")
                try expect(.rightParenthesis, "`)`")
            }
            guard annotations.values.updateValue(value, forKey: key) == nil else {
                throw failure("duplicate annotation `@\(key)`", at: start)
            }
        }
        return annotations
    }
}

// MARK: Declarations

extension SchemaParser {
    private mutating func entity(
        _ annotations: SchemaAnnotations, _ definition: inout NamespaceDefinition
    ) throws(CedarError) {
        let start = token.start
        var names = [try identifier()]
        while take(.comma) { names.append(try identifier()) }
        let kind = takeWord("enum") ? try enumeration() : try standardEntity()
        try expect(.semicolon, "`;`")
        for name in names {
            guard Identifiers.isIdentifier(name) else { throw failure("`\(name)` is reserved and cannot be an entity type", at: start) }
            let declaration = EntityTypeDeclaration(annotations: annotations, kind: kind)
            guard definition.entityTypes.updateValue(declaration, forKey: Text(name)) == nil else {
                throw failure("duplicate entity type `\(name)`", at: start)
            }
        }
    }

    private mutating func enumeration() throws(CedarError) -> EntityTypeDeclaration.Kind {
        try expect(.leftBracket, "`[`")
        var choices = [try string("the id of an entity")]
        while take(.comma) { choices.append(try string("the id of an entity")) }
        try expect(.rightBracket, "`]`")
        return .enumeration(choices)
    }

    private mutating func standardEntity() throws(CedarError) -> EntityTypeDeclaration.Kind {
        let parents = takeWord("in") ? try entityTypes() : []
        var shape = TypeExpression.emptyRecord
        let hasAssign = take(.assign)
        if hasAssign || kind == .leftBrace { shape = try record() }
        let tags = takeWord("tags") ? try type() : nil
        return .standard(parents: parents, shape: shape, tags: tags)
    }

    private mutating func commonType(
        _ annotations: SchemaAnnotations, _ definition: inout NamespaceDefinition
    ) throws(CedarError) {
        let start = token.start
        let name = try identifier()
        try expect(.assign, "`=`")
        let type = try type()
        try expect(.semicolon, "`;`")
        try Self.check(commonType: name, at: SourcePosition(offset: start, in: bytes))
        let declaration = CommonTypeDeclaration(annotations: annotations, type: type)
        guard definition.commonTypes.updateValue(declaration, forKey: Text(name)) == nil else {
            throw failure("duplicate type `\(name)`", at: start)
        }
    }

    /// Names that a common type cannot have.
    static func check(commonType name: String, at position: SourcePosition?) throws(CedarError) {
        let taken = ["Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String"]
        guard Identifiers.isIdentifier(name), !taken.contains(name) else {
            throw CedarError(.schema, "`\(name)` is reserved and cannot be a common type", at: position)
        }
    }

    private mutating func action(
        _ annotations: SchemaAnnotations, _ definition: inout NamespaceDefinition
    ) throws(CedarError) {
        let start = token.start
        var names = [try name()]
        while take(.comma) { names.append(try name()) }
        let parents = takeWord("in") ? try actionParents() : nil
        let appliesTo = takeWord("appliesTo") ? try appliesTo(names[0]) : nil
        if takeWord("attributes") {
            try expect(.leftBrace, "`{`")
            try expect(.rightBrace, "`}`")
        }
        try expect(.semicolon, "`;`")
        for name in names {
            let declaration = ActionDeclaration(annotations: annotations, parents: parents, appliesTo: appliesTo)
            guard definition.actions.updateValue(declaration, forKey: name) == nil else {
                throw failure("duplicate action `\(name)`", at: start)
            }
        }
    }

    private mutating func actionParents() throws(CedarError) -> [ActionDeclaration.Parent] {
        guard take(.leftBracket) else { return [try actionParent()] }
        var parents = [try actionParent()]
        while take(.comma) { parents.append(try actionParent()) }
        try expect(.rightBracket, "`]`")
        return parents
    }

    /// `a`, `"b c"` or `N::Action::"d"`.
    private mutating func actionParent() throws(CedarError) -> ActionDeclaration.Parent {
        if kind == .string { return ActionDeclaration.Parent(id: try string("an action"), type: nil) }
        var parts = [try identifier()]
        while take(.doubleColon) {
            if kind == .string {
                return ActionDeclaration.Parent(id: try string("an action"), type: parts.joined(separator: "::"))
            }
            parts.append(try identifier())
        }
        guard parts.count == 1 else { throw unexpected("`::` and the id of an action") }
        return ActionDeclaration.Parent(id: Text(parts[0]), type: nil)
    }

    private mutating func appliesTo(_ action: Text) throws(CedarError) -> ActionDeclaration.AppliesTo {
        let start = token.start
        try expect(.leftBrace, "`{`")
        var principals: [String]?
        var resources: [String]?
        var context: TypeExpression?
        repeat {
            let key = token.start
            switch try word("`principal`, `resource` or `context`") {
            case "principal" where principals == nil: principals = try appliedTypes()
            case "resource" where resources == nil: resources = try appliedTypes()
            case "context" where context == nil:
                try expect(.colon, "`:`")
                context = kind == .leftBrace ? try record() : .common(try path())
            case let other where ["principal", "resource", "context"].contains(other):
                throw failure("`\(other)` stands twice", at: key)
            case let other: throw failure("unexpected `\(other)`, expected `principal`, `resource` or `context`", at: key)
            }
        } while take(.comma) && kind != .rightBrace
        try expect(.rightBrace, "`}`")
        guard let principals, let resources, !principals.isEmpty, !resources.isEmpty else {
            throw failure("action `\(action)` applies to nothing: principal and resource types are both needed", at: start)
        }
        return ActionDeclaration.AppliesTo(
            principals: principals, resources: resources, context: context ?? .emptyRecord)
    }

    private mutating func appliedTypes() throws(CedarError) -> [String] {
        try expect(.colon, "`:`")
        return try entityTypes()
    }

    private mutating func entityTypes() throws(CedarError) -> [String] {
        guard take(.leftBracket) else { return [try path()] }
        var types: [String] = []
        if kind != .rightBracket {
            types.append(try path())
            while take(.comma) { types.append(try path()) }
        }
        try expect(.rightBracket, "`]`")
        return types
    }
}

// MARK: Types

extension SchemaParser {
    private mutating func type() throws(CedarError) -> TypeExpression {
        guard depth < limits.typeDepth else { throw failure("types nested deeper than \(limits.typeDepth)", code: .limit) }
        depth += 1
        defer { depth -= 1 }
        if kind == .leftBrace { return try record() }
        if isWord("Set"), tokens[at + 1].kind == .less {
            at += 2
            let element = try type()
            try expect(.greater, "`>`")
            return .set(element)
        }
        return .entityOrCommon(try path())
    }

    private mutating func record() throws(CedarError) -> TypeExpression {
        try expect(.leftBrace, "`{`")
        var attributes: [Text: AttributeDeclaration] = [:]
        while kind != .rightBrace {
            let annotations = try annotations()
            let name = try name()
            let isRequired = !take(.question)
            try expect(.colon, "`:`")
            // A repeated attribute replaces the earlier one, as in the reference.
            attributes[name] = AttributeDeclaration(annotations: annotations, type: try type(), isRequired: isRequired)
            guard take(.comma) else { break }
        }
        try expect(.rightBrace, "`}`")
        return .record(attributes)
    }
}

// MARK: Tokens

extension SchemaParser {
    private var token: Token { tokens[at] }
    private var kind: Token.Kind { tokens[at].kind }

    private func isWord(_ word: String) -> Bool {
        kind == .word && bytes[token.start..<token.end].elementsEqual(word.utf8)
    }

    private mutating func take(_ wanted: Token.Kind) -> Bool {
        guard kind == wanted else { return false }
        at += 1
        return true
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ wanted: Token.Kind, _ what: String) throws(CedarError) {
        guard take(wanted) else { throw unexpected(what) }
    }

    private mutating func word(_ what: String) throws(CedarError) -> String {
        guard kind == .word else { throw unexpected(what) }
        defer { at += 1 }
        return String(decoding: bytes[token.start..<token.end], as: UTF8.self)
    }

    private mutating func identifier() throws(CedarError) -> String {
        let start = token.start
        let text = try word("a name")
        guard text == "__cedar" || !Identifiers.reserved.contains(text) else {
            throw failure("`\(text)` is reserved and cannot be a name", at: start)
        }
        return text
    }

    private mutating func path() throws(CedarError) -> String {
        var parts = [try identifier()]
        while take(.doubleColon) { parts.append(try identifier()) }
        return parts.joined(separator: "::")
    }

    private mutating func name() throws(CedarError) -> Text {
        kind == .string ? try string("a name") : Text(try identifier())
    }

    private mutating func string(_ what: String) throws(CedarError) -> Text {
        guard kind == .string else { throw unexpected(what) }
        let start = token.start
        defer { at += 1 }
        do {
            return Text(try Escaping.unescape(bytes[start + 1..<token.end - 1]))
        } catch {
            throw failure(error.message, at: start + 1 + error.offset)
        }
    }

    private func failure(_ message: String, code: CedarError.Code = .schema, at offset: Int? = nil) -> CedarError {
        CedarError(code, message, at: SourcePosition(offset: offset ?? token.start, in: bytes))
    }

    private func unexpected(_ expected: String) -> CedarError {
        if kind == .end { return failure("unexpected end of input, expected \(expected)") }
        let found = String(decoding: bytes[token.start..<token.end], as: UTF8.self)
        return failure("unexpected token `\(found)`, expected \(expected)")
    }
}
