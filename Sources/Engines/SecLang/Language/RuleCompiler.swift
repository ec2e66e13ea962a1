/// Turns definitions into rules that can run.
struct RuleCompiler {
    let context: CompileContext
    private(set) var rules: [Rule] = []
    private(set) var phases: [Int] = []
    /// Distinct lists of transformations; the first is the empty one.
    private(set) var pipelines: [[Int]] = [[]]
    /// Distinct sets of literals; their place is the bit of the scan.
    private(set) var literals: [[[UInt8]]] = []
    private var literalBits: [[[UInt8]]: Int] = [:]
    private var seen: [Int: SourceLocation] = [:]

    private let usesFilter: Bool

    init(context: CompileContext, usesFilter: Bool = true) {
        self.context = context
        self.usesFilter = usesFilter
    }

    mutating func compile(_ definitions: [RuleDefinition]) throws(SecLangError) {
        var starter: ActionList?
        for definition in definitions {
            if let marker = definition.marker {
                add(definition, targets: [], test: nil, actions: ActionList(), phase: 0, marker: marker)
                continue
            }
            let actions = try actions(definition, starter: starter)
            try check(actions, definition, starter: starter)
            context.file = definition.file
            let test = try complaining(at: definition.operatorLocation) { () throws(Complaint) in
                try Operators.make(definition.operatorName, definition.operatorArgument, context)
            }
            let targets = try targets(definition, actions)
            add(definition, targets: targets, test: test, actions: actions, phase: starter?.phase ?? actions.phase, marker: nil)
            starter = actions.isChained ? starter ?? actions : nil
        }
        if starter != nil, let last = definitions.last { throw SecLangError("the chain has no last rule", at: last.location) }
        for group in context.groups { group.fill(rules, context.scratch) }
    }

    private mutating func add(
        _ definition: RuleDefinition, targets: [Target], test: (any Operator)?, actions: ActionList, phase: Int, marker: String?
    ) {
        let filter = definition.isNegated || test == nil || !usesFilter ? RuleFilter.none : self.filter(test?.requirement ?? .none)
        rules.append(
            Rule(
                index: rules.count, location: definition.location, targets: targets, test: test, isNegated: definition.isNegated,
                actions: actions, pipeline: pipeline(actions.transformations), filter: filter, marker: marker))
        phases.append(phase)
    }

    private mutating func pipeline(_ transformations: [Int]) -> Int {
        if let known = pipelines.firstIndex(of: transformations) { return known }
        pipelines.append(transformations)
        return pipelines.count - 1
    }

    private mutating func filter(_ requirement: Requirement) -> RuleFilter {
        var filter = RuleFilter(minimumLength: requirement.minimumLength)
        if let bytes = requirement.bytes { filter.bytes = bytes }
        guard let texts = requirement.literals else { return filter }
        if let known = literalBits[texts] {
            filter.bit = Int32(known)
        } else {
            filter.bit = Int32(literals.count)
            literalBits[texts] = literals.count
            literals.append(texts)
        }
        return filter
    }

    private func complaining<Result>(at location: SourceLocation, _ body: () throws(Complaint) -> Result) throws(SecLangError) -> Result {
        do {
            return try body()
        } catch {
            throw SecLangError(error.reason, at: location)
        }
    }
}

extension RuleCompiler {
    private func actions(_ definition: RuleDefinition, starter: ActionList?) throws(SecLangError) -> ActionList {
        var list = ActionList()
        list.phase = try complaining(at: definition.location) { () throws(Complaint) in
            try definition.value(of: "phase").map { text throws(Complaint) in try PhaseAction.phase(text) } ?? 2
        }
        let phase = starter?.phase ?? list.phase
        for action in definition.defaults[phase] ?? [] { try take(action, into: &list) }
        list.defaultDisruption = list.disruption
        list.starterOnly = []
        for action in definition.actions { try take(action, into: &list) }
        list.phase = phase
        return list
    }

    private func take(_ action: RuleDefinition.PlacedAction, into list: inout ActionList) throws(SecLangError) {
        context.place = action.location
        try complaining(at: action.location) { () throws(Complaint) in try list.take(action.item, context) }
    }

    private mutating func check(_ actions: ActionList, _ definition: RuleDefinition, starter: ActionList?) throws(SecLangError) {
        if starter != nil {
            if let misplaced = actions.starterOnly.first {
                throw SecLangError("only the first rule of a chain may carry `\(misplaced)`", at: definition.location)
            }
            return
        }
        guard let id = actions.id else { throw SecLangError("the rule has no id", at: definition.location) }
        if let other = seen[id] { throw SecLangError("rule id `\(id)` is taken at \(other)", at: definition.location) }
        seen[id] = definition.location
        guard actions.phase == 5 else { return }
        switch actions.disruption {
        case .pass, .allow: break
        default: throw SecLangError("the logging phase comes after the answer and cannot refuse", at: definition.location)
        }
    }

    private func targets(_ definition: RuleDefinition, _ actions: ActionList) throws(SecLangError) -> [Target] {
        var targets: [Target] = []
        for (index, target) in definition.targets.enumerated() where target.kind != .exclusion {
            let later = definition.targets[(index + 1)...].filter { $0.kind == .exclusion && $0.variable == target.variable }
            targets.append(
                try complaining(at: target.location) { () throws(Complaint) in
                    try compile(target, later, actions)
                })
        }
        guard !targets.isEmpty else { throw SecLangError("the rule looks at nothing", at: definition.location) }
        return targets
    }

    private func compile(_ target: TargetDefinition, _ exclusions: [TargetDefinition], _ actions: ActionList) throws(Complaint) -> Target {
        if target.variable == .xml, let path = target.selector {
            let table = try context.table(ofXPath: path, namespaces: actions.namespaces)
            let isExcluded = exclusions.contains { $0.selector == nil || $0.selector == path }
            return Target(
                variable: .xml, selector: .all, isCount: target.kind == .count, table: table, exclusions: isExcluded ? [.all] : [])
        }
        var removed: [Selector] = []
        for exclusion in exclusions { removed.append(try selector(exclusion)) }
        return Target(
            variable: target.variable, selector: try selector(target), isCount: target.kind == .count, table: target.variable.table,
            exclusions: removed)
    }

    private func selector(_ target: TargetDefinition) throws(Complaint) -> Selector {
        guard let text = target.selector else { return .all }
        let selector = try context.selector(text)
        if target.variable == .tx, case .name = selector, target.kind != .exclusion { return .slot(context.slot(named: text)) }
        return selector
    }
}
