internal import StrictJSON

extension JSONValue {
    /// The value of a document's node. Assumes: the reader's limits bound depth and size.
    init(_ node: Node) {
        switch node.value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .number(let text): self = JSONNumber(text).map(JSONValue.number) ?? .string(text)
        case .string(let text): self = .string(text)
        case .sequence(let items): self = .array(items.map(JSONValue.init))
        case .mapping(let mapping): self = .object(JSONObject(mapping.entries.map { ($0.key, JSONValue($0.value)) }))
        }
    }
}
