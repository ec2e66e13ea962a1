import StrictJSON

/// The schemas of schemas, one document a draft or vocabulary, built from short tables.
///
/// They say the same as the published ones without titles and comments, under the published URIs.
enum Metaschemas {
    /// Every document by URI without fragment.
    static let all: [String: JSONValue] = {
        let documents = [draft4, draft6, draft7] + draft201909 + draft202012 + openAPI31
        return Dictionary(
            documents.compactMap { document in
                (document["$id"] ?? document["id"])?.string.map { ($0.hasSuffix("#") ? String($0.dropLast()) : $0, document) }
            }, uniquingKeysWith: { first, _ in first })
    }()

    // MARK: Pieces that drafts share

    static let nonNegative: JSONValue = ["type": "integer", "minimum": 0]
    static let text: JSONValue = ["type": "string"]
    static let objectOrBoolean: JSONValue = ["object", "boolean"]
    static let flag: JSONValue = ["type": "boolean"]
    static let number: JSONValue = ["type": "number"]
    static let positiveNumber: JSONValue = ["type": "number", "exclusiveMinimum": 0]
    static let texts: JSONValue = ["type": "array", "items": ["type": "string"], "uniqueItems": true]
    static let simpleType: JSONValue = ["enum": ["array", "boolean", "integer", "null", "number", "object", "string"]]
    static let anyType: JSONValue = [
        "anyOf": [simpleType, ["type": "array", "items": simpleType, "minItems": 1, "uniqueItems": true]]
    ]

    static func map(of schema: JSONValue) -> JSONValue { ["type": "object", "additionalProperties": schema] }
    static func list(of schema: JSONValue) -> JSONValue { ["type": "array", "minItems": 1, "items": schema] }
    static func formatted(_ format: String) -> JSONValue { ["type": "string", "format": .string(format)] }

    /// An object with the given members of `properties`.
    static func properties(_ names: [String], _ schema: JSONValue) -> [(String, JSONValue)] { names.map { ($0, schema) } }

    /// The assertions that have been the same since draft 6.
    static let assertions: [(String, JSONValue)] =
        properties(["maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"], number)
        + properties(["maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"], nonNegative)
        + [
            ("multipleOf", positiveNumber), ("pattern", formatted("regex")), ("uniqueItems", flag), ("required", texts), ("const", true),
            ("enum", ["type": "array"]), ("type", anyType),
        ]

    /// Keywords that only describe.
    static let descriptions: [(String, JSONValue)] =
        properties(["title", "description"], text) + properties(["readOnly", "writeOnly", "deprecated"], flag)
        + [("default", true), ("examples", ["type": "array"])]
}
