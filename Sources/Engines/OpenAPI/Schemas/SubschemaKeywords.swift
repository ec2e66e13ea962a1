/// Where schemas stand inside a schema.
enum SubschemaKeywords {
    private static let single: Set<String> = [
        "not", "if", "then", "else", "items", "additionalItems", "contains", "unevaluatedItems", "additionalProperties", "propertyNames",
        "unevaluatedProperties", "contentSchema",
    ]
    private static let lists: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
    private static let maps: Set<String> = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]

    /// The schemas right inside this one, each with the pointer tokens that lead to it.
    static func children(of schema: Node) -> [(tokens: [String], node: Node)] {
        var result: [(tokens: [String], node: Node)] = []
        for entry in schema.mapping?.entries ?? [] {
            if single.contains(entry.key), isSchema(entry.value) {
                result.append(([entry.key], entry.value))
            } else if lists.contains(entry.key) || (entry.key == "items" && entry.value.items != nil) {
                for (offset, item) in (entry.value.items ?? []).enumerated() where isSchema(item) {
                    result.append(([entry.key, String(offset)], item))
                }
            } else if maps.contains(entry.key) {
                for field in entry.value.mapping?.entries ?? [] where isSchema(field.value) {
                    result.append(([entry.key, field.key], field.value))
                }
            }
        }
        return result
    }

    private static func isSchema(_ node: Node) -> Bool { node.mapping != nil || node.bool != nil }
}
