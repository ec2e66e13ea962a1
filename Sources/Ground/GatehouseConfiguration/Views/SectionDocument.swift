/// A section with its types erased, for the documentation page and the schema.
struct SectionDocument {
    var title: String
    var about: String
    var keys: [KeyDocument]
    var isSelf: (any ConfigurationSection.Type) -> Bool
}

/// A key with its types erased.
struct KeyDocument {
    var name: String
    var about: String
    var form: ValueForm
    var defaultText: String
    var isRequired: Bool
    var risk: String?
    var bounds: (text: String, integers: ClosedRange<Int>?)?
}

extension ConfigurationSection {
    static var document: SectionDocument {
        SectionDocument(
            title: title, about: about,
            keys: keys.map {
                KeyDocument(
                    name: $0.name, about: $0.about, form: $0.form, defaultText: $0.defaultText, isRequired: $0.isRequired, risk: $0.risk,
                    bounds: $0.bounds.map { ($0.text, $0.integers) })
            },
            isSelf: { ObjectIdentifier($0) == ObjectIdentifier(self) })
    }
}

extension ValueForm {
    /// The sections inside, with what stands between the key and them: `[]` for lists.
    var sections: [(suffix: String, type: any ConfigurationSection.Type)] {
        switch self {
        case .scalar, .choice: []
        case .section(let type): [("", type)]
        case .list(let form): form.sections.map { ("[]" + $0.suffix, $0.type) }
        case .map(let form, _): form.sections.map { (".NAME" + $0.suffix, $0.type) }
        case .either(let forms): forms.flatMap(\.sections)
        }
    }
}

/// Every section of the file, outer before inner, with the key paths where it stands.
func allSections() -> [(type: any ConfigurationSection.Type, paths: [String])] {
    var found: [(type: any ConfigurationSection.Type, paths: [String])] = []
    var waiting: [(type: any ConfigurationSection.Type, path: String)] = [(Configuration.self, "")]
    while !waiting.isEmpty {
        let (type, path) = waiting.removeFirst()
        if let index = found.firstIndex(where: { ObjectIdentifier($0.type) == ObjectIdentifier(type) }) {
            found[index].paths.append(path)
            continue
        }
        found.append((type, [path]))
        waiting += type.document.keys.flatMap { key in
            key.form.sections.map { ($0.type, (path.isEmpty ? "" : path + ".") + key.name + $0.suffix) }
        }
    }
    return found
}
