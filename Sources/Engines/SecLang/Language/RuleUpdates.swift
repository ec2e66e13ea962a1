extension RuleReader {
    /// `SecRuleRemoveById 941100 942000-942999`, `…ByTag pattern`, `…ByMsg pattern`: forgets rules read so far, whole chains with them.
    mutating func removeRules(_ directive: Directive) throws {
        guard !directive.arguments.isEmpty else { throw Complaint("`\(directive.name)` takes the rules to remove") }
        let kind = try group(directive, directive.arguments.map(\.text).joined(separator: " "))
        if case .ids(let ids) = kind, let id = ids.bookkeepingRule {
            dangers.append(SecLangError("removing rule \(id) disarms the whole rule set", at: directive.location))
        }
        var kept: [RuleDefinition] = []
        var inRemovedChain = false
        var isContinuation = false
        for rule in rules {
            let isRemoved = isContinuation ? inRemovedChain : accepts(kind, rule)
            if !isRemoved { kept.append(rule) }
            inRemovedChain = isRemoved
            isContinuation = rule.has("chain")
        }
        rules = kept
    }

    /// `SecRuleUpdateTargetById 942100 "!ARGS:q"`, also by tag and message; a third argument names the target that is replaced.
    mutating func updateTargets(_ directive: Directive) throws {
        guard (2...3).contains(directive.arguments.count) else {
            throw Complaint("`\(directive.name)` takes rules, targets and what they replace")
        }
        let kind = try group(directive, directive.arguments[0].text)
        let place = { directive.location(argument: 1, offset: $0) }
        let added = try at(directive, 1) { () throws(Complaint) in try TargetDefinition.read(directive.arguments[1].text, at: place) }
        let replaced =
            try directive.arguments.count == 3
            ? at(directive, 2) { () throws(Complaint) in try TargetDefinition.read(directive.arguments[2].text, at: place) } : []
        for index in rules.indices where accepts(kind, rules[index]) {
            rules[index].targets.removeAll { target in
                replaced.contains {
                    $0.variable == target.variable && $0.kind == target.kind && $0.selector?.lowercased() == target.selector?.lowercased()
                }
            }
            rules[index].targets += added
        }
    }

    /// `SecRuleUpdateActionById 942100 "deny,status:403"`, with `:n` for the nth rule of a chain behind its first.
    mutating func updateActions(_ directive: Directive) throws {
        guard directive.arguments.count == 2 else { throw Complaint("`SecRuleUpdateActionById` takes a rule and actions") }
        let parts = directive.arguments[0].text.split(separator: ":")
        guard let id = Int(parts[0]), let offset = parts.count > 1 ? Int(parts[1]) : 0, offset >= 0 else {
            throw Complaint("`\(directive.arguments[0].text)` names no rule")
        }
        guard let start = rules.firstIndex(where: { $0.value(of: "id") == String(id) }) else {
            throw Complaint("there is no rule `\(id)` to update")
        }
        let index = start + offset
        guard index < rules.count, rules[start..<index].allSatisfy({ $0.has("chain") }) else {
            throw Complaint("the chain of `\(id)` is not that long")
        }
        let items = try at(directive, 1) { () throws(Complaint) in try NameValueList.read(directive.arguments[1].text) }
        for item in items where ["id", "phase", "chain"].contains(item.name.lowercased()) {
            throw SecLangError("`\(item.name)` of a rule cannot be updated", at: directive.location(argument: 1, offset: item.offset))
        }
        rules[index].actions += RuleDefinition.placed(items) { directive.location(argument: 1, offset: $0) }
    }

    private func group(_ directive: Directive, _ text: String) throws(Complaint) -> RuleGroup.Kind {
        switch directive.name.lowercased().suffix(5) {
        case "bytag": .tag(try context.regex(Array(text.utf8)))
        case "bymsg": .message(try context.regex(Array(text.utf8)))
        default: .ids(try RuleIDs(text))
        }
    }

    private func accepts(_ kind: RuleGroup.Kind, _ rule: RuleDefinition) -> Bool {
        guard rule.marker == nil else { return false }
        let tags = rule.actions.filter { $0.item.name.lowercased() == "tag" }.compactMap(\.item.value)
        let message = rule.value(of: "msg").map { Macro(parts: [.text(context.arena.copy($0))]) }
        return RuleGroup.accepts(kind, id: rule.value(of: "id").flatMap { Int($0) }, tags: tags, message: message, context.scratch)
    }
}
