extension Schema {
    /// The attribute of a type; nil where it cannot be told to be there or optional.
    func attribute(_ name: Text, of type: CedarType, _ mode: ValidationMode) -> AttributeType? {
        switch type {
        case .record(let record): record.attributes[name]
        case .entity(let names): attributes(of: names)[name]
        default: nil
        }
    }

    /// True where a value of the type could have the attribute.
    func mayHave(_ name: Text, _ type: CedarType) -> Bool {
        switch type {
        case .never, .anyEntity: true
        case .entity(let names):
            names.contains { !Identifiers.isActionType($0) && entityTypes[$0] == nil }
                || names.contains { entityTypes[$0]?.attributes[name] != nil }
        case .record(let record): record.isOpen || record.attributes[name] != nil
        default: false
        }
    }

    /// What all of the entity types have in common.
    private func attributes(of names: [Text]) -> [Text: AttributeType] {
        let all = names.map { RecordType(attributes: entityTypes[$0]?.attributes ?? [:]) }
        guard let first = all.first else { return [:] }
        return all.dropFirst().reduce(first) { $0.leastUpperBound($1, .permissive) ?? RecordType(attributes: [:]) }.attributes
    }

    /// The types of the tags of an entity type.
    func tagTypes(of type: CedarType) -> [CedarType] {
        let types: [EntityType]
        if case .entity(let names) = type { types = names.compactMap { entityTypes[$0] } } else { types = Array(entityTypes.values) }
        return Array(Set(types.compactMap(\.tags)))
    }

    /// The actions in a list and those below them; nil where one is not declared.
    func actionsIn(_ list: [EntityUID]) -> Set<EntityUID>? {
        var result: Set<EntityUID> = []
        for uid in list {
            guard let action = actions[uid] else { return nil }
            result.insert(uid)
            result.formUnion(action.descendants)
        }
        return result
    }
}
