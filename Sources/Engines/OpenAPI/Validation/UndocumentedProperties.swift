internal import StrictJSON

/// Finds properties of a value that no schema names, at most 32 of them.
struct UndocumentedProperties {
    let shapes: ShapeTable
    let kind: UndocumentedItem.Kind
    private var found: [UndocumentedItem] = []

    init(shapes: ShapeTable, kind: UndocumentedItem.Kind) {
        self.shapes = shapes
        self.kind = kind
    }

    mutating func find(in value: JSONNode, shape: Int) -> [UndocumentedItem] {
        guard shape != ShapeTable.anything else { return [] }
        var path: [String] = []
        walk(value, shape, &path)
        return found
    }

    private mutating func walk(_ value: JSONNode, _ shape: Int, _ path: inout [String]) {
        guard found.count < 32, path.count < 64 else { return }
        switch value.kind {
        case .object: walkObject(value, shape, &path)
        case .array:
            let items = shapes.items(of: shape)
            guard items != ShapeTable.anything else { return }
            path.append("*")
            for element in value.elements { walk(element, items, &path) }
            path.removeLast()
        default: break
        }
    }

    /// An object without any described property is free; its content is documented as such.
    private mutating func walkObject(_ value: JSONNode, _ shape: Int, _ path: inout [String]) {
        let facts = shapes[shape]
        guard !facts.properties.isEmpty || facts.additional != nil else { return }
        for member in value.members {
            let name = member.name
            path.append(name)
            if let inner = facts.properties[name] ?? facts.additional {
                if inner != ShapeTable.anything, member.value.kind == .object || member.value.kind == .array {
                    walk(member.value, inner, &path)
                }
            } else if found.count < 32 {
                let item = UndocumentedItem(kind: kind, name: path.map { "/" + PointerText.escape(String($0.prefix(64))) }.joined())
                if !found.contains(item) { found.append(item) }
            }
            path.removeLast()
        }
    }
}
