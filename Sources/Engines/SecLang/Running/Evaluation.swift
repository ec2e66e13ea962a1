extension Transaction {
    /// Runs the rules of a phase in order.
    func run(phase number: Int) -> Interruption? {
        guard interruption == nil, mode != .off, !isAllowed(number) else { return interruption }
        phase = number
        matchedVariables.removeAll(keepingCapacity: true)
        let program = rules.programs[number - 1]
        var index = 0
        var skip = 0
        while index < program.steps.count {
            let step = program.steps[index]
            if step.kind == .marker {
                index += 1
                continue
            }
            if skip > 0 {
                skip -= 1
                index = Int(step.chainEnd)
                continue
            }
            guard mode != .off else { return nil }
            guard mayMatch(step) else {
                index = Int(step.chainEnd)
                continue
            }
            if step.isBare, removedRules.isEmpty, targetRemovals.isEmpty {
                index = step.skipTo >= 0 ? Int(step.skipTo) : Int(step.chainEnd)
                continue
            }
            guard !isRemoved(program.rules[index]), runChain(program, index) else {
                if isInterrupted { return interruption }
                index = Int(step.chainEnd)
                continue
            }
            if isInterrupted { return interruption }
            if isAllowed(number) { break }
            skip = program.rules[index].skip
            index = step.skipTo >= 0 ? Int(step.skipTo) : Int(step.chainEnd)
        }
        if case .phase = allowed { allowed = nil }
        return interruption
    }

    private func isAllowed(_ phase: Int) -> Bool {
        switch allowed {
        case .transaction: phase < 5
        case .request: phase < 3
        case .phase: true
        case nil: false
        }
    }

    /// Cheap tests by which most rules are passed over.
    @inline(__always)
    private func mayMatch(_ step: Program.Step) -> Bool {
        switch step.kind {
        case .marker: return false
        case .plain: return true
        case .number:
            let value = workspace.variables[Int(step.slot)]
            if step.isCount { return step.relation.holds(value == nil ? 0 : 1, step.number) != step.isNegated }
            guard let value else { return false }
            return step.relation.holds(value.integer, step.number) != step.isNegated
        case .filtered: return workspace.mayMatch(step)
        }
    }

    /// Runs a rule and, while they match, those chained to it; tells whether all of them matched.
    private func runChain(_ program: Program, _ first: Int) -> Bool {
        let start = program.rules[first]
        starter = start
        pendingScore = 0
        defer { matchedVariables.removeAll(keepingCapacity: true) }
        var index = first
        while true {
            let rule = program.rules[index]
            guard run(rule) else { return false }
            if isInterrupted { return true }
            guard rule.isChained, index + 1 < Int(program.steps[first].chainEnd) else { return true }
            index += 1
        }
    }

    /// Runs one rule on all its targets; tells whether any matched.
    private func run(_ rule: Rule) -> Bool {
        guard let test = rule.tester else { return false }
        var hasMatched = false
        for index in rule.targets.indices {
            let target = rule.targets[index]
            if target.isCount {
                let value = arena.decimal(count(target))
                if !isTargetRemoved(rule, target, .empty), evaluate(rule, test, target, .empty, workspace.intern(value)) {
                    hasMatched = true
                }
            } else if let table = target.table {
                if run(rule, test, target, table: table) { hasMatched = true }
            } else if runOnMadeValues(rule, test, target) {
                hasMatched = true
            }
            if isInterrupted { return hasMatched }
        }
        return hasMatched
    }

    private func run(_ rule: Rule, _ test: OperatorBox, _ target: Target, table: Int) -> Bool {
        var hasMatched = false
        var index = 0
        while index < workspace.tables[table].count {
            let entry = workspace.tables[table][index]
            index += 1
            if case .all = target.selector {} else if !target.selector.accepts(entry.name, scratch) { continue }
            if rule.filter.isActive, !rule.matchesEachStep,
                !workspace.passes(workspace.transformed(entry.node, rule.pipeline), rule.filter)
            {
                continue
            }
            if target.exclusions.contains(where: { $0.accepts(entry.name, scratch) }) { continue }
            if isTargetRemoved(rule, target, entry.name) { continue }
            if evaluate(rule, test, target, entry.name, entry.node) { hasMatched = true }
            if isInterrupted { return hasMatched }
        }
        return hasMatched
    }

    private func runOnMadeValues(_ rule: Rule, _ test: OperatorBox, _ target: Target) -> Bool {
        var values: [(name: Slice, value: Slice)] = []
        forEachValue(target) { values.append(($0, $1)) }
        var hasMatched = false
        for (name, value) in values {
            if target.exclusions.contains(where: { $0.accepts(name, scratch) }) || isTargetRemoved(rule, target, name) { continue }
            if evaluate(rule, test, target, name, workspace.intern(value)) { hasMatched = true }
            if isInterrupted { return hasMatched }
        }
        return hasMatched
    }

    /// Whether a `ctl` action took this value away from the rule.
    private func isTargetRemoved(_ rule: Rule, _ target: Target, _ member: Slice) -> Bool {
        guard !targetRemovals.isEmpty, rule.id != nil else { return false }
        return targetRemovals.contains { removal in
            removal.group.contains(rule)
                && removal.targets.contains { $0.variable == target.variable && ($0.member?.accepts(member, scratch) ?? true) }
        }
    }
}
