import StrictJSON

extension SchemaRegistry {
    /// Where a reference leads.
    struct Target {
        var node: NodeID
        /// The resource the node belongs to.
        var resource: Int
        /// The name, where the reference ended in one and the name is a dynamic anchor of the resource.
        var dynamicName: String?
    }

    /// Follows a reference seen from a resource.
    ///
    /// - Throws: ``SchemaError/Code/unresolvedReference``.
    mutating func resolve(_ reference: String, from resource: Int, location: String) throws(SchemaError) -> Target {
        let parts = URIParts(resources[resource].uri).resolve(URIParts(reference))
        let key = Self.key(parts.text)
        guard let found = key == resources[resource].uri ? resource : try self.resource(at: key) else {
            throw Self.unresolved(reference, "there is no document `\(key)`", location)
        }
        guard let fragment = URIParts.percentDecoded(parts.fragment ?? "") else {
            throw Self.unresolved(reference, "its fragment is badly encoded", location)
        }
        if fragment.isEmpty || fragment.hasPrefix("/") { return try follow(fragment, in: found, reference, location) }
        guard let node = resources[found].anchors[fragment] else {
            throw Self.unresolved(reference, "there is no anchor `\(fragment)`", location)
        }
        let isDynamic = resources[found].dynamicAnchors[fragment] != nil
        return Target(node: node, resource: membership[node] ?? found, dynamicName: isDynamic ? fragment : nil)
    }

    /// Follows a JSON Pointer, through schemas with names of their own too.
    private mutating func follow(_ fragment: String, in resource: Int, _ reference: String, _ location: String) throws(SchemaError)
        -> Target
    {
        guard let pointer = try? JSONPointer(parsing: fragment) else {
            throw Self.unresolved(reference, "its fragment is no JSON Pointer", location)
        }
        let document = resources[resource].root.document
        var node = node(resources[resource].root)
        var current = membership[resources[resource].root] ?? resource
        for token in pointer.tokens {
            guard let next = node.kind == .array ? JSONPointer.arrayIndex(token).flatMap({ node[$0] }) : node[token] else {
                throw Self.unresolved(reference, "there is nothing at `\(token)`", location)
            }
            node = next
            current = membership[NodeID(document: document, entry: node.index)] ?? current
        }
        let id = NodeID(document: document, entry: node.index)
        try scan(id, resource: current)
        return Target(node: id, resource: membership[id] ?? current, dynamicName: nil)
    }

    private static func unresolved(_ reference: String, _ why: String, _ location: String) -> SchemaError {
        SchemaError(code: .unresolvedReference, reason: "the reference `\(reference)` leads nowhere: \(why)", location: location)
    }
}
