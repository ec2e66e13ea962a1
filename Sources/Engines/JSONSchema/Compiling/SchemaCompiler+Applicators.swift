import StrictJSON

extension SchemaCompiler {
    /// Keywords of the applicator vocabulary, but for those of the object plan.
    mutating func compileApplicators(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        for (keyword, code) in [("allOf", Operation.Code.allOf), ("anyOf", .anyOf), ("oneOf", .oneOf)] {
            guard let node = keywords[keyword] else { continue }
            guard node.kind == .array, node.count > 0 else {
                throw failure(.invalidKeyword, "`\(keyword)` is an array of at least one schema", schema, keyword)
            }
            let numbers = try schemas(node, keyword, schema)
            groups.any.append(
                Operation(code: code, a: list(numbers), b: Int32(numbers.count), location: try location(schema, keyword)))
        }
        if let node = keywords["not"] { groups.any.append(try single(.not, node, "not", schema)) }
        if keywords.draft >= .draft7 { try compileCondition(keywords, schema, &groups) }
        try compileItems(keywords, schema, &groups)
        if keywords.draft >= .draft6, let node = keywords["propertyNames"] {
            groups.object.append(try single(.propertyNames, node, "propertyNames", schema))
        }
        if keywords.draft >= .draft201909, let node = keywords["dependentSchemas"] {
            try compileDependentSchemas(node, "dependentSchemas", schema, &groups)
        }
        if keywords.draft != .openAPI30, let node = keywords["dependencies"] {
            try compileDependencies(node, schema, &groups)
        }
    }

    private mutating func single(_ code: Operation.Code, _ node: JSONNode, _ keyword: String, _ schema: Pending) throws(SchemaError)
        -> Operation
    {
        Operation(code: code, a: try self.schema(node, in: schema, "/" + keyword), location: try location(schema, keyword))
    }

    private mutating func schemas(_ node: JSONNode, _ keyword: String, _ schema: Pending) throws(SchemaError) -> [Int32] {
        guard node.kind == .array else { throw failure(.invalidKeyword, "`\(keyword)` is an array of schemas", schema, keyword) }
        var numbers: [Int32] = []
        for (index, element) in node.elements.enumerated() {
            numbers.append(try self.schema(element, in: schema, "/\(keyword)/\(index)"))
        }
        return numbers
    }

    private mutating func compileCondition(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        guard let condition = keywords["if"] else { return }
        let test = try self.schema(condition, in: schema, "/if")
        var (then, otherwise): (Int32, Int32) = (-1, -1)
        if let node = keywords["then"] { then = try self.schema(node, in: schema, "/then") }
        if let node = keywords["else"] { otherwise = try self.schema(node, in: schema, "/else") }
        groups.any.append(Operation(code: .ifThenElse, a: test, b: then, c: otherwise, location: try location(schema, "if")))
    }

    // MARK: Arrays

    private mutating func compileItems(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        var first: Int32 = 0
        if keywords.draft == .draft202012 {
            if let prefix = keywords["prefixItems"] { first = try compilePrefix(prefix, "prefixItems", schema, &groups) }
            if let items = keywords["items"] { try compileRest(items, "items", from: first, schema, &groups) }
        } else if let items = keywords["items"] {
            if items.kind == .array && keywords.draft != .openAPI30 {
                first = try compilePrefix(items, "items", schema, &groups)
                if let rest = keywords["additionalItems"] { try compileRest(rest, "additionalItems", from: first, schema, &groups) }
            } else {
                try compileRest(items, "items", from: 0, schema, &groups)
            }
        }
        if keywords.draft >= .draft6, let node = keywords["contains"] { try compileContains(node, keywords, schema, &groups) }
    }

    private mutating func compilePrefix(
        _ node: JSONNode, _ keyword: String, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) -> Int32 {
        let numbers = try schemas(node, keyword, schema)
        let start = list(numbers)
        groups.array.append(
            Operation(code: .prefixItems, a: start, b: Int32(numbers.count), location: try location(schema, keyword)))
        return Int32(numbers.count)
    }

    private mutating func compileRest(
        _ node: JSONNode, _ keyword: String, from first: Int32, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        let number = try self.schema(node, in: schema, "/" + keyword)
        groups.array.append(Operation(code: .items, a: number, b: first, location: try location(schema, keyword)))
    }

    private mutating func compileContains(
        _ node: JSONNode, _ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        var (least, most): (Int32, Int32) = (1, -1)
        if keywords.draft >= .draft201909 && keywords.dialect.vocabularies.contains(.validation) {
            if let limit = keywords["minContains"] { least = try nonNegative(limit, "minContains", schema) }
            if let limit = keywords["maxContains"] { most = try nonNegative(limit, "maxContains", schema) }
        }
        var operation = Operation(
            code: .contains, a: try self.schema(node, in: schema, "/contains"), b: least, c: most,
            location: try location(schema, "contains"))
        // Only 2020-12 counts what `contains` found as evaluated.
        if keywords.draft == .draft202012 { operation.flags = 1 }
        groups.array.append(operation)
    }

    // MARK: Dependencies

    mutating func compileDependentRequired(
        _ node: JSONNode, _ keyword: String, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        guard node.kind == .object else { throw failure(.invalidKeyword, "`\(keyword)` is an object", schema, keyword) }
        for member in node.members { try compileDependency(member, keyword, schema, &groups) }
    }

    private mutating func compileDependency(
        _ member: JSONNode.Member, _ keyword: String, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        var slots: [Int32] = []
        for name in member.value.elements { slots.append(Int32(slot(named: try string(name, keyword, schema)))) }
        guard member.value.kind == .array else { throw failure(.invalidKeyword, "`\(keyword)` has arrays of names", schema, keyword) }
        let trigger = Int32(slot(named: member.name))
        groups.object.append(
            Operation(code: .dependentRequired, a: trigger, b: list(slots), c: Int32(slots.count), location: try location(schema, keyword)))
    }

    private mutating func compileDependentSchemas(
        _ node: JSONNode, _ keyword: String, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        guard node.kind == .object else { throw failure(.invalidKeyword, "`\(keyword)` is an object", schema, keyword) }
        for member in node.members { try compileDependentSchema(member, keyword, schema, &groups) }
    }

    private mutating func compileDependentSchema(
        _ member: JSONNode.Member, _ keyword: String, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        let number = try self.schema(member.value, in: schema, "/\(keyword)/\(JSONPointer.escape(member.name))")
        groups.object.append(
            Operation(code: .dependentSchema, a: Int32(slot(named: member.name)), b: number, location: try location(schema, keyword)))
    }

    /// `dependencies` of draft 7 and earlier: both kinds in one keyword. Later drafts may still understand it.
    private mutating func compileDependencies(_ node: JSONNode, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        guard node.kind == .object else { throw failure(.invalidKeyword, "`dependencies` is an object", schema, "dependencies") }
        for member in node.members {
            if member.value.kind == .array {
                try compileDependency(member, "dependencies", schema, &groups)
            } else {
                try compileDependentSchema(member, "dependencies", schema, &groups)
            }
        }
    }

    // MARK: Unevaluated

    mutating func compileUnevaluated(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        guard keywords.draft >= .draft201909 else { return }
        if let node = keywords["unevaluatedItems"] {
            groups.late.append(try single(.unevaluatedItems, node, "unevaluatedItems", schema))
        }
        if let node = keywords["unevaluatedProperties"] {
            groups.late.append(try single(.unevaluatedProperties, node, "unevaluatedProperties", schema))
        }
        if !groups.late.isEmpty { groups.header.flags |= Header.tracks }
    }
}
