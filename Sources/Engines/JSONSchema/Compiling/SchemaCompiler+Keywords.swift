import StrictJSON

/// The operations of one schema, by the kind of value they look at.
struct OperationGroups {
    var header: Header
    var any: [Operation] = []
    var number: [Operation] = []
    var string: [Operation] = []
    var array: [Operation] = []
    var object: [Operation] = []
    var late: [Operation] = []
}

extension SchemaCompiler {
    /// Compiles one schema; its subschemas get numbers and wait.
    mutating func compile(_ schema: Pending) throws(SchemaError) {
        let node = registry.node(schema.node)
        var groups = OperationGroups(header: parts.headers[Int(schema.number)])
        groups.header.location = try location(schema, "")
        switch node.kind {
        case .bool where node.bool == true: break
        case .bool: groups.header.flags |= Header.isFalse
        case .object: try compileObject(node, schema, &groups)
        default: throw failure(.notASchema, "a schema is an object or a boolean", schema)
        }
        place(groups, schema.number)
    }

    private mutating func compileObject(_ node: JSONNode, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        let dialect = registry.resources[schema.resource].dialect
        if dialect.ignoresSiblingsOfReference, let reference = node["$ref"], reference.kind == .string {
            return try compileReference(reference, "$ref", schema, &groups)
        }
        var members: [String: JSONNode] = [:]
        for member in node.members { members[member.name] = member.value }
        let keywords = Keywords(members: members, dialect: dialect)
        try compileReferences(keywords, schema, &groups)
        if dialect.vocabularies.contains(.validation) { try compileAssertions(keywords, schema, &groups) }
        if dialect.vocabularies.contains(.applicator) { try compileApplicators(keywords, schema, &groups) }
        try compileObjectPlan(keywords, schema, &groups)
        try compileStrings(keywords, schema, &groups)
        if dialect.vocabularies.contains(.unevaluated) { try compileUnevaluated(keywords, schema, &groups) }
    }

    /// Appends a schema's operations and writes its header.
    private mutating func place(_ groups: OperationGroups, _ number: Int32) {
        var header = groups.header
        header.start = UInt32(parts.operations.count)
        func append(_ operations: [Operation]) -> UInt32 {
            parts.operations.append(contentsOf: operations)
            return UInt32(parts.operations.count)
        }
        header.anyEnd = append(groups.any)
        header.numberEnd = append(groups.number)
        header.stringEnd = append(groups.string)
        header.arrayEnd = append(groups.array)
        header.objectEnd = append(groups.object)
        header.lateEnd = append(groups.late)
        parts.headers[Int(number)] = header
    }

    // MARK: References

    private mutating func compileReferences(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        if let reference = keywords["$ref"] { try compileReference(reference, "$ref", schema, &groups) }
        if keywords.draft == .draft202012, let reference = keywords["$dynamicRef"] {
            try compileDynamicReference(reference, "$dynamicRef", schema, &groups)
        }
        if keywords.draft == .draft201909, let reference = keywords["$recursiveRef"] {
            try compileDynamicReference(reference, "$recursiveRef", schema, &groups)
        }
    }

    private mutating func compileReference(
        _ reference: JSONNode, _ keyword: String, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        let target = try target(of: reference, keyword, schema)
        groups.any.append(Operation(code: .reference, a: try self.schema(at: target), location: try location(schema, keyword)))
    }

    /// A reference whose target may be replaced by one further out in the dynamic scope.
    private mutating func compileDynamicReference(
        _ reference: JSONNode, _ keyword: String, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        let target = try target(of: reference, keyword, schema)
        var name = target.dynamicName
        if keyword == "$recursiveRef" {
            let root = registry.resources[target.resource].dynamicAnchors[recursiveAnchorName]
            name = root == target.node ? recursiveAnchorName : nil
        }
        let fallback = try self.schema(at: target)
        guard let name else {
            groups.any.append(Operation(code: .reference, a: fallback, location: try location(schema, keyword)))
            return
        }
        if !dynamicNames.contains(name) { dynamicNames.append(name) }
        let number = dynamicNames.firstIndex(of: name) ?? 0
        groups.any.append(
            Operation(code: .dynamicReference, a: fallback, b: Int32(number), location: try location(schema, keyword)))
    }

    private mutating func target(of reference: JSONNode, _ keyword: String, _ schema: Pending) throws(SchemaError) -> SchemaRegistry.Target
    {
        guard let text = reference.string else { throw failure(.invalidKeyword, "`\(keyword)` is not a string", schema, keyword) }
        let place = registry.resources[schema.resource].uri + "#" + schema.pointer
        return try registry.resolve(text, from: schema.resource, location: place)
    }
}

/// The keywords of a schema object.
struct Keywords {
    var members: [String: JSONNode]
    var dialect: Dialect

    var draft: Dialect.Draft { dialect.draft }

    subscript(name: String) -> JSONNode? { members[name] }
}
