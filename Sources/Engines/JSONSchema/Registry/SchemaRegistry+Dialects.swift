import StrictJSON

extension SchemaRegistry {
    /// The dialect that a `$schema` value names; nil for a relative name, which says nothing.
    mutating func dialectNamed(_ uri: String, location: String) throws(SchemaError) -> Dialect? {
        if let dialect = Dialect(uri: uri) { return dialect }
        guard let index = try resource(at: Self.key(uri)) else {
            throw SchemaError(code: .unknownDialect, reason: "the dialect `\(uri)` is not known", location: location)
        }
        return try dialect(ofMetaschema: index, depth: 0)
    }

    /// What a metaschema says by its own `$schema` and `$vocabulary`.
    private mutating func dialect(ofMetaschema index: Int, depth: Int) throws(SchemaError) -> Dialect {
        let root = node(resources[index].root)
        var dialect = resources[index].dialect
        guard let vocabulary = root["$vocabulary"], vocabulary.kind == .object else { return dialect }
        dialect.vocabularies = .core
        for member in vocabulary.members {
            if let (draft, known) = Self.vocabulary(member.name) {
                dialect.draft = draft
                dialect.vocabularies.formUnion(known)
            } else if member.value.bool == true {
                throw SchemaError(
                    code: .unknownVocabulary, reason: "the vocabulary `\(member.name)` is required but not known",
                    location: resources[index].uri)
            }
        }
        return dialect
    }

    /// The vocabulary behind a URI of the standard or of OpenAPI.
    private static func vocabulary(_ uri: String) -> (Dialect.Draft, Dialect.Vocabularies)? {
        if uri.hasPrefix("https://spec.openapis.org/oas/3.") && uri.contains("/vocab/base") { return (.draft202012, .metaData) }
        let drafts: [(String, Dialect.Draft)] = [
            ("https://json-schema.org/draft/2019-09/vocab/", .draft201909), ("https://json-schema.org/draft/2020-12/vocab/", .draft202012),
        ]
        guard let (prefix, draft) = drafts.first(where: { uri.hasPrefix($0.0) }) else { return nil }
        switch uri.dropFirst(prefix.count) {
        case "core": return (draft, .core)
        // The applicators of 2019-09 include the unevaluated ones.
        case "applicator": return (draft, draft == .draft201909 ? [.applicator, .unevaluated] : .applicator)
        case "unevaluated" where draft == .draft202012: return (draft, .unevaluated)
        case "validation": return (draft, .validation)
        case "meta-data": return (draft, .metaData)
        case "format" where draft == .draft201909: return (draft, .formatAnnotation)
        case "format-annotation" where draft == .draft202012: return (draft, .formatAnnotation)
        case "format-assertion" where draft == .draft202012: return (draft, .formatAssertion)
        case "content": return (draft, .content)
        default: return nil
        }
    }

    /// The resource at a URI without fragment; loads a metaschema of the standard when it is first asked for.
    mutating func resource(at uri: String) throws(SchemaError) -> Int? {
        if let index = resourceByURI[uri] { return index }
        guard let metaschema = standard[uri] else { return nil }
        try add(metaschema, at: uri)
        return resourceByURI[uri]
    }
}
