/// Parameter and Header Objects: their fields depend on `in`, and on whether `schema` or `content` describes the value.
extension Grammar {
    static func parameter(_ mapping: Mapping, _ version: OpenAPIVersion) -> Shape {
        let place = mapping["in"]?.string
        var shape = value(mapping, version)
        shape.fields["name"] = .string
        shape.fields["in"] = .oneOf(
            version >= .v32 ? ["query", "querystring", "header", "path", "cookie"] : ["query", "header", "path", "cookie"])
        shape.required += ["name", "in"]
        if place == "path" { shape.required.append("required") }
        if version == .v30 || place == "query" { shape.fields["allowEmptyValue"] = .bool }
        guard mapping["schema"] != nil else {
            if place == "querystring" || version == .v30 { return shape }
            for field in ["style", "explode", "allowReserved"] { shape.fields[field] = nil }
            return shape
        }
        shape.fields["style"] = .oneOf(styles(in: place, version))
        if version >= .v31, place != "query", !(version >= .v32 && reservedIsAllowed(in: place, mapping)) {
            shape.fields["allowReserved"] = nil
        }
        if place == "querystring" { shape.fields["schema"] = .never(reason: "a `querystring` parameter is described by `content`") }
        return shape
    }

    /// Whether `allowReserved` has a meaning in a place (3.2: path too, and cookies in form style).
    private static func reservedIsAllowed(in place: String?, _ mapping: Mapping) -> Bool {
        place == "path" || (place == "cookie" && (mapping["style"]?.string ?? "form") == "form")
    }

    private static func styles(in place: String?, _ version: OpenAPIVersion) -> [String] {
        switch place {
        case "path": ["matrix", "label", "simple"]
        case "query": ["form", "spaceDelimited", "pipeDelimited", "deepObject"]
        case "header": ["simple"]
        case "cookie": version >= .v32 ? ["form", "cookie"] : ["form"]
        default: []
        }
    }

    static func header(_ mapping: Mapping, _ version: OpenAPIVersion) -> Shape {
        var shape = value(mapping, version)
        shape.fields["style"] = .oneOf(["simple"])
        if version == .v30 {
            shape.fields["allowEmptyValue"] = .bool
        } else {
            shape.fields["allowReserved"] = nil
            if mapping["schema"] == nil { for field in ["style", "explode"] { shape.fields[field] = nil } }
        }
        return shape
    }

    /// What parameters and headers share.
    private static func value(_ mapping: Mapping, _ version: OpenAPIVersion) -> Shape {
        var shape = Shape(
            fields: [
                "description": .string, "required": .bool, "deprecated": .bool, "style": .string, "explode": .bool, "allowReserved": .bool,
                "schema": .schema, "content": content(version, count: 1...1),
            ], exclusive: [["schema", "content"], ["example", "examples"]], needsOneOf: [["schema", "content"]])
        let hasExamples = version >= .v32 || mapping["schema"] != nil
        if hasExamples { shape.fields.merge(examples) { first, _ in first } }
        if version == .v30, mapping["content"] != nil {
            for field in ["style", "explode", "allowReserved", "example", "examples"] {
                shape.fields[field] = .never(reason: "`\(field)` has no meaning beside `content`")
            }
        }
        return shape
    }
}
