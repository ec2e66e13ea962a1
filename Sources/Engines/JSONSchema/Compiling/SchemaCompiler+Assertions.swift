import StrictJSON

extension SchemaCompiler {
    /// Keywords of the validation vocabulary, but for `required`, which is part of the object plan.
    mutating func compileAssertions(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        try compileType(keywords, schema, &groups)
        try compileConstants(keywords, schema, &groups)
        try compileBounds(keywords, schema, &groups)
        try count("minLength", .minLength, \.string, keywords, schema, &groups)
        try count("maxLength", .maxLength, \.string, keywords, schema, &groups)
        try count("minItems", .minItems, \.array, keywords, schema, &groups)
        try count("maxItems", .maxItems, \.array, keywords, schema, &groups)
        try count("minProperties", .minProperties, \.object, keywords, schema, &groups)
        try count("maxProperties", .maxProperties, \.object, keywords, schema, &groups)
        if let pattern = keywords["pattern"] {
            let text = try string(pattern, "pattern", schema)
            groups.string.append(
                Operation(code: .pattern, a: try regex(text, schema, "pattern"), location: try location(schema, "pattern")))
        }
        if let unique = keywords["uniqueItems"], try flag(unique, "uniqueItems", schema) {
            groups.array.append(Operation(code: .uniqueItems, location: try location(schema, "uniqueItems")))
        }
        if keywords.draft >= .draft201909, let dependent = keywords["dependentRequired"] {
            try compileDependentRequired(dependent, "dependentRequired", schema, &groups)
        }
    }

    // MARK: type, const, enum

    private mutating func compileType(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        guard let type = keywords["type"] else { return }
        let names = type.kind == .array ? Array(type.elements) : [type]
        var types: UInt8 = 0
        for name in names {
            guard let bits = name.string.flatMap({ Self.typeBits[$0] }) else {
                throw failure(.invalidKeyword, "`type` names one of array, boolean, integer, null, number, object, string", schema, "type")
            }
            types |= bits
        }
        if keywords.draft == .openAPI30, keywords["nullable"]?.bool == true { types |= 1 << JSONKind.null.rawValue }
        groups.header.types = types
        if keywords.draft == .draft4 { groups.header.flags |= Header.plainIntegers }
        groups.header.location = try location(schema, "type")
    }

    private static let typeBits: [String: UInt8] = [
        "null": 1 << JSONKind.null.rawValue, "boolean": 1 << JSONKind.bool.rawValue, "number": 1 << JSONKind.number.rawValue,
        "string": 1 << JSONKind.string.rawValue, "array": 1 << JSONKind.array.rawValue, "object": 1 << JSONKind.object.rawValue,
        "integer": Header.integerType,
    ]

    private mutating func compileConstants(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        if keywords.draft >= .draft6, let constant = keywords["const"] {
            parts.constants.append(constant.value)
            groups.any.append(
                Operation(code: .constant, a: Int32(parts.constants.count - 1), location: try location(schema, "const")))
        }
        guard let list = keywords["enum"] else { return }
        guard list.kind == .array else { throw failure(.invalidKeyword, "`enum` is an array", schema, "enum") }
        parts.constants.append(list.value)
        groups.any.append(Operation(code: .enumeration, a: Int32(parts.constants.count - 1), location: try location(schema, "enum")))
    }

    // MARK: Numbers

    private mutating func compileBounds(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        let flags = keywords.draft == .draft4 || keywords.draft == .openAPI30
        for (name, exclusiveName, code, exclusive) in [
            ("minimum", "exclusiveMinimum", Operation.Code.minimum, Operation.Code.exclusiveMinimum),
            ("maximum", "exclusiveMaximum", .maximum, .exclusiveMaximum),
        ] {
            if let bound = keywords[name] {
                var isExclusive = false
                if flags, let node = keywords[exclusiveName] { isExclusive = try flag(node, exclusiveName, schema) }
                groups.number.append(try numeric(bound, isExclusive ? exclusive : code, name, schema))
            }
            if !flags, let bound = keywords[exclusiveName] { groups.number.append(try numeric(bound, exclusive, exclusiveName, schema)) }
        }
        guard let divisor = keywords["multipleOf"] else { return }
        let operation = try numeric(divisor, .multipleOf, "multipleOf", schema)
        let decimal = parts.numbers[Int(operation.a)].decimal
        guard !decimal.isZero, !decimal.isNegative, parts.numbers[Int(operation.a)].text.utf8.count <= 37 else {
            throw failure(.invalidKeyword, "`multipleOf` is a number above zero of at most 37 characters", schema, "multipleOf")
        }
        groups.number.append(operation)
    }

    private mutating func numeric(
        _ node: JSONNode, _ code: Operation.Code, _ keyword: String, _ schema: Pending
    ) throws(SchemaError) -> Operation {
        guard let number = node.number else { throw failure(.invalidKeyword, "`\(keyword)` is a number", schema, keyword) }
        parts.numbers.append(Bound(decimal: number.decimal, text: number.text))
        return Operation(code: code, a: Int32(parts.numbers.count - 1), location: try location(schema, keyword))
    }

    // MARK: Counts

    /// A keyword whose value is a count; adds an operation to one of the groups.
    private mutating func count(
        _ keyword: String, _ code: Operation.Code, _ group: WritableKeyPath<OperationGroups, [Operation]>,
        _ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        guard let node = keywords[keyword] else { return }
        let limit = try nonNegative(node, keyword, schema)
        groups[keyPath: group].append(Operation(code: code, a: limit, location: try location(schema, keyword)))
    }

    /// A whole number from 0; larger than any count that can be met is the same as the largest.
    func nonNegative(_ node: JSONNode, _ keyword: String, _ schema: Pending) throws(SchemaError) -> Int32 {
        guard let number = node.number, number.isInteger, !number.decimal.isNegative else {
            throw failure(.invalidKeyword, "`\(keyword)` is a whole number from 0", schema, keyword)
        }
        return Int32(clamping: number.int64 ?? .max)
    }

    func string(_ node: JSONNode, _ keyword: String, _ schema: Pending) throws(SchemaError) -> String {
        guard let text = node.string else { throw failure(.invalidKeyword, "`\(keyword)` is a string", schema, keyword) }
        return text
    }

    func flag(_ node: JSONNode, _ keyword: String, _ schema: Pending) throws(SchemaError) -> Bool {
        guard let value = node.bool else { throw failure(.invalidKeyword, "`\(keyword)` is `true` or `false`", schema, keyword) }
        return value
    }
}
