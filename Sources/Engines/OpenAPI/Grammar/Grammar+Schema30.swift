/// The Schema Object of 3.0: a fixed list of keywords, each with its type.
extension Grammar {
    static let schema30 = Shape(fields: [
        "title": .string, "description": .string, "format": .string, "default": .any, "example": .any, "nullable": .bool,
        "readOnly": .bool, "writeOnly": .bool, "deprecated": .bool, "externalDocs": .object(.externalDocumentation),
        "discriminator": .object(.discriminator), "xml": .object(.xml),
        "multipleOf": .positiveNumber, "maximum": .number, "exclusiveMaximum": .bool, "minimum": .number, "exclusiveMinimum": .bool,
        "maxLength": .count, "minLength": .count, "pattern": .string,
        "maxItems": .count, "minItems": .count, "uniqueItems": .bool,
        "maxProperties": .count, "minProperties": .count, "required": .array(.string, minimum: 1, unique: true),
        "enum": .array(.any, minimum: 1),
        "type": .oneOf(["array", "boolean", "integer", "number", "object", "string"]),
        "not": .schema, "allOf": .array(.schema), "oneOf": .array(.schema), "anyOf": .array(.schema), "items": .schema,
        "properties": .map(.schema), "additionalProperties": .either(.bool, .schema),
    ])
}
