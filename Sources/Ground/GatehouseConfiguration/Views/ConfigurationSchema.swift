public import StrictJSON

extension Configuration {
    /// A JSON Schema (2020-12) of the file, for editors: structure, words, ranges, defaults and the sentence of every key.
    ///
    /// What it accepts may still be refused, since no schema knows that a network is well formed or that two services collide.
    public static var jsonSchema: JSONValue {
        let sections = allSections()
        let definitions = sections.dropFirst().map { (slug($0.type.title), schema(of: $0.type.document)) }
        var file: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema", "title": "gatehouse.yaml"]
        for member in Self.schema(of: Self.document).object ?? JSONObject() { file.append(member.key, member.value) }
        file.append("$defs", .object(JSONObject(definitions)))
        return .object(file)
    }

    private static func schema(of section: SectionDocument) -> JSONValue {
        let required = section.keys.filter(\.isRequired).map { JSONValue.string($0.name) }
        var object: JSONObject = [
            "description": .string(section.about),
            "type": required.isEmpty ? ["object", "null"] : "object",
            "additionalProperties": false,
            "properties": .object(JSONObject(section.keys.map { ($0.name, schema(of: $0)) })),
        ]
        if !required.isEmpty { object.append("required", .array(required)) }
        return .object(object)
    }

    private static func schema(of key: KeyDocument) -> JSONValue {
        var about = key.about
        if let bounds = key.bounds { about += " Range: \(bounds.text)." }
        if let risk = key.risk { about += " Unsafe: \(risk)" }
        var object = schema(of: key.form).object ?? JSONObject()
        object.append("description", .string(about))
        if let range = key.bounds?.integers {
            object.append("minimum", JSONValue(range.lowerBound))
            object.append("maximum", JSONValue(range.upperBound))
        }
        return .object(object)
    }

    private static func schema(of form: ValueForm) -> JSONValue {
        switch form {
        case .scalar(let form): return schema(of: form)
        case .choice(let words): return ["enum": .array(words.flatMap(values))]
        case .list(let form):
            let list: JSONValue = ["type": "array", "items": schema(of: form)]
            return form.takesWord ? ["anyOf": [list, schema(of: form)]] : list
        case .map(let form, _): return ["type": "object", "additionalProperties": schema(of: form)]
        case .section(let type): return ["$ref": .string("#/$defs/" + slug(type.title))]
        case .either(let forms): return ["anyOf": .array(forms.map(schema(of:)))]
        }
    }

    private static func schema(of form: ScalarForm) -> JSONValue {
        var object: JSONObject = ["type": form.looksNumeric ? ["string", "number", "boolean"] : .string(form.kind.rawValue)]
        if let pattern = form.pattern { object.append("pattern", .string(pattern)) }
        if form.kind == .string { object.append("examples", [.string(form.example)]) }
        return .object(object)
    }

    /// A word, and the number or truth value that YAML makes of it.
    private static func values(of word: String) -> [JSONValue] {
        let number = Double(word).flatMap(JSONNumber.init).map(JSONValue.number)
        return [.string(word)] + (number.map { [$0] } ?? []) + (Bool(word).map { [.bool($0)] } ?? [])
    }

    private static func slug(_ title: String) -> String { title.replacing(" ", with: "-").replacing("_", with: "-") }
}
