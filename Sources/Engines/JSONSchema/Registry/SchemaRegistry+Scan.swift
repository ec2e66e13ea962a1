import StrictJSON

extension SchemaRegistry {
    /// Notes the identifiers in a schema and in all its subschemas.
    mutating func scan(_ id: NodeID, resource: Int, depth: Int = 0) throws(SchemaError) {
        guard membership[id] == nil else { return }
        guard depth < 400 else {
            throw SchemaError(code: .limit, reason: "subschemas are nested more than 400 deep", location: resources[resource].uri)
        }
        let node = node(id)
        guard node.kind == .object else {
            membership[id] = resource
            return
        }
        let own = try enterResource(node, id, from: resource)
        membership[id] = own
        try noteAnchors(node, id, resource: own)
        let dialect = resources[own].dialect
        for member in node.members {
            guard let place = dialect.subschemas(of: member.name) else { continue }
            for subschema in member.value.subschemas(place) {
                try scan(NodeID(document: id.document, entry: subschema.index), resource: own, depth: depth + 1)
            }
        }
    }

    /// Begins a resource where the schema names itself, and applies `$schema`.
    private mutating func enterResource(_ node: JSONNode, _ id: NodeID, from parent: Int) throws(SchemaError) -> Int {
        let isRoot = resources[parent].root == id
        var dialect = resources[parent].dialect
        // An embedded schema of another draft is recognized by its own `$schema`, so that comes first.
        let schema = node["$schema"]?.string
        if let schema, let named = try dialectNamed(schema, location: resources[parent].uri) { dialect = named }
        if isRoot { resources[parent].dialect = dialect }
        if dialect.ignoresSiblingsOfReference && node["$ref"] != nil { return parent }
        guard let keyword = dialect.identifierKeyword, let text = node[keyword]?.string, !text.hasPrefix("#") else { return parent }
        return try beginResource(text, id, dialect, parent: parent)
    }

    private mutating func beginResource(_ text: String, _ id: NodeID, _ dialect: Dialect, parent: Int) throws(SchemaError) -> Int {
        let uri = Self.key(URIParts(resources[parent].uri).resolve(URIParts(text)).text)
        if let known = resourceByURI[uri] {
            if resources[known].root == id { return known }
            guard node(resources[known].root).value == node(id).value else {
                throw SchemaError(code: .duplicateIdentifier, reason: "two schemas are called `\(uri)`", location: uri)
            }
        }
        resources.append(Resource(uri: uri, root: id, dialect: dialect))
        resourceByURI[uri] = resources.count - 1
        // A document reached by another URI than its own name is one resource with two names.
        if resources[parent].root == id { alias(parent, to: resources.count - 1) }
        return resources.count - 1
    }

    private mutating func alias(_ old: Int, to new: Int) {
        resourceByURI[resources[old].uri] = new
    }

    private mutating func noteAnchors(_ node: JSONNode, _ id: NodeID, resource: Int) throws(SchemaError) {
        let dialect = resources[resource].dialect
        if dialect.draft <= .draft7, let keyword = dialect.identifierKeyword, let name = node[keyword]?.string,
            let fragment = URIParts(name).fragment, !fragment.isEmpty, node["$ref"] == nil
        {
            resources[resource].anchors[fragment] = id
        }
        guard dialect.draft >= .draft201909 else { return }
        if let name = node["$anchor"]?.string { resources[resource].anchors[name] = id }
        if dialect.draft == .draft202012, let name = node["$dynamicAnchor"]?.string {
            resources[resource].anchors[name] = id
            resources[resource].dynamicAnchors[name] = id
        }
        if dialect.draft == .draft201909, node["$recursiveAnchor"]?.bool == true {
            resources[resource].dynamicAnchors[recursiveAnchorName] = id
        }
    }
}
