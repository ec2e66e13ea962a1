import StrictJSON

extension SchemaCompiler {
    /// `format` and the content keywords, where they assert.
    mutating func compileStrings(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        let vocabularies = keywords.dialect.vocabularies
        if options.assertsFormats ?? vocabularies.contains(.formatAssertion), let node = keywords["format"] {
            try compileFormat(try string(node, "format", schema), keywords.draft, schema, &groups)
        }
        guard options.assertsContent, keywords.draft >= .draft7, vocabularies.contains(.content) else { return }
        let isBase64 = keywords["contentEncoding"]?.string.map { $0.lowercased() == "base64" } ?? false
        for (keyword, code) in [("contentEncoding", Operation.Code.contentEncoding), ("contentMediaType", .contentMediaType)] {
            guard let node = keywords[keyword] else { continue }
            parts.texts.append(try string(node, keyword, schema).lowercased())
            groups.string.append(
                Operation(code: code, a: Int32(parts.texts.count - 1), b: isBase64 ? 1 : 0, location: try location(schema, keyword)))
        }
    }

    private mutating func compileFormat(
        _ name: String, _ draft: Dialect.Draft, _ schema: Pending, _ groups: inout OperationGroups
    ) throws(SchemaError) {
        guard let format = Format(name: name, draft: draft) else { return }
        parts.texts.append(name)
        let operation = Operation(
            code: .format, a: Int32(format.rawValue), b: Int32(parts.texts.count - 1), location: try location(schema, "format"))
        if format.isNumeric { groups.number.append(operation) } else { groups.string.append(operation) }
    }
}
