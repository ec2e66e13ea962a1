import StrictJSON

extension Metaschemas {
    /// Draft 2020-12: the schema and a document for each vocabulary.
    static let draft202012: [JSONValue] =
        [schema2020]
        + [
            vocabulary2020("core", core2020, extra: [("$defs", coreDefinitions)]), vocabulary2020("applicator", applicators2020),
            vocabulary2020("unevaluated", properties(["unevaluatedItems", "unevaluatedProperties"], dynamic)),
            vocabulary2020("validation", assertions + validation2019), vocabulary2020("meta-data", descriptions),
            vocabulary2020("format-annotation", [("format", text)]), vocabulary2020("format-assertion", [("format", text)]),
            vocabulary2020("content", content(dynamic)),
        ]

    private static let base = "https://json-schema.org/draft/2020-12/"
    private static let dynamic: JSONValue = ["$dynamicRef": "#meta"]
    private static let parts = ["core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content"]

    private static let schema2020: JSONValue = [
        "$schema": .string(base + "schema"), "$id": .string(base + "schema"), "$dynamicAnchor": "meta",
        "$vocabulary": .object(JSONObject(parts.map { (base + "vocab/" + $0, true) })),
        "allOf": .array(parts.map { ["$ref": .string("meta/" + $0)] }), "type": ["object", "boolean"],
        "properties": [
            "definitions": map(of: dynamic), "dependencies": map(of: ["anyOf": [dynamic, texts]]),
            "$recursiveAnchor": ["type": "string", "pattern": #"^[A-Za-z_][-A-Za-z0-9._]*$"#],
            "$recursiveRef": formatted("uri-reference"),
        ],
    ]

    private static func vocabulary2020(_ name: String, _ members: [(String, JSONValue)], extra: [(String, JSONValue)] = []) -> JSONValue {
        .object(
            JSONObject(
                [
                    ("$schema", .string(base + "schema")), ("$id", .string(base + "meta/" + name)), ("$dynamicAnchor", "meta"),
                    ("type", objectOrBoolean), ("properties", .object(JSONObject(members))),
                ] + extra))
    }

    private static let coreDefinitions: JSONValue = [
        "anchorString": ["type": "string", "pattern": #"^[A-Za-z_][-A-Za-z0-9._]*$"#], "uriString": formatted("uri"),
        "uriReferenceString": formatted("uri-reference"),
    ]

    private static let core2020: [(String, JSONValue)] = [
        ("$id", ["$ref": "#/$defs/uriReferenceString", "pattern": "^[^#]*#?$"]), ("$schema", ["$ref": "#/$defs/uriString"]),
        ("$ref", ["$ref": "#/$defs/uriReferenceString"]), ("$anchor", ["$ref": "#/$defs/anchorString"]),
        ("$dynamicRef", ["$ref": "#/$defs/uriReferenceString"]), ("$dynamicAnchor", ["$ref": "#/$defs/anchorString"]),
        ("$vocabulary", ["type": "object", "propertyNames": ["$ref": "#/$defs/uriString"], "additionalProperties": flag]),
        ("$comment", text), ("$defs", map(of: dynamic)),
    ]

    private static let applicators2020: [(String, JSONValue)] =
        properties(["items", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not"], dynamic)
        + properties(["prefixItems", "allOf", "anyOf", "oneOf"], list(of: dynamic))
        + properties(["properties", "dependentSchemas"], map(of: dynamic))
        + [("patternProperties", ["type": "object", "additionalProperties": dynamic, "propertyNames": ["format": "regex"]])]

    /// Assertions that 2019-09 brought.
    static let validation2019: [(String, JSONValue)] =
        properties(["maxContains", "minContains"], nonNegative) + [("dependentRequired", map(of: texts))]

    /// The keywords on a string's content, from 2019-09 on.
    static func content(_ schema: JSONValue) -> [(String, JSONValue)] {
        properties(["contentEncoding", "contentMediaType"], text) + [("contentSchema", schema)]
    }

    /// The base dialects of OpenAPI 3.1 and 3.2: draft 2020-12, with annotations that change no verdict.
    static let openAPI31: [JSONValue] = ["3.1/dialect/base", "3.1/dialect/2024-11-10", "3.2/dialect/2025-09-17"].map { name in
        [
            "$schema": .string(base + "schema"), "$id": .string("https://spec.openapis.org/oas/" + name), "$dynamicAnchor": "meta",
            "allOf": [["$ref": .string(base + "schema")]],
        ]
    }
}
