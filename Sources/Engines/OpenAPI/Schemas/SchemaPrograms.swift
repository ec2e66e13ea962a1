internal import JSONSchema
internal import StrictJSON

/// The compiled schemas of a description for one direction, by number.
struct SchemaPrograms: Sendable {
    private let schemas: [JSONSchema]
    private let places: [String: (file: String, pointer: String)]
    private let discriminators: [String: SchemaContainer.Discriminator]
    private let foreign: Set<String>
    private let foreignKeyword: String

    /// Schemas that something refers to.
    var count: Int { schemas.count }

    /// Compiles what a container holds.
    ///
    /// A keyword the engine does not accept (a pattern that is no regular expression, a limit that is no number) is dropped and reported by
    /// `warn`, or refuses the document where `isStrict`.
    /// - Throws: ``OpenAPIError`` with code `schema`.
    init(
        _ source: SchemaContainer, documents: DocumentSet, isStrict: Bool, keyword: String, warn: (OpenAPIWarning) -> Void
    ) throws {
        var container = source
        container.convertAll()
        places = container.prefixes
        discriminators = container.discriminators
        foreign = container.foreign
        foreignKeyword = keyword
        var dropped = 0
        while true {
            do {
                schemas = try SchemaPrograms.compile(container, documents)
                return
            } catch let error as SchemaError {
                let place = SchemaPrograms.place(of: error.location, places) ?? (documents.entry.name, "")
                let node =
                    documents.resolve("#" + PointerText.percentEncoded(place.pointer), from: place.file)?.node ?? documents.entry.root
                dropped += 1
                guard !isStrict, dropped <= 200, container.drop(error.location) else {
                    throw OpenAPIError(.schema, file: place.file, at: node.position, pointer: place.pointer, error.reason)
                }
                warn(
                    OpenAPIWarning(
                        file: place.file, position: node.position, pointer: place.pointer, reason: "not enforced: \(error.reason)"))
            }
        }
    }

    private static func compile(_ container: SchemaContainer, _ documents: DocumentSet) throws -> [JSONSchema] {
        var registry = SchemaRegistry()
        for file in container.fileNames.indices {
            try registry.add(
                container: JSONDocument(container.document(file: file)), at: SchemaContainer.uri(file: file), dialect: dialect(documents))
        }
        var options = SchemaOptions()
        options.assertsFormats = true
        var compiler = SchemaCompiler(registry: registry, options: options)
        var entries: [SchemaCompiler.Entry] = []
        for number in 0..<container.count { entries.append(try compiler.entry(container.uri(of: number))) }
        let set = try compiler.finish()
        return entries.map { set[$0] }
    }

    private static func dialect(_ documents: DocumentSet) -> Dialect {
        if documents.version == .v30 { return .openAPI30 }
        switch documents.entry.root["jsonSchemaDialect"]?.string {
        case "http://json-schema.org/draft-07/schema#"?, "http://json-schema.org/draft-07/schema"?: return .draft7
        case "https://json-schema.org/draft/2019-09/schema"?: return .draft201909
        default: return .openAPI31
        }
    }

    private static func place(
        of location: String, _ places: [String: (file: String, pointer: String)]
    ) -> (file: String, pointer: String)? {
        let parts = location.split(separator: "/", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, let found = places[parts[0..<4].joined(separator: "/")] else { return nil }
        return (found.file, found.pointer + (parts.count > 4 ? "/" + parts[4] : ""))
    }
}

// MARK: Judging

extension SchemaPrograms {
    func isValid(_ node: JSONNode, _ number: Int) -> Bool { schemas[number].isValid(node) }

    /// What is wrong with a value that is not valid; at least one issue.
    func issues(in node: JSONNode, _ number: Int, at location: OpenAPIIssue.Location, name: String, limit: Int) -> [OpenAPIIssue] {
        let found = schemas[number].errors(in: node, limit: limit).flatMap { issues(of: $0, location, name, limit, depth: 0) }
        return found.isEmpty ? [OpenAPIIssue(location, name: name, keyword: "schema", "the value does not fit its schema")] : found
    }

    /// One issue for an error; for a choice with a discriminator those of the branch it names.
    private func issues(
        of error: ValidationError, _ location: OpenAPIIssue.Location, _ name: String, _ limit: Int, depth: Int
    ) -> [OpenAPIIssue] {
        let place = SchemaPrograms.place(of: error.absoluteKeywordLocation, places)
        if error.keyword == "oneOf" || error.keyword == "anyOf", depth < 8, let place {
            let owner = place.file + "#" + place.pointer.dropLast(error.keyword.utf8.count + 1)
            if let discriminator = discriminators[owner] {
                return chosen(discriminator, error, place.pointer, location, name, limit, depth: depth)
            }
        }
        let isForeign = error.keyword.isEmpty && (place.map { foreign.contains($0.file + "#" + $0.pointer) } ?? false)
        let reason = !isForeign ? error.message : foreignKeyword == "readOnly" ? "only responses may hold it" : "only requests may hold it"
        return [
            OpenAPIIssue(
                location, name: name, pointer: error.instanceLocation.description, schemaPointer: place?.pointer ?? "",
                keyword: isForeign ? foreignKeyword : error.keyword.isEmpty ? "false" : error.keyword, reason)
        ]
    }

    /// The verdict stands; the discriminator only says which branch's errors are worth telling.
    private func chosen(
        _ discriminator: SchemaContainer.Discriminator, _ error: ValidationError, _ pointer: String, _ location: OpenAPIIssue.Location,
        _ name: String, _ limit: Int, depth: Int
    ) -> [OpenAPIIssue] {
        func issue(_ keyword: String, _ suffix: String, _ reason: String) -> [OpenAPIIssue] {
            [
                OpenAPIIssue(
                    location, name: name, pointer: error.instanceLocation.description + suffix, schemaPointer: pointer, keyword: keyword,
                    reason)
            ]
        }
        let suffix = "/" + PointerText.escape(discriminator.property)
        guard let text = error.value[discriminator.property]?.string else {
            return issue("discriminator", suffix, "the property that names the kind is missing or is not text")
        }
        guard let number = discriminator.branches[text] ?? discriminator.defaultBranch else {
            return issue("discriminator", suffix, "it names none of the documented kinds")
        }
        let inner = schemas[number].errors(in: error.value, limit: limit).flatMap {
            issues(of: $0, location, name, limit, depth: depth + 1)
        }
        return inner.isEmpty ? issue(error.keyword, "", error.message) : inner
    }
}
