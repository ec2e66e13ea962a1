extension TypeChecker {
    mutating func binary(
        _ sign: BinaryOperator, _ expression: Expression, _ left: Expression, _ right: Expression, _ prior: Set<Capability>
    ) -> Answer {
        switch sign {
        case .equal: equality(expression, left, right, prior)
        case .notEqual: Self.not(equality(expression, left, right, prior))
        case .less, .lessOrEqual: comparison(left, right, prior)
        case .greater, .greaterOrEqual: Self.not(comparison(left, right, prior))
        case .in: membership(left, right, prior)
        case .contains: contains(expression, left, right, prior)
        case .containsAll, .containsAny: containsSeveral(expression, left, right, prior)
        case .hasTag: hasTag(left, right, prior)
        case .getTag: getTag(expression, left, right, prior)
        }
    }

    private mutating func equality(
        _ expression: Expression, _ left: Expression, _ right: Expression, _ prior: Set<Capability>
    ) -> Answer {
        let leftAnswer = check(left, prior)
        let rightAnswer = check(right, prior)
        let isOK = leftAnswer.isOK && rightAnswer.isOK
        var type = CedarType.bool
        if let leftType = leftAnswer.type, let rightType = rightAnswer.type, leftType.isDisjoint(from: rightType) {
            type = .constant(false)
        } else if let leftLiteral = literal(left), let rightLiteral = literal(right) {
            type = .constant(leftLiteral == rightLiteral)
        }
        var answer = Answer(type: type, isOK: isOK)
        if type == .bool, !agree(leftAnswer.type, rightAnswer.type, "==", expression) { answer.isOK = false }
        return answer
    }

    /// The value of a literal; `action` stands for the action of the environment.
    private func literal(_ expression: Expression) -> Value? {
        switch expression.kind {
        case .bool(let value): .bool(value)
        case .long(let value): .long(value)
        case .string(let text): .string(text)
        case .entity(let uid): .entity(uid)
        case .variable(.action): .entity(environment.action)
        default: nil
        }
    }

    /// Strict mode demands types with a common bound.
    private func agree(_ left: CedarType?, _ right: CedarType?, _ what: String, _ expression: Expression) -> Bool {
        guard mode == .strict, let left, let right, left.leastUpperBound(right, mode) == nil else { return true }
        report(.incompatibleTypes, "the types `\(left)` and `\(right)` of `\(what)` do not agree", expression)
        return false
    }

    private mutating func comparison(_ left: Expression, _ right: Expression, _ prior: Set<Capability>) -> Answer {
        let leftAnswer = check(left, prior)
        let rightAnswer = check(right, prior)
        guard let leftType = leftAnswer.type, let rightType = rightAnswer.type else { return .fail(.bool) }
        let isOK = leftAnswer.isOK && rightAnswer.isOK
        switch (leftType, rightType) {
        case (.never, .never): return .fail(.bool)
        case (.never, _) where rightType.isOrdered, (_, .never) where leftType.isOrdered:
            return Answer(type: .bool, isOK: isOK)
        case (_, _) where leftType == rightType && leftType.isOrdered: return Answer(type: .bool, isOK: isOK)
        default: break
        }
        let wrong = leftType.isOrdered && leftType != .never ? (rightType, right) : (leftType, left)
        let expected = leftType.isOrdered ? "\(leftType)" : rightType.isOrdered ? "\(rightType)" : "Long, datetime or duration"
        report(.unexpectedType, "expected `\(expected)` but saw `\(wrong.0)`", wrong.1)
        return .fail(.bool)
    }

    private mutating func contains(
        _ expression: Expression, _ left: Expression, _ right: Expression, _ prior: Set<Capability>
    ) -> Answer {
        let set = expect([.anySet], left, prior)
        let item = check(right, prior)
        var answer = Answer(type: .bool, isOK: set.isOK && item.isOK)
        if case .set(let element)? = set.type, !agree(element, item.type, "contains", expression) { answer.isOK = false }
        return answer
    }

    private mutating func containsSeveral(
        _ expression: Expression, _ left: Expression, _ right: Expression, _ prior: Set<Capability>
    ) -> Answer {
        let first = expect([.anySet], left, prior)
        let second = expect([.anySet], right, prior)
        var answer = Answer(type: .bool, isOK: first.isOK && second.isOK)
        if !agree(first.type, second.type, "containsAll", expression) { answer.isOK = false }
        return answer
    }

    // MARK: in

    private mutating func membership(_ left: Expression, _ right: Expression, _ prior: Set<Capability>) -> Answer {
        let leftAnswer = expect([.anyEntity], left, prior)
        let rightAnswer = expect([.set(.anyEntity), .anyEntity], right, prior)
        guard leftAnswer.isOK, rightAnswer.isOK else { return .fail(.bool) }
        if let uid = entity(left), uid.isAction, let others = entities(right) { return actionMembership(uid, others) }
        let rightTypes: [Text]
        switch rightAnswer.type {
        case .entity(let names): rightTypes = names
        case .set(.entity(let names)): rightTypes = names
        default: return Answer(type: .bool)
        }
        guard case .entity(let leftTypes)? = leftAnswer.type else { return Answer(type: .bool) }
        let possible = leftTypes.contains { left in rightTypes.contains { canBe(left, in: $0) } }
        return Answer(type: possible ? .bool : .constant(false))
    }

    private func canBe(_ type: Text, in other: Text) -> Bool {
        if schema.typesIn(other).contains(type) { return true }
        return schema.actions.values.contains { action in
            action.uid.type == other && action.descendants.contains { $0.type == type }
        }
    }

    private func actionMembership(_ uid: EntityUID, _ others: [EntityUID]) -> Answer {
        let actions = others.filter(\.isAction)
        guard !actions.isEmpty else { return Answer(type: .constant(false)) }
        guard let within = schema.actionsIn(actions) else { return .fail(.bool) }
        return Answer(type: .constant(within.contains(uid)))
    }

    private func entity(_ expression: Expression) -> EntityUID? {
        if case .entity(let uid)? = literal(expression) { uid } else { nil }
    }

    private func entities(_ expression: Expression) -> [EntityUID]? {
        if let uid = entity(expression) { return [uid] }
        guard case .set(let items) = expression.kind else { return nil }
        let all = items.compactMap(entity)
        return all.count == items.count ? all : nil
    }
}

// MARK: Tags

extension TypeChecker {
    private mutating func hasTag(_ left: Expression, _ right: Expression, _ prior: Set<Capability>) -> Answer {
        let owner = expect([.anyEntity], left, prior)
        let name = expect([.string], right, prior)
        guard let type = owner.type else { return .fail(nil) }
        let capability = Capability(isTag: true, owner: shape(of: left), name: shape(of: right))
        let isOK = owner.isOK && name.isOK
        let result: CedarType =
            schema.tagTypes(of: type).isEmpty ? .constant(false) : prior.contains(capability) ? .constant(true) : .bool
        return Answer(type: result, isOK: isOK, capabilities: isOK ? [capability] : [])
    }

    private mutating func getTag(
        _ expression: Expression, _ left: Expression, _ right: Expression, _ prior: Set<Capability>
    ) -> Answer {
        let owner = expect([.anyEntity], left, prior)
        let name = expect([.string], right, prior)
        guard let type = owner.type else { return .fail(nil) }
        guard prior.contains(Capability(isTag: true, owner: shape(of: left), name: shape(of: right))) else {
            report(.unsafeTagAccess, "the tag may not be there: guard it by `hasTag`", expression)
            return .fail(nil)
        }
        let tags = schema.tagTypes(of: type)
        guard !tags.isEmpty else {
            report(.noTagsAllowed, "entities of type `\(type)` have no tags", expression)
            return .fail(nil)
        }
        guard let bound = CedarType.leastUpperBound(of: tags, mode) else {
            report(.incompatibleTypes, "the types of the tags do not agree", expression)
            return .fail(nil)
        }
        return Answer(type: bound, isOK: owner.isOK && name.isOK)
    }
}

extension CedarType {
    /// True for the types that `<` compares.
    fileprivate var isOrdered: Bool {
        switch self {
        case .long, .extension(.datetime), .extension(.duration): true
        default: false
        }
    }
}
