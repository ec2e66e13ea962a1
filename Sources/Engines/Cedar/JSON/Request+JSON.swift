public import StrictJSON

extension Request {
    /// Reads a request: `{"principal", "action", "resource", "context"?}`.
    ///
    /// With a schema the context is read by its type. Where `checked` is true, the whole request must conform to it.
    /// - Throws: ``CedarError`` with the code `request`, or `limit`.
    public init(
        parsing bytes: [UInt8], schema: Schema? = nil, checked: Bool = true, limits: CedarLimits = CedarLimits()
    ) throws(CedarError) {
        let reader = ValueReader(code: .request, limits: limits)
        try self.init(json: reader.read.document(bytes, limits).root, schema: schema, checked: checked, limits: limits)
    }

    /// Reads a request that is part of a larger text, as ``init(parsing:schema:checked:limits:)`` does.
    public init(
        json node: JSONNode, schema: Schema? = nil, checked: Bool = true, limits: CedarLimits = CedarLimits()
    ) throws(CedarError) {
        let reader = ValueReader(code: .request, limits: limits)
        let object = try reader.read.object(node, "a request")
        principal = try reader.entity(try reader.read.member(object, "principal", "a request"))
        action = try reader.entity(try reader.read.member(object, "action", "a request"))
        resource = try reader.entity(try reader.read.member(object, "resource", "a request"))
        let type = schema?.actions[action]?.context
        if let schema, type == nil, checked, schema.actions[action] == nil {
            throw CedarError(.request, "action `\(action)` is not declared in the schema")
        }
        if let node = object["context"] {
            guard node.kind == .object, case .record(let record) = try reader.value(node, as: type.map(CedarType.record)) else {
                throw reader.read.failure("the context is no record", node)
            }
            context = record
        } else {
            context = Record()
        }
        if let schema, checked { try schema.check(self) }
    }

    /// The request in the JSON format.
    public var json: JSONValue {
        [
            "principal": principal.json, "action": action.json, "resource": resource.json,
            "context": Value.record(context).json,
        ]
    }
}
