extension DocumentSet {
    /// The first file's root.
    var root: Place { Place(file: entry.name, pointer: "", node: entry.root) }

    /// The place itself, or what its `$ref` leads to in the end.
    func dereferenced(_ place: Place) -> Place {
        var current = place
        for _ in 0..<32 {
            guard let target = current.node["$ref"]?.string, let next = resolve(target, from: current.file) else { return current }
            current = next
        }
        return current
    }
}

extension DocumentSet.Place {
    /// The fields of an object below this place.
    func fields(_ name: String) -> [(name: String, place: DocumentSet.Place)] {
        (node[name]?.mapping?.entries ?? []).map { ($0.key, child($0.value, name, $0.key)) }
    }

    /// The elements of an array below this place.
    func elements(_ name: String) -> [DocumentSet.Place] {
        (node[name]?.items ?? []).enumerated().map { child($1, name, String($0)) }
    }

    /// The place of one field, nil where it is not set.
    func field(_ name: String) -> DocumentSet.Place? { node[name].map { child($0, name) } }
}
