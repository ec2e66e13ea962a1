internal import StrictJSON

/// Reads the shapes of schemas from their nodes; each schema once.
struct ShapeBuilder {
    /// What one schema says with everything it refers to and composes.
    private struct Flat {
        var types = TypeSet.all
        var items: [DocumentSet.Place] = []
        var properties: [(name: String, place: DocumentSet.Place)] = []
        var additional: [DocumentSet.Place] = []
        var certain: Set<String> = []
        var own = ValueShape()
    }

    private let documents: DocumentSet
    private(set) var table = ShapeTable()
    private var known: [[ObjectIdentifier]: Int] = [:]
    private var pending: [(number: Int, places: [DocumentSet.Place])] = []
    private let limit = 200_000
    /// Schemas that may still be looked at; composition that multiplies is given up, and what is left has no shape.
    private var budget = 2_000_000
    /// True once schemas were left without a shape.
    var isExhausted: Bool { budget <= 0 || table.shapes.count >= limit }

    init(documents: DocumentSet) { self.documents = documents }

    /// The number of a schema's shape.
    mutating func shape(of place: DocumentSet.Place?) -> Int {
        guard let place else { return ShapeTable.anything }
        let number = reserve([place])
        while let next = pending.popLast() { fill(next.number, next.places) }
        return number
    }

    private mutating func reserve(_ places: [DocumentSet.Place]) -> Int {
        guard !places.isEmpty, !isExhausted else { return ShapeTable.anything }
        let key = places.map { ObjectIdentifier($0.node) }
        if let number = known[key] { return number }
        let number = table.reserve()
        known[key] = number
        pending.append((number, places))
        return number
    }

    private mutating func fill(_ number: Int, _ places: [DocumentSet.Place]) {
        var flat = Flat()
        for (offset, place) in places.enumerated() {
            var visited: Set<ObjectIdentifier> = []
            let next = flatten(place, &visited)
            flat = offset == 0 ? next : union(flat, next)
        }
        var shape = flat.own
        shape.types = flat.types
        shape.certainProperties = flat.certain
        if !flat.items.isEmpty { shape.items = reserve(flat.items) }
        if !flat.additional.isEmpty { shape.additional = reserve(flat.additional) }
        let byName = Dictionary(grouping: flat.properties, by: \.name)
        for (name, places) in byName { shape.properties[name] = reserve(distinct(places.map(\.place))) }
        table[number] = shape
    }

    private func distinct(_ places: [DocumentSet.Place]) -> [DocumentSet.Place] {
        var seen: Set<ObjectIdentifier> = []
        return places.filter { seen.insert(ObjectIdentifier($0.node)).inserted }
    }

    // MARK: One schema

    private mutating func flatten(_ place: DocumentSet.Place, _ visited: inout Set<ObjectIdentifier>) -> Flat {
        budget -= 1
        guard visited.count < 400, visited.insert(ObjectIdentifier(place.node)).inserted else { return Flat() }
        let node = place.node
        if node.bool == false {
            var nothing = Flat()
            nothing.types = []
            return nothing
        }
        var flat = own(place)
        if let target = node["$ref"]?.string, let next = documents.resolve(target, from: place.file) {
            let referred = flatten(next, &visited)
            if documents.version == .v30 { return referred }
            flat = intersection(flat, referred)
        }
        for branch in branches("allOf", place) { flat = intersection(flat, flatten(branch, &visited)) }
        for keyword in ["oneOf", "anyOf"] {
            var choices: [Flat] = []
            for branch in branches(keyword, place) { choices.append(flatten(branch, &visited)) }
            guard let first = choices.first else { continue }
            flat = intersection(flat, choices.dropFirst().reduce(first) { union($0, $1) })
        }
        for keyword in ["then", "else"] {
            guard let branch = node[keyword], branch.mapping != nil else { continue }
            let choice = flatten(place.child(branch, keyword), &visited)
            flat.properties += choice.properties
        }
        return flat
    }

    private func branches(_ keyword: String, _ place: DocumentSet.Place) -> [DocumentSet.Place] {
        (place.node[keyword]?.items ?? []).enumerated().map { place.child($1, keyword, String($0)) }
    }

    private func own(_ place: DocumentSet.Place) -> Flat {
        let node = place.node
        var flat = Flat()
        flat.types = types(of: node)
        if let items = node["items"], items.mapping != nil { flat.items.append(place.child(items, "items")) }
        if flat.items.isEmpty, let first = node["prefixItems"]?.items?.first { flat.items.append(place.child(first, "prefixItems", "0")) }
        for entry in node["properties"]?.mapping?.entries ?? [] {
            flat.properties.append((entry.key, place.child(entry.value, "properties", entry.key)))
            flat.certain.insert(entry.key)
        }
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            guard let rest = node[keyword] else { continue }
            if rest.bool == false { flat.own.allowsAdditional = false }
            if rest.mapping != nil { flat.additional.append(place.child(rest, keyword)) }
        }
        for entry in node["patternProperties"]?.mapping?.entries ?? [] {
            flat.own.allowsAdditional = true
            flat.additional.append(place.child(entry.value, "patternProperties", entry.key))
        }
        annotate(&flat.own, node)
        return flat
    }

    private func annotate(_ shape: inout ValueShape, _ node: Node) {
        shape.isReadOnly = node["readOnly"]?.bool == true
        shape.isSecret = node["format"]?.string == "password"
        shape.isWriteOnly = node["writeOnly"]?.bool == true
        shape.defaultValue = node["default"].map(JSONValue.init)
        shape.contentEncoding = node["contentEncoding"]?.string
        shape.contentMediaType = node["contentMediaType"]?.string
        shape.isBinary = node["format"]?.string == "binary" || (shape.contentMediaType != nil && shape.contentEncoding == nil)
        shape.minimumLength = node["minLength"]?.integer
        shape.maximumLength = node["maxLength"]?.integer
        guard let xml = node["xml"] else { return }
        shape.xml.name = xml["name"]?.string
        shape.xml.namespace = xml["namespace"]?.string
        let nodeType = xml["nodeType"]?.string
        shape.xml.isAttribute = xml["attribute"]?.bool == true || nodeType == "attribute"
        shape.xml.isWrapped = xml["wrapped"]?.bool == true || nodeType == "element"
        shape.xml.isText = nodeType == "text" || nodeType == "cdata"
        shape.xml.isTransparent = nodeType == "none"
    }

    private func types(of node: Node) -> TypeSet {
        if let name = node["type"]?.string, var set = TypeSet(name: name) {
            if node["nullable"]?.bool == true { set.insert(.null) }
            return set
        }
        if let names = node["type"]?.items { return names.reduce(into: []) { $0.formUnion($1.string.flatMap(TypeSet.init) ?? []) } }
        if let values = node["enum"]?.items { return values.reduce(into: []) { $0.formUnion(TypeSet(of: $1)) } }
        if let value = node["const"] { return TypeSet(of: value) }
        return .all
    }

    // MARK: Composition

    private func intersection(_ left: Flat, _ right: Flat) -> Flat {
        var flat = merged(left, right)
        flat.types = left.types.intersection(right.types)
        flat.certain = left.certain.union(right.certain)
        flat.own.allowsAdditional = left.own.allowsAdditional && right.own.allowsAdditional
        return flat
    }

    private func union(_ left: Flat, _ right: Flat) -> Flat {
        var flat = merged(left, right)
        flat.types = left.types.union(right.types)
        flat.certain = left.certain.intersection(right.certain)
        flat.own.allowsAdditional = left.own.allowsAdditional || right.own.allowsAdditional
        return flat
    }

    private func merged(_ left: Flat, _ right: Flat) -> Flat {
        var flat = left
        flat.items += right.items
        flat.properties += right.properties
        flat.additional += right.additional
        flat.own.isReadOnly = left.own.isReadOnly || right.own.isReadOnly
        flat.own.isWriteOnly = left.own.isWriteOnly || right.own.isWriteOnly
        flat.own.isSecret = left.own.isSecret || right.own.isSecret
        flat.own.isBinary = left.own.isBinary || right.own.isBinary
        flat.own.defaultValue = left.own.defaultValue ?? right.own.defaultValue
        flat.own.contentEncoding = left.own.contentEncoding ?? right.own.contentEncoding
        flat.own.contentMediaType = left.own.contentMediaType ?? right.own.contentMediaType
        flat.own.minimumLength = left.own.minimumLength ?? right.own.minimumLength
        flat.own.maximumLength = left.own.maximumLength ?? right.own.maximumLength
        if left.own.xml == ValueShape.XMLHints() { flat.own.xml = right.own.xml }
        return flat
    }
}

extension DocumentSet.Place {
    /// The place of a node below this one.
    func child(_ node: Node, _ tokens: String...) -> DocumentSet.Place {
        DocumentSet.Place(file: file, pointer: tokens.reduce(pointer) { $0 + "/" + PointerText.escape($1) }, node: node)
    }
}
