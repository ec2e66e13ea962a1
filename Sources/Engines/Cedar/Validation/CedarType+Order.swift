extension CedarType {
    /// True where every value of this type is one of the other.
    func isSubtype(of other: CedarType, _ mode: ValidationMode) -> Bool {
        switch (self, other) {
        case (.never, _): true
        case (.constant, .bool), (.bool, .bool), (.long, .long), (.string, .string), (.anyEntity, .anyEntity),
            (.anySet, .anySet), (.set, .anySet):
            true
        case (.constant(let left), .constant(let right)): left == right
        case (.set(let left), .set(let right)): left.isSubtype(of: right, mode)
        case (.entity(let left), .entity(let right)):
            mode == .strict ? left == right : Set(left).isSubset(of: right)
        case (.entity, .anyEntity): mode == .permissive
        case (.extension(let left), .extension(let right)): left == right
        case (.record(let left), .record(let right)): left.isSubtype(of: right, mode)
        default: false
        }
    }

    /// The smallest type that both are subtypes of; nil where there is none.
    func leastUpperBound(_ other: CedarType, _ mode: ValidationMode) -> CedarType? {
        if isSubtype(of: other, mode) { return other }
        if other.isSubtype(of: self, mode) { return self }
        switch (self, other) {
        case (.constant, .constant): return .bool
        case (.anySet, .set), (.set, .anySet): return .anySet
        case (.set(let left), .set(let right)): return left.leastUpperBound(right, mode).map(CedarType.set)
        case (.entity(let left), .entity(let right)):
            return mode == .permissive ? .entity(Set(left + right).sorted()) : nil
        case (.anyEntity, .entity), (.entity, .anyEntity): return mode == .permissive ? .anyEntity : nil
        case (.record(let left), .record(let right)): return left.leastUpperBound(right, mode).map(CedarType.record)
        default: return nil
        }
    }

    /// The bound of several types; `never` for none.
    static func leastUpperBound(of types: [CedarType], _ mode: ValidationMode) -> CedarType? {
        types.reduce(Optional(CedarType.never)) { $0?.leastUpperBound($1, mode) }
    }

    /// True for entity types that have no type in common.
    func isDisjoint(from other: CedarType) -> Bool {
        guard case .entity(let left) = self, case .entity(let right) = other else { return false }
        return Set(left).isDisjoint(with: right)
    }
}

extension RecordType {
    fileprivate func isSubtype(of other: RecordType, _ mode: ValidationMode) -> Bool {
        guard !isOpen || other.isOpen else { return false }
        let wider = other.isOpen && mode == .permissive
        guard wider || attributes.count == other.attributes.count else { return false }
        return other.attributes.allSatisfy { name, attribute in
            attributes[name]?.isSubtype(of: attribute, mode) == true
        }
    }

    func leastUpperBound(_ other: RecordType, _ mode: ValidationMode) -> RecordType? {
        let sameNames = attributes.count == other.attributes.count && attributes.keys.allSatisfy { other.attributes[$0] != nil }
        if mode == .strict && !sameNames { return nil }
        var bound: [Text: AttributeType] = [:]
        for (name, left) in attributes {
            guard let right = other.attributes[name] else { continue }
            if let type = left.leastUpperBound(right, mode) {
                bound[name] = type
            } else if mode == .strict {
                return nil
            }
        }
        let keepsAll = bound.count == attributes.count && bound.count == other.attributes.count
        return RecordType(attributes: bound, isOpen: isOpen || other.isOpen || !keepsAll)
    }
}

extension AttributeType {
    fileprivate func isSubtype(of other: AttributeType, _ mode: ValidationMode) -> Bool {
        let fits = mode == .strict ? isRequired == other.isRequired : isRequired || !other.isRequired
        return fits && type.isSubtype(of: other.type, mode)
    }

    fileprivate func leastUpperBound(_ other: AttributeType, _ mode: ValidationMode) -> AttributeType? {
        guard mode == .permissive || isRequired == other.isRequired else { return nil }
        return type.leastUpperBound(other.type, mode).map { AttributeType(type: $0, isRequired: isRequired && other.isRequired) }
    }
}
