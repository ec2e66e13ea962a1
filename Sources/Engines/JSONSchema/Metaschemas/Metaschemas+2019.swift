import StrictJSON

extension Metaschemas {
    /// Draft 2019-09: the schema and a document for each vocabulary.
    static let draft201909: [JSONValue] =
        [schema2019]
        + [
            vocabulary2019("core", core2019), vocabulary2019("applicator", applicators2019),
            vocabulary2019("validation", assertions + validation2019), vocabulary2019("meta-data", descriptions),
            vocabulary2019("format", [("format", text)]), vocabulary2019("content", content(recursive)),
        ]

    private static let base = "https://json-schema.org/draft/2019-09/"
    private static let recursive: JSONValue = ["$recursiveRef": "#"]
    private static let parts = ["core", "applicator", "validation", "meta-data", "format", "content"]

    private static let schema2019: JSONValue = [
        "$schema": .string(base + "schema"), "$id": .string(base + "schema"), "$recursiveAnchor": true,
        "$vocabulary": .object(JSONObject(parts.map { (base + "vocab/" + $0, .bool($0 != "format")) })),
        "allOf": .array(parts.map { ["$ref": .string("meta/" + $0)] }), "type": ["object", "boolean"],
        "properties": ["definitions": map(of: recursive), "dependencies": map(of: ["anyOf": [recursive, texts]])],
    ]

    private static func vocabulary2019(_ name: String, _ members: [(String, JSONValue)]) -> JSONValue {
        .object(
            JSONObject([
                ("$schema", .string(base + "schema")), ("$id", .string(base + "meta/" + name)), ("$recursiveAnchor", true),
                ("type", objectOrBoolean), ("properties", .object(JSONObject(members))),
            ]))
    }

    private static let core2019: [(String, JSONValue)] = [
        ("$id", ["type": "string", "format": "uri-reference", "pattern": "^[^#]*#?$"]), ("$schema", formatted("uri")),
        ("$anchor", ["type": "string", "pattern": #"^[A-Za-z][-A-Za-z0-9.:_]*$"#]), ("$ref", formatted("uri-reference")),
        ("$recursiveRef", formatted("uri-reference")), ("$recursiveAnchor", flag),
        ("$vocabulary", ["type": "object", "propertyNames": formatted("uri"), "additionalProperties": flag]), ("$comment", text),
        ("$defs", map(of: recursive)),
    ]

    private static let applicators2019: [(String, JSONValue)] =
        properties(
            [
                "additionalItems", "unevaluatedItems", "contains", "additionalProperties", "unevaluatedProperties", "propertyNames", "if",
                "then",
                "else", "not",
            ], recursive)
        + properties(["allOf", "anyOf", "oneOf"], list(of: recursive)) + properties(["properties", "dependentSchemas"], map(of: recursive))
        + [
            ("items", ["anyOf": [recursive, list(of: recursive)]]),
            ("patternProperties", ["type": "object", "additionalProperties": recursive, "propertyNames": ["format": "regex"]]),
        ]
}
