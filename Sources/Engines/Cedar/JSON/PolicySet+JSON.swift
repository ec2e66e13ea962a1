public import StrictJSON

extension PolicySet {
    /// Reads the JSON policy format: `{"staticPolicies", "templates", "templateLinks"}`.
    ///
    /// - Throws: ``CedarError`` with line and column.
    public init(parsingJSON bytes: [UInt8], limits: CedarLimits = CedarLimits()) throws(CedarError) {
        let reader = PolicyReader(limits: limits)
        try self.init(json: reader.read.document(bytes, limits, depth: limits.depth * 3).root, limits: limits)
    }

    /// Reads either form: what begins with `{` is JSON.
    ///
    /// - Throws: ``CedarError`` with line and column.
    public init(parsingEither bytes: [UInt8], limits: CedarLimits = CedarLimits()) throws(CedarError) {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == UInt8(ascii: "{") {
            try self.init(parsingJSON: bytes, limits: limits)
        } else {
            try self.init(parsing: bytes, limits: limits)
        }
    }

    /// Reads a policy set that is part of a larger text.
    ///
    /// - Throws: as ``init(parsingJSON:limits:)``.
    public init(json root: JSONNode, limits: CedarLimits = CedarLimits()) throws(CedarError) {
        self = try DeepStack.run(depth: limits.depth) { () throws(CedarError) in try PolicySet(reading: root, limits) }
    }

    private init(reading root: JSONNode, _ limits: CedarLimits) throws(CedarError) {
        self.init()
        let reader = PolicyReader(limits: limits)
        let keys = ["staticPolicies", "templates", "templateLinks"]
        try reader.read.onlyKeys(try reader.read.object(root, "a policy set"), keys, "a policy set")
        for (key, hasSlots) in [("staticPolicies", false), ("templates", true)] {
            let list = try reader.read.object(try reader.read.member(root, key, "a policy set"), "`\(key)`")
            for member in list.members {
                let policy = try reader.policy(member.value)
                guard policy.slots.isEmpty != hasSlots else {
                    throw reader.read.failure(
                        hasSlots ? "template `\(member.name)` has no slot" : "policy `\(member.name)` has a slot", member.value)
                }
                try add(policy, id: member.name)
            }
        }
        let links = try reader.read.member(root, "templateLinks", "a policy set")
        for node in try reader.read.array(links, "`templateLinks`") {
            let (template, id, values) = try reader.link(node)
            try link(template: template, as: id, values: values)
        }
    }

    /// The text of the set in the JSON policy format; unlike `json.serialized()` it needs no room on the caller's stack.
    public func jsonText(_ format: JSONFormat = .compact) -> String {
        let depth = (policies + templates).reduce(0) { max($0, $1.policy.depth) }
        return DeepStack.run(depth: depth) { json.serialized(format) }
    }

    /// The set in the JSON policy format.
    public var json: JSONValue {
        [
            "staticPolicies": .object(JSONObject(policies.map { ($0.id, $0.policy.json) })),
            "templates": .object(JSONObject(templates.map { ($0.id, $0.policy.json) })),
            "templateLinks": .array(links.map(\.json)),
        ]
    }
}

extension PolicySet.Link {
    var json: JSONValue {
        let values = values.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { ($0.key.rawValue, JSONValue.object(["__entity": $0.value.json])) }
        return ["templateId": .string(template), "newId": .string(id), "values": .object(JSONObject(values))]
    }
}

extension Policy {
    /// Reads one policy or template of the JSON policy format.
    ///
    /// - Throws: ``CedarError`` with line and column.
    public init(parsingJSON bytes: [UInt8], limits: CedarLimits = CedarLimits()) throws(CedarError) {
        let reader = PolicyReader(limits: limits)
        let root = try reader.read.document(bytes, limits, depth: limits.depth * 3).root
        self = try DeepStack.run(depth: limits.depth) { () throws(CedarError) in try reader.policy(root) }
    }

    /// The policy in the JSON policy format.
    public var json: JSONValue {
        DeepStack.run(depth: depth) { ownJSON }
    }

    private var ownJSON: JSONValue {
        var object: JSONObject = [
            "effect": .string(effect.rawValue), "principal": principal.json(.principal), "action": action.json,
            "resource": resource.json(.resource),
            "conditions": .array(
                conditions.map { ["kind": .string($0.isWhen ? "when" : "unless"), "body": $0.body.json] }),
        ]
        if !annotations.isEmpty {
            let sorted = annotations.sorted { $0.key < $1.key }
            object["annotations"] = .object(
                JSONObject(sorted.map { ($0.key, $0.value.map { .string($0.string) } ?? .null) }))
        }
        return .object(object)
    }
}

extension ScopeConstraint {
    fileprivate func json(_ slot: Slot) -> JSONValue {
        func member(_ reference: EntityReference) -> (String, JSONValue) {
            if case .entity(let uid) = reference { ("entity", uid.json) } else { ("slot", .string(slot.rawValue)) }
        }
        return switch self {
        case .any: ["op": "All"]
        case .equal(let reference): .object(JSONObject([("op", "=="), member(reference)]))
        case .in(let reference): .object(JSONObject([("op", "in"), member(reference)]))
        case .isType(let type): ["op": "is", "entity_type": .string(type.string)]
        case .isTypeIn(let type, let reference):
            ["op": "is", "entity_type": .string(type.string), "in": .object(JSONObject([member(reference)]))]
        }
    }
}

extension ActionConstraint {
    fileprivate var json: JSONValue {
        switch self {
        case .any: ["op": "All"]
        case .equal(let uid): ["op": "==", "entity": uid.json]
        case .in(let list) where list.count == 1: ["op": "in", "entity": list[0].json]
        case .in(let list): ["op": "in", "entities": .array(list.map(\.json))]
        }
    }
}

extension Expression {
    /// The expression in the JSON policy format.
    var json: JSONValue {
        switch kind {
        case .bool(let value): return ["Value": .bool(value)]
        case .long(let value): return ["Value": JSONValue(value)]
        case .string(let text): return ["Value": .string(text.string)]
        case .entity(let uid): return ["Value": ["__entity": uid.json]]
        case .variable(let variable): return ["Var": .string(variable.rawValue)]
        case .slot(let slot): return ["Slot": .string(slot.rawValue)]
        case .ifThenElse(let test, let first, let second):
            return ["if-then-else": ["if": test.json, "then": first.json, "else": second.json]]
        case .and(let list): return Self.chain("&&", list.map(\.json))
        case .or(let list): return Self.chain("||", list.map(\.json))
        case .product(let list): return Self.chain("*", list.map(\.json))
        case .sum(let first, let rest):
            return rest.reduce(first.json) { Self.pair($1.isMinus ? "-" : "+", $0, $1.1.json) }
        case .unary(let sign, let operand): return Self.object(sign.rawValue, ["arg": operand.json])
        case .binary(let sign, let left, let right): return Self.pair(sign.rawValue, left.json, right.json)
        case .attribute(let operand, let name):
            return [".": ["left": operand.json, "attr": .string(name.string)]]
        case .hasAttribute(let operand, let path): return Self.has(operand.json, path)
        case .like(let operand, let pattern): return ["like": ["left": operand.json, "pattern": pattern.json]]
        case .isType(let operand, let type, let container):
            var object: JSONObject = ["left": operand.json, "entity_type": .string(type.string)]
            object["in"] = container?.json
            return ["is": .object(object)]
        case .set(let items): return ["Set": .array(items.map(\.json))]
        case .record(let pairs): return ["Record": .object(JSONObject(pairs.map { ($0.0.string, $0.1.json) }))]
        case .call(let function, let arguments): return Self.object(function.rawValue, .array(arguments.map(\.json)))
        }
    }

    private static func object(_ key: String, _ value: JSONValue) -> JSONValue { .object(JSONObject([(key, value)])) }

    private static func pair(_ key: String, _ left: JSONValue, _ right: JSONValue) -> JSONValue {
        object(key, ["left": left, "right": right])
    }

    private static func chain(_ key: String, _ list: [JSONValue]) -> JSONValue {
        list.dropFirst().reduce(list[0]) { pair(key, $0, $1) }
    }

    /// A path becomes one test for each step.
    private static func has(_ operand: JSONValue, _ path: [Text]) -> JSONValue {
        var owner = operand
        var tests: [JSONValue] = []
        for name in path {
            let members: JSONValue = ["left": owner, "attr": .string(name.string)]
            tests.append(["has": members])
            owner = [".": members]
        }
        return chain("&&", tests)
    }
}

extension Pattern {
    /// One element a character, as the reference writes it.
    fileprivate var json: JSONValue {
        .array(
            elements.map { element in
                switch element {
                case .wildcard: "Wildcard"
                case .scalar(let scalar): ["Literal": .string(String(scalar))]
                }
            })
    }
}
