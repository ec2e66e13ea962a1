public import StrictJSON

extension Entities {
    /// Reads entities in the JSON format: a list of `{"uid", "attrs", "parents", "tags"?}`.
    ///
    /// With a schema the values are read by their types, everything is checked against it, and its actions are added.
    /// - Throws: ``CedarError`` with the code `entities`, or `limit`.
    public init(parsing bytes: [UInt8], schema: Schema? = nil, limits: CedarLimits = CedarLimits()) throws {
        let reader = ValueReader(code: .entities, limits: limits)
        try self.init(json: reader.read.document(bytes, limits).root, schema: schema, limits: limits)
    }

    /// Reads entities from a list that is part of a larger text.
    ///
    /// - Throws: as ``init(parsing:schema:limits:)``.
    public init(json node: JSONNode, schema: Schema? = nil, limits: CedarLimits = CedarLimits()) throws {
        let reader = ValueReader(code: .entities, limits: limits)
        var list: [Entity] = []
        for element in try reader.read.array(node, "entities") { list.append(try reader.entity(element, schema)) }
        try self.init(list)
        guard let schema else { return }
        try schema.check(self)
        self = try merging(schema.actionEntities)
    }
}

extension ValueReader {
    /// One entity with its attributes, tags and parents.
    fileprivate func entity(_ node: JSONNode, _ schema: Schema?) throws(CedarError) -> Entity {
        let object = try read.object(node, "an entity")
        let uid = try entity(try read.member(object, "uid", "an entity"))
        let type = uid.isAction ? nil : schema?.entityTypes[uid.type]
        if schema != nil && type == nil && !uid.isAction {
            throw read.failure("entity type `\(uid.type)` is not declared in the schema", node)
        }
        let attributes = try read.object(try read.member(object, "attrs", "an entity"), "`attrs`")
        var pairs: [(Text, Value)] = []
        for member in attributes.members {
            let name = Text(member.name)
            if let type, type.attributes[name] == nil {
                throw read.failure("entity `\(uid)` cannot have the attribute `\(name)`", member.value)
            }
            pairs.append((name, try value(member.value, as: type?.attributes[name]?.type)))
        }
        var tags: [(Text, Value)] = []
        if let node = object["tags"] {
            for member in try read.object(node, "`tags`").members {
                if let type, type.tags == nil { throw read.failure("entity `\(uid)` cannot have tags", member.value) }
                tags.append((Text(member.name), try value(member.value, as: type?.tags)))
            }
        }
        var parents: [EntityUID] = []
        for parent in try read.array(try read.member(object, "parents", "an entity"), "`parents`") {
            let name = try entity(parent)
            guard !uid.isAction || name.isAction else { throw read.failure("action `\(uid)` cannot be below `\(name)`", parent) }
            parents.append(name)
        }
        return Entity(uid: uid, attributes: Record(pairs), tags: Record(tags), parents: parents)
    }
}

extension Entities {
    /// The entities in the JSON format, in the order of their names.
    public var json: JSONValue {
        .array(all.sorted { $0.uid < $1.uid }.map(\.json))
    }
}

extension Entity {
    /// The entity in the JSON format.
    public var json: JSONValue {
        var object: JSONObject = [
            "uid": uid.json, "attrs": Value.record(attributes).json, "parents": .array(parents.map(\.json)),
        ]
        if !tags.isEmpty { object["tags"] = Value.record(tags).json }
        return .object(object)
    }
}

extension EntityUID {
    /// `{"type", "id"}`
    public var json: JSONValue { ["type": .string(type.string), "id": .string(id.string)] }
}

extension Value {
    /// The value in the JSON format, with escapes.
    public var json: JSONValue {
        switch self {
        case .bool(let value): .bool(value)
        case .long(let value): JSONValue(value)
        case .string(let text): .string(text.string)
        case .entity(let uid): ["__entity": uid.json]
        case .set(let set): .array(set.values.map(\.json).sorted { $0.serialized() < $1.serialized() })
        case .record(let record): .object(JSONObject(record.pairs.map { ($0.0.string, $0.1.json) }))
        case .decimal(let value): Self.call("decimal", value.description)
        case .ip(let value): Self.call("ip", value.description)
        case .duration(let value): Self.call("duration", value.description)
        case .datetime(let value):
            ["__extn": ["fn": "offset", "args": [Self.call("datetime", "1970-01-01"), Self.call("duration", value.description)]]]
        }
    }

    private static func call(_ function: String, _ argument: String) -> JSONValue {
        ["__extn": ["fn": .string(function), "arg": .string(argument)]]
    }
}
