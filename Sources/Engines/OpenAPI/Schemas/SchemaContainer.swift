internal import StrictJSON

/// The schemas of a description as documents that the schema engine takes: one a file, without anything around them.
///
/// Each schema that something refers to gets a number, and `$ref` is rewritten to it, so that looking one up is cheap however large the
/// description is. ``prefixes`` turns places in these documents back into places in the files.
struct SchemaContainer {
    /// Which of `readOnly` and `writeOnly` properties may be there.
    enum Direction: Sendable, Hashable {
        case request, response
    }

    private struct Root {
        let place: DocumentSet.Place
        let file: Int
        let slot: Int
    }

    private let documents: DocumentSet
    private let direction: Direction
    private let refusesForeignProperties: Bool
    private var numbers: [ObjectIdentifier: Int] = [:]
    private var roots: [Root] = []
    private var converted = 0
    private var fileNumbers: [String: Int] = [:]
    private(set) var fileNames: [String] = []
    /// The schemas of each file, by slot.
    private(set) var schemas: [[JSONValue]] = []
    private(set) var discriminators: [String: Discriminator] = [:]
    /// Places of properties that only the other direction may hold, as `file#pointer`.
    private(set) var foreign: Set<String> = []
    /// Schemas with a number.
    var count: Int { roots.count }

    init(documents: DocumentSet, direction: Direction, refusesForeignProperties: Bool) {
        self.documents = documents
        self.direction = direction
        self.refusesForeignProperties = refusesForeignProperties
    }

    /// The number of a schema; the same for the same node.
    mutating func number(of place: DocumentSet.Place) -> Int {
        if let known = numbers[ObjectIdentifier(place.node)] { return known }
        let file = fileNumber(place.file)
        let number = roots.count
        numbers[ObjectIdentifier(place.node)] = number
        roots.append(Root(place: place, file: file, slot: schemas[file].count))
        schemas[file].append(.null)
        return number
    }

    private mutating func fileNumber(_ name: String) -> Int {
        if let known = fileNumbers[name] { return known }
        fileNumbers[name] = fileNames.count
        fileNames.append(name)
        schemas.append([])
        return fileNames.count - 1
    }

    /// Converts what has a number and everything it refers to.
    mutating func convertAll() {
        while converted < roots.count {
            let root = roots[converted]
            schemas[root.file][root.slot] = schema(root.place, base: nil, outer: [])
            converted += 1
        }
    }

    /// The URI the schema engine knows a schema by.
    func uri(of number: Int) -> String {
        let root = roots[number]
        return SchemaContainer.uri(file: root.file) + "#" + SchemaContainer.pointer(slot: root.slot)
    }

    static func uri(file: Int) -> String { "openapi:/\(file)" }

    /// Slots lie in groups of 64, since the engine walks arrays from the start.
    static func pointer(slot: Int) -> String { "/\(slot >> 6)/\(slot & 63)" }

    /// The document of one file.
    func document(file: Int) -> JSONValue {
        let all = schemas[file]
        return .array(stride(from: 0, to: all.count, by: 64).map { .array(Array(all[$0..<min($0 + 64, all.count)])) })
    }

    /// `openapi:/FILE#/GROUP/SLOT/rest`.
    private func split(_ location: String) -> (file: Int, slot: Int, rest: String)? {
        guard let hash = location.firstIndex(of: "#"), location.hasPrefix("openapi:/") else { return nil }
        guard let file = Int(location[..<hash].dropFirst("openapi:/".count)), fileNames.indices.contains(file) else { return nil }
        let parts = location[location.index(after: hash)...].split(separator: "/", maxSplits: 2)
        guard parts.count >= 2, let group = Int(parts[0]), let offset = Int(parts[1]) else { return nil }
        return (file, group << 6 | offset, parts.count > 2 ? "/" + parts[2] : "")
    }

    /// Drops a keyword that the engine does not accept. Returns false where the place is not of these documents.
    mutating func drop(_ location: String) -> Bool {
        guard let (file, slot, rest) = split(location), schemas[file].indices.contains(slot) else { return false }
        guard !rest.isEmpty, let pointer = try? JSONPointer(parsing: rest) else {
            schemas[file][slot] = .bool(true)
            return true
        }
        return (try? schemas[file][slot].remove(pointer)) != nil
    }

    /// Prefixes of places in these documents, for turning many back at once.
    var prefixes: [String: (file: String, pointer: String)] {
        var result: [String: (file: String, pointer: String)] = [:]
        for root in roots {
            result[SchemaContainer.uri(file: root.file) + "#" + SchemaContainer.pointer(slot: root.slot)] = (
                root.place.file, root.place.pointer
            )
        }
        return result
    }
}

// MARK: Conversion

extension SchemaContainer {
    private static let valueKeywords: Set<String> = [
        "example", "examples", "default", "externalDocs", "xml", "description", "title", "$comment", "deprecated",
    ]

    /// - Parameter outer: schemas of which this one is a part by `allOf`; their properties are its own.
    private mutating func schema(_ place: DocumentSet.Place, base: String?, outer: [DocumentSet.Place]) -> JSONValue {
        guard let mapping = place.node.mapping else { return .bool(place.node.bool ?? true) }
        var base = base
        if let id = place.node["$id"]?.string, !id.hasPrefix("#"), documents.version != .v30 {
            base = ReferenceURI.resolve(id, from: base ?? place.file)
        }
        if documents.version == .v30, let target = place.node["$ref"]?.string { return reference(target, place, base: base) }
        noteDiscriminator(place, base: base)
        let owners = outer + [place]
        var members: [(String, JSONValue)] = []
        for entry in mapping.entries where !SchemaContainer.valueKeywords.contains(entry.key) && !entry.key.hasPrefix("x-") {
            members.append((entry.key, keyword(entry, place, base, owners)))
        }
        return .object(JSONObject(members.filter { !isEmptyRequired($0) }))
    }

    private func isEmptyRequired(_ member: (String, JSONValue)) -> Bool {
        member.0 == "required" && member.1.array?.isEmpty == true
    }

    private mutating func keyword(
        _ entry: Mapping.Entry, _ place: DocumentSet.Place, _ base: String?, _ owners: [DocumentSet.Place]
    ) -> JSONValue {
        let child = place.child(entry.value, entry.key)
        switch entry.key {
        case "$ref": return reference(entry.value.string ?? "", place, base: base)["$ref"] ?? .null
        case "required": return required(entry.value, owners)
        case "properties": return map(child, base) { $0.isForeign($1) }
        case "patternProperties", "dependentSchemas", "$defs", "definitions": return map(child, base) { _, _ in false }
        case "allOf": return list(child, base, owners)
        case "anyOf", "oneOf", "then", "else", "if":
            if entry.value.items == nil { return schema(child, base: base, outer: owners) }
            return list(child, base, owners)
        case "prefixItems": return list(child, base, [])
        case "not", "items", "additionalItems", "contains", "unevaluatedItems", "additionalProperties", "propertyNames",
            "unevaluatedProperties",
            "contentSchema":
            if entry.value.items != nil { return list(child, base, []) }
            return entry.value.mapping == nil ? JSONValue(entry.value) : schema(child, base: base, outer: [])
        default: return JSONValue(entry.value)
        }
    }

    private mutating func list(_ place: DocumentSet.Place, _ base: String?, _ owners: [DocumentSet.Place]) -> JSONValue {
        guard let items = place.node.items else { return JSONValue(place.node) }
        var result: [JSONValue] = []
        for (offset, item) in items.enumerated() { result.append(schema(place.child(item, String(offset)), base: base, outer: owners)) }
        return .array(result)
    }

    private mutating func map(
        _ place: DocumentSet.Place, _ base: String?, isForeign: (SchemaContainer, DocumentSet.Place) -> Bool
    ) -> JSONValue {
        guard let mapping = place.node.mapping else { return JSONValue(place.node) }
        var members: [(String, JSONValue)] = []
        for entry in mapping.entries {
            let child = place.child(entry.value, entry.key)
            let isRefused = refusesForeignProperties && isForeign(self, child)
            if isRefused { foreign.insert(child.file + "#" + child.pointer) }
            members.append((entry.key, isRefused ? .bool(false) : schema(child, base: base, outer: [])))
        }
        return .object(JSONObject(members))
    }

    private mutating func reference(_ target: String, _ place: DocumentSet.Place, base: String?) -> JSONValue {
        guard !DocumentSet.isMetaschema(target), let found = documents.resolve(target, from: place.file, base: base) else {
            return ["$ref": .string(target)]
        }
        let number = number(of: found)
        return ["$ref": .string(uri(of: number))]
    }
}

// MARK: readOnly and writeOnly

extension SchemaContainer {
    /// Names that are required in this direction: what only the other side sets is not.
    private func required(_ node: Node, _ owners: [DocumentSet.Place]) -> JSONValue {
        guard let names = node.items else { return JSONValue(node) }
        return .array(
            names.filter { name in
                guard let text = name.string else { return true }
                var seen: Set<ObjectIdentifier> = []
                return !owners.contains { owner in property(text, of: owner, &seen).contains(where: isForeign) }
            }.map(JSONValue.init))
    }

    /// The schemas that an object's parts give a property. Each part is looked at once.
    private func property(_ name: String, of owner: DocumentSet.Place, _ seen: inout Set<ObjectIdentifier>) -> [DocumentSet.Place] {
        guard seen.count < 200, seen.insert(ObjectIdentifier(owner.node)).inserted else { return [] }
        var found: [DocumentSet.Place] = []
        if let node = owner.node["properties"]?[name] { found.append(owner.child(node, "properties", name)) }
        if let target = owner.node["$ref"]?.string, let next = documents.resolve(target, from: owner.file) {
            found += property(name, of: next, &seen)
        }
        for (offset, part) in (owner.node["allOf"]?.items ?? []).enumerated() {
            found += property(name, of: owner.child(part, "allOf", String(offset)), &seen)
        }
        return found
    }

    /// True for a property that only the other direction may hold.
    private func isForeign(_ place: DocumentSet.Place) -> Bool {
        var seen: Set<ObjectIdentifier> = []
        return isMarked(place, direction == .request ? "readOnly" : "writeOnly", &seen)
    }

    private func isMarked(_ place: DocumentSet.Place, _ keyword: String, _ seen: inout Set<ObjectIdentifier>) -> Bool {
        guard seen.count < 200, seen.insert(ObjectIdentifier(place.node)).inserted else { return false }
        if place.node[keyword]?.bool == true, documents.version != .v30 || place.node["$ref"] == nil { return true }
        if let target = place.node["$ref"]?.string, let next = documents.resolve(target, from: place.file) {
            if isMarked(next, keyword, &seen) { return true }
        }
        for part in place.node["allOf"]?.items ?? [] where isMarked(place.child(part, "allOf"), keyword, &seen) { return true }
        return false
    }
}

// MARK: Discriminators

extension SchemaContainer {
    /// Which branch of a `oneOf` or `anyOf` a property's text names.
    struct Discriminator: Sendable {
        let property: String
        /// Numbers of schemas by the property's text.
        let branches: [String: Int]
        /// Number of the schema for other texts (3.2).
        let defaultBranch: Int?
    }

    private mutating func noteDiscriminator(_ place: DocumentSet.Place, base: String?) {
        guard let node = place.node["discriminator"], let property = node["propertyName"]?.string else { return }
        var branches: [String: Int] = [:]
        for keyword in ["oneOf", "anyOf"] {
            for branch in place.node[keyword]?.items ?? [] {
                guard let target = branch["$ref"]?.string, let found = documents.resolve(target, from: place.file, base: base) else {
                    continue
                }
                let name = target.split(separator: "/").last.map(String.init) ?? target
                branches[name] = number(of: found)
            }
        }
        for entry in node["mapping"]?.mapping?.entries ?? [] {
            if let text = entry.value.string, let found = branch(named: text, place, base) { branches[entry.key] = number(of: found) }
        }
        let fallback = node["defaultMapping"]?.string.flatMap { branch(named: $0, place, base) }.map { number(of: $0) }
        discriminators[place.file + "#" + place.pointer] = Discriminator(property: property, branches: branches, defaultBranch: fallback)
    }

    /// A mapping's value is the name of a schema component or a reference.
    private func branch(named text: String, _ place: DocumentSet.Place, _ base: String?) -> DocumentSet.Place? {
        documents.resolve("#/components/schemas/" + PointerText.escape(text), from: place.file)
            ?? documents.resolve(text, from: place.file, base: base)
    }
}
