/// Counts how many entities deep a policy reads (RFC 76): `principal.manager.name` is two.
struct LevelChecker {
    let maximum: Int
    let environment: Schema.RequestEnvironment
    let types: [ObjectIdentifier: CedarType?]
    let desugared: [ObjectIdentifier: Expression]
    let report: (ValidationResult.Issue.Code, String, Expression) -> Void

    /// Checks an expression whose value is not read through.
    func check(_ expression: Expression) {
        guard wasTyped(expression) else { return }
        if let longer = desugared[ObjectIdentifier(expression)] { return check(longer) }
        switch expression.kind {
        case .binary(.hasTag, let left, let right), .binary(.getTag, let left, let right), .binary(.in, let left, let right):
            limit(target(left, []), expression)
            check(right)
        case .attribute(let owner, _), .hasAttribute(let owner, _):
            if isEntity(owner) { limit(target(owner, []), expression) } else { check(owner) }
        default: for child in expression.children { check(child) }
        }
    }

    private func limit(_ level: Int, _ expression: Expression) {
        guard level >= maximum else { return }
        report(
            .dereferenceLevelExceeded,
            "this policy requires level \(level + 1), which exceeds the maximum allowed level (\(maximum))", expression)
    }

    /// The level of an entity that is about to be read.
    private func target(_ expression: Expression, _ path: [Text]) -> Int {
        switch expression.kind {
        case .variable: return 0
        case .slot, .entity:
            if case .entity(let uid) = expression.kind, uid == environment.action { return 0 }
            report(.entityLiteralDereferenced, "entity literals cannot be read at any level", expression)
            return 0
        case .ifThenElse(let test, let first, let second):
            check(test)
            return max(wasTyped(first) ? target(first, path) : 0, wasTyped(second) ? target(second, path) : 0)
        case .attribute(let owner, let name):
            return isEntity(owner) ? target(owner, path) + 1 : target(owner, path + [name])
        case .binary(.getTag, let owner, let name):
            check(name)
            return target(owner, path) + 1
        case .record(let pairs):
            guard let wanted = path.last else { return 0 }
            var level = 0
            for (name, value) in pairs {
                if name == wanted { level = target(value, path.dropLast()) } else { check(value) }
            }
            return level
        default: return 0
        }
    }

    private func isEntity(_ expression: Expression) -> Bool {
        if case .entity?? = types[ObjectIdentifier(expression)] { true } else { false }
    }

    /// Parts that cannot be reached have no type.
    private func wasTyped(_ expression: Expression) -> Bool { types[ObjectIdentifier(expression)] != nil }
}
