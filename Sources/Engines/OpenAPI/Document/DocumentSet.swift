/// All files of one description with every reference followed and checked.
struct DocumentSet: Sendable {
    /// A node and where it lies; what a reference leads to.
    struct Place: Sendable {
        let file: String
        let pointer: String
        let node: Node
    }

    let version: OpenAPIVersion
    let entry: SourceFile
    private(set) var files: [String: SourceFile]
    private var anchors: [String: Place] = [:]
    private(set) var warnings: [OpenAPIWarning] = []

    let limits: DocumentLimits
    private let resolver: OpenAPIResolver
    private var totalBytes: Int

    /// Reads the first file and all it draws in.
    ///
    /// - Throws: ``OpenAPIError``.
    init(name: String, bytes: [UInt8], limits: DocumentLimits, resolver: @escaping OpenAPIResolver) throws {
        entry = try SourceFile(name: name, bytes: bytes, limits: limits)
        files = [name: entry]
        warnings = entry.warnings
        totalBytes = bytes.count
        self.limits = limits
        self.resolver = resolver
        version = try DocumentSet.version(of: entry)
        try checkAll()
    }

    private static func version(of file: SourceFile) throws -> OpenAPIVersion {
        func refusal(_ node: Node, _ pointer: String, _ reason: String) -> OpenAPIError {
            OpenAPIError(.version, file: file.name, at: node.position, pointer: pointer, reason)
        }
        guard file.root.mapping != nil else { throw refusal(file.root, "", "an OpenAPI document is an object, not \(file.root.kindName)") }
        if let swagger = file.root["swagger"] {
            throw refusal(swagger, "/swagger", "this is Swagger 2.0, which is not read: convert it to OpenAPI 3 first")
        }
        guard let field = file.root["openapi"] else { throw refusal(file.root, "", "the field `openapi` is missing") }
        guard let text = field.string else { throw refusal(field, "/openapi", "the version is text in quotes, such as `\"3.1.1\"`") }
        guard let version = OpenAPIVersion(field: text) else {
            throw refusal(field, "/openapi", "version `\(text.prefix(40))` is none of 3.0, 3.1 and 3.2")
        }
        return version
    }
}

/// Gives the bytes of a file that a reference names, by path or URL as resolved against the file it stands in; nil where it is not at hand.
public typealias OpenAPIResolver = @Sendable (_ name: String) throws -> [UInt8]?

// MARK: Checking

extension DocumentSet {
    private struct Visit: Hashable {
        let node: ObjectIdentifier
        let kind: ObjectKind?
    }

    /// Checks the structure of the first file, then of everything that references lead to.
    private mutating func checkAll() throws {
        let grammar = Grammar(version)
        var visited: Set<Visit> = []
        var checker = StructureChecker(grammar: grammar, file: entry.name)
        try checker.check(entry.root, as: .object(.openAPI))
        visited.formUnion(checker.checkedSchemas.map { Visit(node: ObjectIdentifier($0), kind: nil) })
        try addAnchors(of: checker)
        var queue = checker.references.map { (entry.name, $0) }
        var next = 0
        while next < queue.count {
            let (file, reference) = queue[next]
            next += 1
            guard let place = try follow(reference, in: file) else { continue }
            guard visited.insert(Visit(node: ObjectIdentifier(place.node), kind: reference.kind)).inserted else { continue }
            var checker = StructureChecker(grammar: grammar, file: place.file)
            try checker.check(place.node, as: reference.kind.map { .object($0) } ?? .schema, at: PointerText.tokens(place.pointer) ?? [])
            visited.formUnion(checker.checkedSchemas.map { Visit(node: ObjectIdentifier($0), kind: nil) })
            try addAnchors(of: checker)
            queue += checker.references.map { (place.file, $0) }
        }
    }

    private mutating func addAnchors(of checker: StructureChecker) throws {
        for anchor in checker.anchors {
            anchors[anchor.name] = Place(file: checker.file, pointer: anchor.pointer, node: anchor.node)
        }
    }

    /// Goes on while a reference leads to another one. A Path Item's own `$ref` and a schema's are left standing.
    private mutating func follow(_ reference: StructureChecker.Reference, in file: String) throws -> Place? {
        func refusal(_ reason: String) -> OpenAPIError {
            OpenAPIError(.reference, file: file, at: reference.node.position, pointer: reference.pointer, reason)
        }
        if reference.kind == nil, DocumentSet.isMetaschema(reference.target) { return nil }
        guard var place = try load(reference.target, from: file, base: reference.base) else {
            throw refusal("reference `\(reference.target.prefix(200))` leads nowhere")
        }
        if reference.kind == nil {
            return try straightened(place) { refusal("reference `\(reference.target.prefix(200))` leads in a circle") }
        }
        var passed = 0
        while let kind = reference.kind, let next = place.node["$ref"]?.string {
            passed += 1
            guard passed <= 32 else { throw refusal("reference `\(reference.target.prefix(200))` leads in a circle") }
            guard let further = try load(next, from: place.file, base: nil) else { return kind == .pathItem ? place : nil }
            place = further
        }
        return place
    }

    /// The place of a schema, unless its `$ref` and those after it come back to where they have been.
    private mutating func straightened(_ place: Place, _ refusal: () -> OpenAPIError) throws -> Place {
        var current = place
        var seen: Set<ObjectIdentifier> = []
        while let target = current.node["$ref"]?.string, !DocumentSet.isMetaschema(target) {
            guard seen.insert(ObjectIdentifier(current.node)).inserted else { throw refusal() }
            guard let next = try load(target, from: current.file, base: nil) else { return place }
            current = next
        }
        return place
    }

    /// The schemas that JSON Schema's own drafts publish are known to the schema engine.
    static func isMetaschema(_ target: String) -> Bool {
        target.hasPrefix("https://json-schema.org/draft/") || target.hasPrefix("http://json-schema.org/draft-")
    }
}

// MARK: Looking up

extension DocumentSet {
    /// What a reference leads to among the files that are loaded; nil where it leads nowhere.
    func resolve(_ target: String, from file: String, base: String? = nil) -> Place? {
        guard let uri = ReferenceURI(target) else { return nil }
        for name in candidates(uri.file, from: file, base: base) {
            if !uri.fragment.isEmpty, !uri.fragment.hasPrefix("/") {
                if let place = anchors[name + "#" + uri.fragment] { return place }
            } else if let place = root(name).flatMap({ node(at: uri.fragment, from: $0) }) {
                return place
            }
        }
        return nil
    }

    private func root(_ name: String) -> Place? {
        anchors[name + "#"] ?? files[name].map { Place(file: name, pointer: "", node: $0.root) }
    }

    /// The names a reference's file part may mean: by the enclosing `$id`, by `$self`, by the file's own name.
    private func candidates(_ part: String, from file: String, base: String?) -> [String] {
        if part.isEmpty { return [base ?? file, file] }
        var names = base.map { [ReferenceURI.resolve(part, from: $0)] } ?? []
        if let own = files[file]?.root["$self"]?.string, version >= .v32 {
            let byIdentity = ReferenceURI.resolve(part, from: own)
            names.append(byIdentity == own ? file : byIdentity)
        }
        return names + [ReferenceURI.resolve(part, from: file)]
    }

    private mutating func load(_ target: String, from file: String, base: String?) throws -> Place? {
        if let place = resolve(target, from: file, base: base) { return place }
        guard let uri = ReferenceURI(target), !uri.file.isEmpty else { return nil }
        for name in candidates(uri.file, from: file, base: base) where files[name] == nil {
            guard let bytes = try resolver(name) else { continue }
            try add(name, bytes, from: file)
            if let place = resolve(target, from: file, base: base) { return place }
        }
        return nil
    }

    private mutating func add(_ name: String, _ bytes: [UInt8], from file: String) throws {
        totalBytes += bytes.count
        guard files.count < limits.files, totalBytes <= limits.totalBytes else {
            throw OpenAPIError(
                .limit, file: file, at: SourcePosition(line: 1, column: 1), "references draw in more files than the limits allow")
        }
        let source = try SourceFile(name: name, bytes: bytes, limits: limits)
        files[name] = source
        warnings += source.warnings
    }

    private func node(at pointer: String, from place: Place) -> Place? {
        guard let tokens = PointerText.tokens(pointer) else { return nil }
        var node = place.node
        for token in tokens {
            let next = node.items.map { items in Int(token).flatMap { items.indices.contains($0) ? items[$0] : nil } } ?? node[token]
            guard let next else { return nil }
            node = next
        }
        return Place(file: place.file, pointer: place.pointer + pointer, node: node)
    }
}
