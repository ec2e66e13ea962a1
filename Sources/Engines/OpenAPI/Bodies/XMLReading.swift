internal import StrictJSON

/// Reads an XML element as the value its schema describes, by the hints of XML Objects.
struct XMLReading {
    let shapes: ShapeTable
    let prefersText: Bool
    private static let instance = "http://www.w3.org/2001/XMLSchema-instance"

    func value(_ element: XMLElement, shape: Int) -> JSONValue {
        let facts = shapes[shape]
        if element.attributes.contains(where: { $0.name == "nil" && $0.namespace == XMLReading.instance && $0.value == "true" }),
            facts.types.contains(.null)
        {
            return .null
        }
        let hasStructure = !element.elements.isEmpty || !element.attributes.isEmpty
        if facts.types.contains(.array), facts.types.isDisjoint(with: .object) { return list(element.elements, shape) }
        if facts.types.contains(.object), hasStructure || facts.types.isDisjoint(with: .scalars.subtracting(.null)) {
            return object(element, facts, shape)
        }
        return scalar(element.text, shape)
    }

    private func list(_ elements: [XMLElement], _ shape: Int) -> JSONValue {
        .array(elements.map { value($0, shape: shapes.items(of: shape)) })
    }

    private func scalar(_ text: String, _ shape: Int) -> JSONValue {
        let isText = shapes[shape].types.contains(.string)
        return ValueReading(shapes: shapes, prefersText: prefersText).scalar(
            isText ? text : String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()), shape)
    }

    // MARK: Objects

    private func object(_ element: XMLElement, _ facts: ValueShape, _ shape: Int) -> JSONValue {
        var members: [(String, JSONValue)] = []
        var used: Set<Int> = []
        let children = element.elements
        for (name, inner) in facts.properties.sorted(by: { $0.key < $1.key }) {
            if let value = property(name, inner, element, children, &used) { members.append((name, value)) }
        }
        for (offset, child) in children.enumerated() where !used.contains(offset) {
            members.append((child.name, value(child, shape: facts.additional ?? ShapeTable.anything)))
        }
        return .object(JSONObject(merged(members)))
    }

    /// Elements of the same name that nothing describes become an array, so that none is lost.
    private func merged(_ members: [(String, JSONValue)]) -> [(String, JSONValue)] {
        var result: [(String, JSONValue)] = []
        for (name, value) in members {
            guard let known = result.firstIndex(where: { $0.0 == name }) else {
                result.append((name, value))
                continue
            }
            result[known].1 = .array((result[known].1.array ?? [result[known].1]) + [value])
        }
        return result
    }

    private func property(_ name: String, _ shape: Int, _ element: XMLElement, _ children: [XMLElement], _ used: inout Set<Int>)
        -> JSONValue?
    {
        let facts = shapes[shape]
        let outer = facts.xml.name ?? name
        if facts.xml.isAttribute {
            let found = element.attributes.first { $0.name == outer && (facts.xml.namespace == nil || $0.namespace == facts.xml.namespace) }
            return found.map { scalar($0.value, shape) }
        }
        if facts.xml.isText { return scalar(element.text, shape) }
        guard facts.types.contains(.array), facts.types.isDisjoint(with: .object) else {
            let found = children.indices.filter { fits(children[$0], outer, facts) }
            used.formUnion(found)
            if found.count > 1 { return .array(found.map { value(children[$0], shape: shape) }) }
            return found.first.map { value(children[$0], shape: shape) }
        }
        let item = shapes[shapes.items(of: shape)]
        let itemName = item.xml.name ?? (facts.xml.isWrapped ? outer : name)
        if facts.xml.isWrapped {
            let wrappers = children.indices.filter { fits(children[$0], outer, facts) }
            used.formUnion(wrappers)
            guard wrappers.count == 1, let wrapper = wrappers.first.map({ children[$0] }) else { return nil }
            return .array(wrapper.elements.map { $0.name == itemName ? value($0, shape: shapes.items(of: shape)) : .null })
        }
        let found = children.indices.filter { fits(children[$0], itemName, item) }
        used.formUnion(found)
        return found.isEmpty ? nil : .array(found.map { value(children[$0], shape: shapes.items(of: shape)) })
    }

    private func fits(_ element: XMLElement, _ name: String, _ facts: ValueShape) -> Bool {
        element.name == name && (facts.xml.namespace == nil || element.namespace == facts.xml.namespace)
    }
}
