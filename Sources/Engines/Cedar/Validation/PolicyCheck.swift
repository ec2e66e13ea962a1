/// The checks of one policy or template.
struct PolicyCheck: Sendable {
    typealias Issue = ValidationResult.Issue

    let schema: Schema
    let id: String
    let policy: Policy
    let mode: ValidationMode
    let maximumLevel: Int?
    private(set) var errors: [Issue] = []
    private(set) var warnings: [Issue] = []

    init(schema: Schema, id: String, policy: Policy, mode: ValidationMode, maximumLevel: Int?) {
        self.schema = schema
        self.id = id
        self.policy = policy
        self.mode = mode
        self.maximumLevel = maximumLevel
    }

    mutating func run() {
        checkNames()
        checkActionApplication()
        checkTypes()
        for (code, message) in TextCheck.warnings(of: policy) { warn(code, message) }
    }

    /// What a link adds to its template: the types of its values, and that it can apply at all.
    mutating func checkLink(_ values: [EntityUID]) {
        for uid in values where !schema.isKnown(uid.type) { unrecognized(uid.type, nil) }
        checkActionApplication()
    }

    private mutating func fault(_ code: Issue.Code, _ message: String, _ position: SourcePosition?) {
        errors.append(Issue(policy: id, code: code, message: message, position: position))
    }

    private mutating func warn(_ code: Issue.Code, _ message: String) {
        warnings.append(Issue(policy: id, code: code, message: message, position: policy.position))
    }

    private mutating func unrecognized(_ type: Text, _ position: SourcePosition?) {
        fault(.unrecognizedEntityType, "unrecognized entity type `\(type)`", position)
    }
}

// MARK: Names

extension PolicyCheck {
    private mutating func checkNames() {
        var entities = [policy.principal, policy.resource].compactMap { constraint -> EntityUID? in
            if case .entity(let uid)? = constraint.reference { uid } else { nil }
        }
        entities += policy.action.entities
        for uid in entities { check(uid, policy.position) }
        for constraint in [policy.principal, policy.resource] {
            if let type = constraint.testedType, !schema.isKnown(type) { unrecognized(type, policy.position) }
        }
        var found: [(Expression, Text?)] = []
        for condition in policy.conditions {
            condition.body.forEach { expression in
                if case .isType(_, let type, _) = expression.kind { found.append((expression, type)) }
                if case .entity = expression.kind { found.append((expression, nil)) }
            }
        }
        for (expression, type) in found {
            if case .entity(let uid) = expression.kind { check(uid, policy.position(of: expression)) }
            if let type, !schema.isKnown(type) { unrecognized(type, policy.position(of: expression)) }
        }
    }

    private mutating func check(_ uid: EntityUID, _ position: SourcePosition?) {
        if !schema.isKnown(uid.type) { unrecognized(uid.type, position) }
        if uid.isAction {
            if schema.actions[uid] == nil { fault(.unrecognizedAction, "unrecognized action `\(uid)`", position) }
        } else if let choices = schema.entityTypes[uid.type]?.choices, !choices.contains(uid.id) {
            fault(.invalidEnumeratedEntity, "entity `\(uid)` is of an enumerated type and its id is not declared", position)
        }
    }

    private mutating func checkActionApplication() {
        let principals = types(policy.principal)
        let resources = types(policy.resource)
        let actions: [Schema.Action]
        switch policy.action {
        case .any: actions = Array(schema.actions.values)
        case .equal(let uid): actions = schema.actions[uid].map { [$0] } ?? []
        case .in(let list): actions = (schema.actionsIn(list) ?? []).compactMap { schema.actions[$0] }
        }
        let applies = actions.contains { action in
            action.principals.contains(where: principals.contains) && action.resources.contains(where: resources.contains)
        }
        if !applies {
            fault(.noApplicableAction, "no action of the schema applies to the principals and resources of the scope", policy.position)
        }
    }

    /// The entity types that a scope constraint admits.
    private func types(_ constraint: ScopeConstraint) -> Set<Text> {
        switch constraint {
        case .any, .equal(.slot), .in(.slot): Set(schema.entityTypes.keys)
        case .equal(.entity(let uid)): [uid.type]
        case .in(.entity(let uid)): schema.typesIn(uid.type)
        case .isType(let type), .isTypeIn(let type, .slot): schema.isKnown(type) ? [type] : []
        case .isTypeIn(let type, .entity(let uid)): schema.typesIn(uid.type).intersection([type])
        }
    }
}

// MARK: Types

extension PolicyCheck {
    private mutating func checkTypes() {
        let condition = ScopeCondition(policy)
        var isImpossible = true
        var found: Set<Issue> = []
        var ordered: [Issue] = []
        let policy = policy
        let id = id
        for environment in schema.environments {
            for slots in slotTypes(environment) {
                let report: (Issue.Code, String, Expression) -> Void = { code, message, expression in
                    let issue = Issue(policy: id, code: code, message: message, position: policy.position(of: expression))
                    if found.insert(issue).inserted { ordered.append(issue) }
                }
                var checker = TypeChecker(
                    schema: schema, mode: mode, environment: environment, slots: slots, report: report)
                let answer = condition.check(&checker)
                if answer.type != .constant(false) { isImpossible = false }
                guard let maximumLevel, answer.isOK || answer.type == .constant(false) else { continue }
                let levels = LevelChecker(
                    maximum: maximumLevel, environment: environment, types: checker.types,
                    desugared: checker.desugared, report: report)
                for part in condition.parts { levels.check(part) }
            }
        }
        errors += ordered
        if isImpossible { warn(.impossiblePolicy, "the policy can never apply to a request") }
    }

    /// The combinations of types that open slots may be filled with.
    private func slotTypes(_ environment: Schema.RequestEnvironment) -> [[Slot: Text]] {
        var combinations: [[Slot: Text]] = [[:]]
        for (slot, constraint, type) in [
            (Slot.principal, policy.principal, environment.principal),
            (Slot.resource, policy.resource, environment.resource),
        ] where constraint.hasSlot {
            let candidates: [Text]
            if case .equal = constraint { candidates = [type] } else { candidates = schema.parentTypes(of: type).sorted() + [type] }
            combinations = combinations.flatMap { known in
                candidates.map { candidate in known.merging([slot: candidate]) { $1 } }
            }
        }
        return combinations
    }
}

extension ScopeConstraint {
    /// The type after `is`.
    fileprivate var testedType: Text? {
        switch self {
        case .isType(let type), .isTypeIn(let type, _): type
        default: nil
        }
    }
}

/// A policy as one conjunction: principal, action, resource, conditions, nested to the right.
private struct ScopeCondition {
    let parts: [Expression]

    init(_ policy: Policy) {
        var parts = [
            Self.expression(policy.principal, .principal, .principal), Self.expression(policy.action),
            Self.expression(policy.resource, .resource, .resource),
        ]
        for condition in policy.conditions {
            let body = condition.body
            parts.append(condition.isWhen ? body : Expression(.unary(.not, body), span: body.span))
        }
        self.parts = parts
    }

    func check(_ checker: inout TypeChecker) -> TypeChecker.Answer {
        var lefts: [TypeChecker.Answer] = []
        var prior: Set<TypeChecker.Capability> = []
        for part in parts {
            let answer = checker.expect([.bool], part, prior)
            lefts.append(answer)
            // Nothing to the right is looked at where a part is false.
            if answer.type == .constant(false) { break }
            if answer.isOK { prior.formUnion(answer.capabilities) }
        }
        guard var result = lefts.popLast() else { return TypeChecker.Answer(type: .constant(true)) }
        while let left = lefts.popLast() { result = TypeChecker.and(left, result) }
        return result
    }

    private static func expression(_ constraint: ScopeConstraint, _ variable: Variable, _ slot: Slot) -> Expression {
        let subject = Expression(.variable(variable))
        func reference(_ reference: EntityReference) -> Expression {
            if case .entity(let uid) = reference { Expression(.entity(uid)) } else { Expression(.slot(slot)) }
        }
        return switch constraint {
        case .any: Expression(.bool(true))
        case .equal(let other): Expression(.binary(.equal, subject, reference(other)))
        case .in(let other): Expression(.binary(.in, subject, reference(other)))
        case .isType(let type): Expression(.isType(subject, type, in: nil))
        case .isTypeIn(let type, let other): Expression(.isType(subject, type, in: reference(other)))
        }
    }

    private static func expression(_ constraint: ActionConstraint) -> Expression {
        let subject = Expression(.variable(.action))
        return switch constraint {
        case .any: Expression(.bool(true))
        case .equal(let uid): Expression(.binary(.equal, subject, Expression(.entity(uid))))
        case .in(let list): Expression(.binary(.in, subject, Expression(.set(list.map { Expression(.entity($0)) }))))
        }
    }
}
