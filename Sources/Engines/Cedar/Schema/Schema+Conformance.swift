extension Schema {
    /// Checks entities against the schema: declared types, attributes, tags, ancestors and enumerated ids, and action
    /// entities exactly as the schema has them.
    ///
    /// - Throws: ``CedarError`` with the code `entities`.
    public func check(_ entities: Entities) throws(CedarError) {
        let declared = Dictionary(actionEntities.map { ($0.uid, Set($0.parents)) }) { first, _ in first }
        for entity in entities.all {
            let uid = entity.uid
            if uid.isAction {
                guard let ancestors = declared[uid] else { throw failure("action `\(uid)` is not declared in the schema") }
                guard entity.attributes.isEmpty, entity.tags.isEmpty, entities.ancestors(of: uid) == ancestors else {
                    throw failure("action `\(uid)` is not as the schema declares it")
                }
            } else {
                try check(entity, ancestors: entities.ancestors(of: uid))
            }
        }
    }

    /// Checks one entity that is no action: its type, attributes, tags, and the ancestors given.
    ///
    /// - Throws: ``CedarError`` with the code `entities`.
    public func check(_ entity: Entity, ancestors: Set<EntityUID>) throws(CedarError) {
        let uid = entity.uid
        guard let type = entityTypes[uid.type] else { throw failure("entity type `\(uid.type)` is not declared in the schema") }
        try checkName(uid, .entities)
        for (name, attribute) in type.attributes where attribute.isRequired && entity.attributes[name] == nil {
            throw failure("entity `\(uid)` lacks the attribute `\(name)`")
        }
        for (name, value) in entity.attributes.pairs {
            guard let expected = type.attributes[name] else { throw failure("entity `\(uid)` cannot have the attribute `\(name)`") }
            guard expected.type.admits(value) else {
                throw failure("attribute `\(name)` of entity `\(uid)` is not of type \(expected.type)")
            }
            try checkNames(in: value, .entities)
        }
        let allowed = parentTypes(of: uid.type)
        for ancestor in ancestors {
            try checkName(ancestor, .entities)
            guard allowed.contains(ancestor.type) else {
                throw failure("entity `\(uid)` cannot be below `\(ancestor)`")
            }
        }
        for (name, value) in entity.tags.pairs {
            guard let expected = type.tags else { throw failure("entity `\(uid)` cannot have tags") }
            guard expected.admits(value) else { throw failure("tag `\(name)` of entity `\(uid)` is not of type \(expected)") }
            try checkNames(in: value, .entities)
        }
    }

    /// Checks a request against the schema: action declared, principal and resource among the types that it applies to,
    /// enumerated ids declared, context of exactly the declared type.
    ///
    /// - Throws: ``CedarError`` with the code `request`.
    public func check(_ request: Request) throws(CedarError) {
        for uid in [request.principal, request.resource] {
            guard entityTypes[uid.type] != nil else {
                throw CedarError(.request, "entity type `\(uid.type)` is not declared in the schema")
            }
            try checkName(uid, .request)
        }
        guard let action = actions[request.action] else {
            throw CedarError(.request, "action `\(request.action)` is not declared in the schema")
        }
        guard action.principals.contains(request.principal.type) else {
            throw CedarError(.request, "principal type `\(request.principal.type)` is not valid for `\(request.action)`")
        }
        guard action.resources.contains(request.resource.type) else {
            throw CedarError(.request, "resource type `\(request.resource.type)` is not valid for `\(request.action)`")
        }
        try checkNames(in: .record(request.context), .request)
        guard CedarType.record(action.context).admits(.record(request.context)) else {
            throw CedarError(.request, "the context is not valid for `\(request.action)`")
        }
    }

    /// Enumerated ids and actions must be declared, wherever they stand.
    private func checkName(_ uid: EntityUID, _ code: CedarError.Code) throws(CedarError) {
        if let choices = entityTypes[uid.type]?.choices, !choices.contains(uid.id) {
            throw CedarError(code, "entity `\(uid)` is of an enumerated type and its id is not declared")
        }
        if uid.isAction && actions[uid] == nil {
            throw CedarError(code, "action `\(uid)` is not declared in the schema")
        }
    }

    private func checkNames(in value: Value, _ code: CedarError.Code) throws(CedarError) {
        switch value {
        case .entity(let uid): try checkName(uid, code)
        case .set(let set): for element in set.values { try checkNames(in: element, code) }
        case .record(let record): for (_, value) in record.pairs { try checkNames(in: value, code) }
        default: break
        }
    }

    private func failure(_ message: String) -> CedarError { CedarError(.entities, message) }
}

extension CedarType {
    /// True where the value is of the type.
    func admits(_ value: Value) -> Bool {
        switch (self, value) {
        case (.bool, .bool), (.long, .long), (.string, .string), (.anyEntity, .entity), (.anySet, .set): true
        case (.constant(let wanted), .bool(let found)): wanted == found
        case (.entity(let names), .entity(let uid)): names.contains(uid.type)
        case (.set(let element), .set(let set)): set.values.allSatisfy(element.admits)
        case (.record(let type), .record(let record)): type.admits(record)
        case (.extension(let type), _): type.admits(value)
        default: false
        }
    }
}

extension RecordType {
    func admits(_ record: Record) -> Bool {
        for (name, value) in record.pairs {
            guard let attribute = attributes[name] else {
                if isOpen { continue }
                return false
            }
            guard attribute.type.admits(value) else { return false }
        }
        return attributes.allSatisfy { !$0.value.isRequired || record[$0.key] != nil }
    }
}
