internal import StrictJSON

/// Turns checked documents into operations and a table of routes.
struct ModelBuilder {
    let documents: DocumentSet
    let options: OpenAPIOptions
    var shapes: ShapeBuilder
    var request: SchemaContainer
    var response: SchemaContainer
    var operations: [CompiledOperation] = []
    var routes = RouteTable<Route>()
    var warnings: [OpenAPIWarning] = []
    private var operationIDs: [String: String] = [:]
    private var routedShapes: [[PathTemplate.Segment]: String] = [:]
    private var doubledPaths: Set<String> = []

    /// What a path's route leads to.
    struct Route: Sendable {
        let method: String
        let operation: Int
        /// Names of the template's expressions in order, after those of the servers' base.
        let names: [String?]
    }

    init(documents: DocumentSet, options: OpenAPIOptions) {
        self.documents = documents
        self.options = options
        shapes = ShapeBuilder(documents: documents)
        request = SchemaContainer(documents: documents, direction: .request, refusesForeignProperties: options.refusesForeignProperties)
        response = SchemaContainer(documents: documents, direction: .response, refusesForeignProperties: options.refusesForeignProperties)
    }

    /// Builds everything.
    ///
    /// - Throws: ``OpenAPIError`` with code `limit`.
    mutating func build() throws {
        let root = documents.root
        for (path, item) in root.fields("paths") where path.hasPrefix("/") {
            try addPath(path, documents.dereferenced(item), root)
        }
        if shapes.isExhausted {
            warn(root, "schemas compose each other so often that some are judged but not searched for undocumented properties")
        }
    }

    mutating func warn(_ place: DocumentSet.Place, _ reason: String) {
        guard warnings.count < 1_000 else { return }
        warnings.append(OpenAPIWarning(file: place.file, position: place.node.position, pointer: place.pointer, reason: reason))
    }

    // MARK: Paths

    private mutating func addPath(_ path: String, _ item: DocumentSet.Place, _ root: DocumentSet.Place) throws {
        let template: PathTemplate
        do {
            template = try PathTemplate(path)
        } catch {
            warn(item, "no request can match the path: \(error.reason)")
            return
        }
        if path.contains("?") || path.contains("#") { warn(item, "no request can match the path: it holds `?` or `#`") }
        if Set(template.names).count < template.names.count { warn(item, "the path names a parameter twice") }
        for (method, operation) in methods(of: item) {
            guard operations.count < documents.limits.operations else {
                throw OpenAPIError(
                    .limit, file: operation.file, at: operation.node.position, pointer: operation.pointer,
                    "the description has more than \(documents.limits.operations) operations")
            }
            try addOperation(method, template, item, operation, root)
        }
    }

    /// The operations of a path with their methods, from fixed fields and from 3.2's additional ones.
    private func methods(of item: DocumentSet.Place) -> [(method: String, place: DocumentSet.Place)] {
        let named = Grammar.fixedMethods + (documents.version >= .v32 ? ["query"] : [])
        var result: [(method: String, place: DocumentSet.Place)] = []
        for entry in item.node.mapping?.entries ?? [] where named.contains(entry.key) {
            result.append((entry.key.uppercased(), item.child(entry.value, entry.key)))
        }
        guard documents.version >= .v32 else { return result }
        return result + item.fields("additionalOperations").map { (method: $0.name, place: $0.place) }
    }

    private mutating func addOperation(
        _ method: String, _ template: PathTemplate, _ item: DocumentSet.Place, _ place: DocumentSet.Place, _ root: DocumentSet.Place
    ) throws {
        let operation = compile(method, template, item, place, root)
        if let name = operation.info.operationID {
            if let first = operationIDs[name] { warn(place, "operationId `\(name)` is taken by \(first)") }
            operationIDs[name] = "\(method) \(template.text)"
        }
        operations.append(operation)
        for base in bases(place, item, root) {
            let names = Array(repeating: String?.none, count: base.reduce(0) { $0 + $1.expressionCount }) + template.names.map { $0 }
            let segments = base + template.segments
            routes.insert(segments, Route(method: method, operation: operations.count - 1, names: names))
            noteRoute(segments, template, item)
        }
    }

    /// Two templates that differ in names alone are the same path, which the specification forbids and real documents do.
    private mutating func noteRoute(_ segments: [PathTemplate.Segment], _ template: PathTemplate, _ item: DocumentSet.Place) {
        let key = segments.map(\.withoutNumbers)
        if let first = routedShapes[key], first != template.text {
            guard doubledPaths.insert(template.text).inserted else { return }
            warn(item, "the path matches the same requests as `\(first)`")
        } else {
            routedShapes[key] = template.text
        }
    }

    // MARK: Servers

    private mutating func bases(
        _ operation: DocumentSet.Place, _ item: DocumentSet.Place, _ root: DocumentSet.Place
    ) -> [[PathTemplate.Segment]] {
        if let fixed = options.basePaths {
            return fixed.compactMap { ServerBase.bases(url: $0, variables: [:]) }.flatMap { $0 }
        }
        let owner = [operation, item, root].first { $0.node["servers"]?.items?.isEmpty == false }
        guard let owner else { return [[]] }
        var result: [[PathTemplate.Segment]] = []
        for server in owner.elements("servers") {
            guard let found = ServerBase.bases(url: server.node["url"]?.string ?? "", variables: variables(of: server)) else {
                warn(server, "the server's path cannot be read, so it is passed over")
                continue
            }
            for base in found where !result.contains(base) && result.count < 64 { result.append(base) }
        }
        return result.isEmpty ? [[]] : result
    }

    private func variables(of server: DocumentSet.Place) -> [String: [String]] {
        var result: [String: [String]] = [:]
        for (name, variable) in server.fields("variables") {
            guard let choices = variable.node["enum"]?.items?.compactMap(\.string), !choices.isEmpty else {
                // A default that spans several segments cannot be matched by an expression, so it stands for itself.
                if let text = variable.node["default"]?.string, text.contains("/") || text.isEmpty { result[name] = [text] }
                continue
            }
            result[name] = choices
        }
        return result
    }
}

extension PathTemplate.Segment {
    var expressionCount: Int { parts.count { if case .expression = $0 { true } else { false } } }

    /// The segment with every expression numbered 0, so that equal forms are equal.
    var withoutNumbers: PathTemplate.Segment {
        PathTemplate.Segment(parts: parts.map { if case .expression = $0 { .expression(0) } else { $0 } })
    }
}
