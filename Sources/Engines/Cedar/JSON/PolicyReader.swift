internal import StrictJSON

/// Reads policies of the JSON policy format.
struct PolicyReader: Sendable {
    let read = JSONReading(code: .parse)
    let limits: CedarLimits
    let values: ValueReader

    init(limits: CedarLimits) {
        self.limits = limits
        values = ValueReader(code: .parse, limits: limits)
    }

    func policy(_ node: JSONNode) throws(CedarError) -> Policy {
        let keys = ["effect", "principal", "action", "resource", "conditions", "annotations"]
        try read.onlyKeys(try read.object(node, "a policy"), keys, "a policy")
        let word = try read.string(try member(node, "effect"), "`effect`")
        guard let effect = Effect(rawValue: word) else { throw read.failure("`\(word)` is no effect", node) }
        let principal = try scope(try member(node, "principal"), .principal)
        let action = try actionScope(try member(node, "action"))
        let resource = try scope(try member(node, "resource"), .resource)
        var conditions: [Condition] = []
        for condition in try read.array(try member(node, "conditions"), "`conditions`") {
            conditions.append(try self.condition(condition))
        }
        return Policy(
            annotations: try annotations(node["annotations"]), effect: effect, principal: principal, action: action,
            resource: resource, conditions: conditions)
    }

    func link(_ node: JSONNode) throws(CedarError) -> (template: String, id: String, values: [Slot: EntityUID]) {
        try read.onlyKeys(try read.object(node, "a link"), ["templateId", "newId", "values"], "a link")
        var filled: [Slot: EntityUID] = [:]
        for value in try read.object(try member(node, "values"), "`values`").members {
            guard let slot = Slot(rawValue: value.name) else { throw read.failure("`\(value.name)` is no slot", value.value) }
            filled[slot] = try values.entity(value.value)
        }
        let template = try read.string(try member(node, "templateId"), "`templateId`")
        return (template, try read.string(try member(node, "newId"), "`newId`"), filled)
    }

    private func annotations(_ node: JSONNode?) throws(CedarError) -> [(key: String, value: Text?)] {
        guard let node else { return [] }
        var result: [(key: String, value: Text?)] = []
        for member in try read.object(node, "`annotations`").members {
            guard Identifiers.isIdentifierShaped(member.name) else {
                throw read.failure("`\(member.name)` cannot be an annotation", member.value)
            }
            result.append((member.name, member.value.isNull ? nil : Text(try read.string(member.value, "an annotation"))))
        }
        return result
    }

    private func condition(_ node: JSONNode) throws(CedarError) -> Condition {
        try read.onlyKeys(try read.object(node, "a condition"), ["kind", "body"], "a condition")
        let kind = try read.string(try member(node, "kind"), "`kind`")
        guard kind == "when" || kind == "unless" else { throw read.failure("`\(kind)` is no kind of condition", node) }
        return Condition(isWhen: kind == "when", body: try expression(try member(node, "body"), 0))
    }

    func member(_ node: JSONNode, _ key: String) throws(CedarError) -> JSONNode { try read.member(node, key, "this") }
}

// MARK: Scopes

extension PolicyReader {
    private func scope(_ node: JSONNode, _ slot: Slot) throws(CedarError) -> ScopeConstraint {
        switch try read.string(try member(try read.object(node, "a scope"), "op"), "`op`") {
        case "All", "all":
            try read.onlyKeys(node, ["op"], "this scope")
            return .any
        case "==":
            try read.onlyKeys(node, ["op", "entity", "slot"], "this scope")
            return .equal(try reference(node, slot))
        case "in":
            try read.onlyKeys(node, ["op", "entity", "slot"], "this scope")
            return .in(try reference(node, slot))
        case "is":
            try read.onlyKeys(node, ["op", "entity_type", "in"], "this scope")
            let type = try typeName(try member(node, "entity_type"))
            guard let container = node["in"], !container.isNull else { return .isType(type) }
            return .isTypeIn(type, try reference(try read.object(container, "`in`"), slot))
        case let other: throw read.failure("`\(other)` is no operator of a scope", node)
        }
    }

    private func reference(_ node: JSONNode, _ slot: Slot) throws(CedarError) -> EntityReference {
        switch (node["entity"], node["slot"]) {
        case (let entity?, nil): return .entity(try values.entity(entity))
        case (nil, let name?):
            guard name.string == slot.rawValue else {
                throw read.failure("expected the slot `\(slot.rawValue)`", name)
            }
            return .slot
        default: throw read.failure("a scope needs `entity` or `slot`", node)
        }
    }

    private func actionScope(_ node: JSONNode) throws(CedarError) -> ActionConstraint {
        let constraint: ActionConstraint
        switch try read.string(try member(try read.object(node, "a scope"), "op"), "`op`") {
        case "All", "all":
            try read.onlyKeys(node, ["op"], "this scope")
            constraint = .any
        case "==":
            try read.onlyKeys(node, ["op", "entity"], "the scope of the action")
            constraint = .equal(try values.entity(try member(node, "entity")))
        case "in":
            try read.onlyKeys(node, ["op", "entity", "entities"], "the scope of the action")
            if let list = node["entities"] {
                var entities: [EntityUID] = []
                for entity in try read.array(list, "`entities`") { entities.append(try values.entity(entity)) }
                constraint = .in(entities)
            } else {
                constraint = .in([try values.entity(try member(node, "entity"))])
            }
        case let other: throw read.failure("`\(other)` is no operator of the action's scope", node)
        }
        if let other = constraint.entities.first(where: { !$0.isAction }) {
            throw read.failure("`\(other)` is no action: its type must be `Action`", node)
        }
        return constraint
    }

    func typeName(_ node: JSONNode) throws(CedarError) -> Text {
        let name = try read.string(node, "the name of a type")
        guard Identifiers.isTypeName(name) else { throw read.failure("`\(name)` is no name of a type", node) }
        return Text(name)
    }
}
