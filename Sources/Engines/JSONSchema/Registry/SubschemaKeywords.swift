import StrictJSON

/// Where a keyword keeps subschemas.
enum SubschemaPlace {
    /// The keyword's value is a schema.
    case value
    /// The value is an object of schemas.
    case map
    /// The value is an array of schemas.
    case list
    /// The value is a schema or an array of schemas.
    case valueOrList
    /// The value is an object of schemas and arrays of names.
    case dependencies
}

extension Dialect {
    /// Where `keyword` keeps subschemas in this dialect; nil where it keeps none.
    func subschemas(of keyword: String) -> SubschemaPlace? {
        switch keyword {
        case "allOf", "anyOf", "oneOf": .list
        case "not", "additionalProperties": .value
        case "properties": .map
        case "items": draft == .draft202012 || draft == .openAPI30 ? .value : .valueOrList
        case "patternProperties", "definitions": draft == .openAPI30 ? nil : .map
        case "additionalItems": draft == .openAPI30 || draft == .draft202012 ? nil : .value
        case "dependencies": draft == .openAPI30 ? nil : .dependencies
        case "contains", "propertyNames": draft >= .draft6 ? .value : nil
        case "if", "then", "else": draft >= .draft7 ? .value : nil
        case "$defs", "dependentSchemas": draft >= .draft201909 ? .map : nil
        case "unevaluatedItems", "unevaluatedProperties", "contentSchema": draft >= .draft201909 ? .value : nil
        case "prefixItems": draft == .draft202012 ? .list : nil
        default: nil
        }
    }
}

extension JSONNode {
    /// The subschemas that a keyword with this value keeps.
    func subschemas(_ place: SubschemaPlace) -> [JSONNode] {
        switch place {
        case .value: [self]
        case .map: members.map(\.value)
        case .list: Array(elements)
        case .valueOrList: kind == .array ? Array(elements) : [self]
        case .dependencies: members.map(\.value).filter { $0.kind != .array }
        }
    }
}
