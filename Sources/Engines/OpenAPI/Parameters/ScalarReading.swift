internal import StrictJSON

/// Gives text the type that a schema names.
enum ScalarReading {
    /// The value of a text under a set of types: the most special one that fits, else the text itself.
    ///
    /// Whole numbers are digits with an optional minus sign: `1.0` and `1e0` are whole numbers to some readers only.
    static func value(_ text: String, _ types: TypeSet) -> JSONValue {
        if types.contains(.string), types.isDisjoint(with: [.integer, .fraction, .boolean, .null]) { return .string(text) }
        if types.isSuperset(of: .scalars) { return .string(text) }
        if types.contains(.boolean), text == "true" || text == "false" { return .bool(text == "true") }
        if !types.isDisjoint(with: .number), let number = number(text, allowsFraction: types.contains(.fraction)) { return .number(number) }
        if types.contains(.null), text == "null" || (text.isEmpty && !types.contains(.string)) { return .null }
        return .string(text)
    }

    /// True where a text could also be taken as itself.
    static func isAmbiguous(_ types: TypeSet) -> Bool {
        types.contains(.string) && !types.isDisjoint(with: [.integer, .fraction, .boolean, .null]) && !types.isSuperset(of: .scalars)
    }

    private static func number(_ text: String, allowsFraction: Bool) -> JSONNumber? {
        guard let last = text.utf8.last, ASCII.isDigit(last), text.utf8.count <= 64 else { return nil }
        if !allowsFraction, !text.utf8.allSatisfy({ ASCII.isDigit($0) || $0 == UInt8(ascii: "-") }) { return nil }
        return JSONNumber(text)
    }
}

/// Builds the value of a parameter from its taken-apart text and the shape of its schema.
struct ValueReading {
    let shapes: ShapeTable
    /// Take every text that may be a string as one.
    var prefersText = false

    func value(_ serialized: Serialized, shape: Int) -> JSONValue {
        switch serialized {
        case .scalar(let text): scalar(text, shape)
        case .list(let texts): .array(texts.map { scalar($0, shapes.items(of: shape)) })
        case .fields(let fields): object(fields, shape)
        }
    }

    func scalar(_ text: String, _ shape: Int) -> JSONValue {
        let types = shapes[shape].types
        return prefersText && types.contains(.string) ? .string(text) : ScalarReading.value(text, types)
    }

    /// A field that was sent again, or whose schema is an array's, becomes an array.
    private func object(_ fields: [Serialized.Field], _ shape: Int) -> JSONValue {
        var texts: [(name: String, values: [String])] = []
        for field in fields {
            if let known = texts.firstIndex(where: { $0.name == field.name }) {
                texts[known].values.append(field.value)
            } else {
                texts.append((field.name, [field.value]))
            }
        }
        return .object(
            JSONObject(
                texts.map { name, values in
                    let inner = shapes.property(name, of: shape)
                    let isArray =
                        values.count > 1 || (shapes[inner].types.contains(.array) && shapes[inner].types.isDisjoint(with: .scalars))
                    return (name, isArray ? .array(values.map { scalar($0, shapes.items(of: inner)) }) : scalar(values[0], inner))
                }))
    }

    /// The forms that a value of this shape may be taken apart for, the likeliest first.
    func forms(of shape: Int) -> [SerializedForm] {
        let types = shapes[shape].types
        if types == .all { return [.scalar] }
        var forms: [SerializedForm] = []
        if !types.isDisjoint(with: .scalars.subtracting(.null)) { forms.append(.scalar) }
        if types.contains(.array) { forms.append(.list) }
        if types.contains(.object) { forms.append(.fields) }
        return forms.isEmpty ? [.scalar] : forms
    }
}
