extension Transaction {
    // MARK: TX and the persistent collections

    func setCapture(_ index: Int, _ value: Slice) { workspace.setVariable(index, value) }

    func clearCapture(_ index: Int) { workspace.removeVariable(index) }

    func value(of place: VariablePlace) -> Slice {
        guard place.collection == .tx else { return collections[place.collection]?.value(place.member.expand(self)) ?? .empty }
        let slot = slot(of: place)
        return workspace.variables[slot] ?? .empty
    }

    func set(_ place: VariablePlace, _ value: Slice) {
        if place.collection == .tx {
            workspace.setVariable(slot(of: place), value)
        } else if collections[place.collection] != nil {
            let name = place.member.expand(self)
            collections[place.collection]?.set(name, value)
        }
    }

    func remove(_ place: VariablePlace) {
        if place.collection == .tx {
            workspace.removeVariable(slot(of: place))
        } else if collections[place.collection] != nil {
            let name = place.member.expand(self)
            collections[place.collection]?.remove(name)
        }
    }

    private func slot(of place: VariablePlace) -> Int { place.slot ?? workspace.slot(named: place.member.expand(self)) }

    func setEnvironment(_ name: Slice, _ value: Slice?) {
        environmentValues[name.text] = value?.text
        if let value { add(.env, value, named: name) }
    }

    // MARK: What actions note

    func note(score: Int) { pendingScore += score }

    func mask(_ variable: String) { masked.insert(variable.lowercased()) }

    func remove(rules group: RuleGroup) {
        guard !group.isEmpty else { return }
        if removedRules.isEmpty { removedRules = group.members; return }
        for index in removedRules.indices { removedRules[index] |= group.members[index] }
    }

    func isRemoved(_ rule: Rule) -> Bool {
        !removedRules.isEmpty && removedRules[rule.index / 64] >> UInt64(rule.index % 64) & 1 == 1
    }

    /// A pattern with variables, compiled with the values of this moment.
    func regex(_ pattern: Macro) -> Regex? {
        let text = RegexMatch.escape(pattern.expand(self), arena).bytes
        if let known = expandedPatterns[text] { return known }
        let compiled = try? Regex(text)
        if let compiled { expandedPatterns[text] = compiled }
        return compiled
    }
}
