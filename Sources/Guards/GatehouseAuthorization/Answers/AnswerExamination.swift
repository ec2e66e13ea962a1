internal import Cedar
internal import GatehouseCore
internal import GatehouseGuards
internal import StrictJSON

/// The decisions about one answer.
struct AnswerExamination {
    let plan: AuthorizationPlan
    let ways: DecisionWays
    let exchange: Exchange
    let state: AuthorizationState
    /// How many decisions the exchange has had.
    private(set) var count: Int
    /// How many members and elements were taken away.
    private(set) var removed = 0
    /// The resource's entity with what the answer told.
    private var resource: Entity?

    init(plan: AuthorizationPlan, ways: DecisionWays, exchange: Exchange, state: AuthorizationState) {
        self.plan = plan
        self.ways = ways
        self.exchange = exchange
        self.state = state
        count = state.count
    }

    /// Decides what hung on the answer; passes what was decided before.
    mutating func decide(_ body: JSONValue, _ rules: CompiledResponse) -> Verdict {
        let uid = state.question.request.resource
        let known = state.question.brought.first { $0.uid == uid } ?? plan.base[uid]
        resource = Self.entity(uid, known, rules.attributes, body, plan.conversion)
        guard state.isOpen else { return .pass }
        var question = state.question
        question.unknown = []
        question.brought = question.brought.filter { $0.uid != uid } + (resource.map { [$0] } ?? [])
        var shadow = state.shadow
        if var other = shadow?.question {
            (other.unknown, other.brought) = ([], question.brought)
            shadow?.question = other
        }
        guard let ruling = rule(question, .response, shadow) else {
            return AuthorizationRefusal.undecided(rule: "decision_log", reason: "the decision log has no room")
        }
        guard ruling.answer != .allow else { return .pass }
        return AuthorizationRefusal.verdict(ruling, question, exchange, isHidden: state.route.isHidden)
    }

    /// The answer without what the caller may not see; nil where all of it stays.
    mutating func filtered(_ body: JSONValue, _ rules: CompiledResponse) -> JSONValue? {
        var body = body
        for items in rules.items { filter(&body, items) }
        if !rules.fields.isEmpty {
            let entities = resource.map { [$0] } ?? []
            remove(rules.fields, from: &body, on: state.question.request.resource, entities, .field)
        }
        // a bare nil would be the JSON literal
        return removed > 0 ? .some(body) : .none
    }

    private mutating func filter(_ body: inout JSONValue, _ items: CompiledResponse.Items) {
        for place in items.at.places(in: body) {
            guard var element = body[place] else { continue }
            guard let uid = items.resource.resource(in: element), isPermitted(items, uid, element) else {
                remove(place, from: &body)
                continue
            }
            let before = removed
            let entity = Self.entity(uid, plan.base[uid], items.attributes, element, plan.conversion)
            remove(items.fields, from: &element, on: uid, entity.map { [$0] } ?? [], .field)
            if removed > before { try? body.set(place, to: element) }
        }
    }

    private mutating func isPermitted(_ items: CompiledResponse.Items, _ uid: EntityUID, _ element: JSONValue) -> Bool {
        let entity = Self.entity(uid, plan.base[uid], items.attributes, element, plan.conversion)
        return isAllowed(items.action, items.context, uid, entity.map { [$0] } ?? [], .item)
    }

    private mutating func remove(
        _ fields: [CompiledResponse.Field], from value: inout JSONValue, on uid: EntityUID, _ entities: [Entity],
        _ phase: DecisionEntry.Phase
    ) {
        for field in fields {
            let places = field.at.places(in: value)
            guard !places.isEmpty, !isAllowed(field.action, field.context, uid, entities, phase) else { continue }
            for place in places { remove(place, from: &value) }
        }
    }

    private mutating func remove(_ place: JSONPointer, from value: inout JSONValue) {
        // what cannot be cut out leaves nothing of the whole
        do { try value.remove(place) } catch { value = .null }
        removed += 1
    }

    private mutating func isAllowed(
        _ action: EntityUID, _ context: ContextPlan, _ uid: EntityUID, _ entities: [Entity], _ phase: DecisionEntry.Phase
    ) -> Bool {
        let others = state.question.brought.filter { brought in brought.uid != uid }
        let question = Question(
            request: Cedar.Request(
                principal: state.question.request.principal, action: action, resource: uid,
                context: context.context(exchange, exchange.identity)),
            brought: others + entities)
        return rule(question, phase, nil)?.answer == .allow
    }

    /// Decides and takes note; nil where the note must be taken and cannot be.
    private mutating func rule(
        _ question: Question, _ phase: DecisionEntry.Phase, _ shadow: (plan: AuthorizationPlan, question: Question)?
    ) -> Ruling? {
        let started = exchange.services.clock.monotonic
        let ruling = plan.rule(question)
        defer { count += 1 }
        let isNoted = ways.note(ruling, question, shadow, phase, state.route, exchange, started: started, number: count)
        return isNoted ? ruling : nil
    }

    /// An entity with attributes from JSON on top of what is known of it; what the sources know wins.
    private static func entity(
        _ uid: EntityUID, _ known: Entity?, _ attributes: [CompiledResponse.Attribute], _ json: JSONValue, _ conversion: ValueConversion
    ) -> Entity? {
        var pairs: [(Text, Value)] = []
        for attribute in attributes where known?.attributes[attribute.name] == nil {
            guard let value = json[attribute.pointer], let converted = conversion.value(value, as: attribute.type) else { continue }
            pairs.append((attribute.name, converted))
        }
        guard !pairs.isEmpty || known != nil else { return nil }
        return Entity(
            uid: uid, attributes: Record(pairs + (known?.attributes.pairs ?? [])), tags: known?.tags ?? Record(),
            parents: known?.parents ?? [])
    }
}
