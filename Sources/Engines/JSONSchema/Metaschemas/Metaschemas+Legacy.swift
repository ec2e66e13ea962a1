import StrictJSON

extension Metaschemas {
    private static let itself: JSONValue = ["$ref": "#"]

    /// Draft 7.
    static let draft7: JSONValue = single(
        "http://json-schema.org/draft-07/schema#", "$id",
        assertions + descriptions + applicators + properties(["if", "then", "else"], itself) + [
            ("$comment", text), ("contentMediaType", text), ("contentEncoding", text),
        ])

    /// Draft 6.
    static let draft6: JSONValue = single(
        "http://json-schema.org/draft-06/schema#", "$id",
        assertions + properties(["title", "description"], text) + applicators + [
            ("default", true), ("examples", ["type": "array"]),
        ])

    private static let applicators: [(String, JSONValue)] =
        properties(["additionalItems", "contains", "additionalProperties", "propertyNames", "not"], itself)
        + properties(["allOf", "anyOf", "oneOf"], list(of: itself)) + properties(["definitions", "properties"], map(of: itself))
        + [
            ("$id", formatted("uri-reference")), ("$schema", formatted("uri")), ("$ref", formatted("uri-reference")), ("format", text),
            ("items", ["anyOf": [itself, list(of: itself)]]), ("dependencies", map(of: ["anyOf": [itself, texts]])),
            ("patternProperties", ["type": "object", "additionalProperties": itself, "propertyNames": ["format": "regex"]]),
        ]

    private static func single(_ uri: String, _ identifier: String, _ members: [(String, JSONValue)]) -> JSONValue {
        .object(
            JSONObject([
                ("$schema", .string(uri)), (identifier, .string(uri)), ("type", objectOrBoolean),
                ("properties", .object(JSONObject(members))),
            ]))
    }

    /// Draft 4, where a schema is always an object and exclusive bounds are flags.
    static let draft4: JSONValue = [
        "$schema": "http://json-schema.org/draft-04/schema#", "id": "http://json-schema.org/draft-04/schema#", "type": "object",
        "properties": .object(
            JSONObject(
                properties(["id", "$schema", "title", "description", "format"], text) + properties(["maximum", "minimum"], number)
                    + properties(["exclusiveMaximum", "exclusiveMinimum", "uniqueItems"], flag)
                    + properties(["maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"], nonNegative)
                    + properties(["allOf", "anyOf", "oneOf"], list(of: itself))
                    + properties(["definitions", "properties", "patternProperties"], map(of: itself))
                    + properties(["additionalItems", "additionalProperties"], ["anyOf": [flag, itself]])
                    + [
                        ("multipleOf", ["type": "number", "minimum": 0, "exclusiveMinimum": true]), ("pattern", formatted("regex")),
                        ("items", ["anyOf": [itself, list(of: itself)]]), ("dependencies", map(of: ["anyOf": [itself, texts]])),
                        ("not", itself),
                        ("required", ["type": "array", "minItems": 1, "items": text, "uniqueItems": true]),
                        ("enum", ["type": "array", "minItems": 1, "uniqueItems": true]), ("type", anyType),
                    ])),
        "dependencies": ["exclusiveMaximum": ["maximum"], "exclusiveMinimum": ["minimum"]],
    ]
}
