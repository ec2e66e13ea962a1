extension Transaction {
    /// Runs a rule's operator on one value, transformations first; carries the actions out where it matches.
    func evaluate(_ rule: Rule, _ test: OperatorBox, _ target: Target, _ member: Slice, _ node: Int32) -> Bool {
        guard rule.matchesEachStep else {
            return examine(rule, test, target, member, workspace.transformed(node, rule.pipeline))
        }
        var hasMatched = false
        var current = node
        var isNew = true
        for step in rule.actions.transformations {
            if isNew, examine(rule, test, target, member, current) { hasMatched = true }
            if isInterrupted { return hasMatched }
            let next = workspace.apply(step, to: current)
            isNew = next != current
            current = next
        }
        if isNew || rule.actions.transformations.isEmpty, examine(rule, test, target, member, current) { hasMatched = true }
        return hasMatched
    }

    private func examine(_ rule: Rule, _ test: OperatorBox, _ target: Target, _ member: Slice, _ node: Int32) -> Bool {
        let value = workspace.value(node)
        guard isInTime(rule, value.count) else { return false }
        matchedPart = .empty
        let verdict = answer(rule, test, value, node)
        if case .overTime = verdict { return isOverTime(rule) }
        if case .overLimit = verdict {
            useUp(rule, .matchLimit, "the regular expression of rule \(starter?.id ?? 0) used up its match limit")
            return false
        }
        var isMatch = false
        if case .match = verdict { isMatch = true }
        guard isMatch != rule.isNegated else { return false }
        if matchedPart.isEmpty { matchedPart = value }
        carryOut(rule, target, member, value)
        return true
    }

    /// The operator's answer; libinjection's is remembered for each distinct value.
    private func answer(_ rule: Rule, _ test: OperatorBox, _ value: Slice, _ node: Int32) -> OperatorVerdict {
        let run = OperatorRun(transaction: self, captures: rule.captures)
        guard let question = rule.question else { return test.value.evaluate(value, run) }
        if workspace.verdict(node, question) == false { return .noMatch }
        let verdict = test.value.evaluate(value, run)
        if case .noMatch = verdict { workspace.remember(false, node, question) }
        return verdict
    }

    /// Whether there is time left; looked at before every evaluation of a long value, else before each sixty-fourth.
    private func isInTime(_ rule: Rule, _ length: Int) -> Bool {
        evaluations += 1
        guard evaluations & 63 == 0 || length > 2_048 else { return true }
        return isInTime() || isOverTime(rule)
    }

    /// Whether there is time left.
    func isInTime() -> Bool {
        guard let clock = environment.clock else { return true }
        return clock() &- timeOrigin <= environment.timeBudget
    }

    /// The time is used up: the exchange ends. Where nothing may end it the rules go on, but for searches that take long; false then.
    private func isOverTime(_ rule: Rule) -> Bool {
        useUp(rule, .timeBudget, "the rules used up their time of \(environment.timeBudget / 1_000_000) ms")
        return false
    }

    /// A limit was reached: what is not known to be harmless is refused.
    private func useUp(_ rule: Rule, _ cause: Interruption.Cause, _ message: String) {
        if !limits.contains(message) { limits.append(message) }
        workspace.setVariable(workspace.slot(named: arena.copy("MSC_PCRE_LIMITS_EXCEEDED")), arena.copy("1"))
        guard phase < 5 else { return }
        _ = interrupt(
            Interruption(
                action: .deny, status: cause == .timeBudget ? 503 : 403, cause: cause, ruleID: starter?.id, phase: phase, message: message))
    }
}

extension Transaction {
    /// What happens when a rule matches a value.
    private func carryOut(_ rule: Rule, _ target: Target, _ member: Slice, _ value: Slice) {
        matchedValue = value
        matchedTarget = target
        matchedMember = member
        if rule.isChained { matchedVariables.append((target, member, value)) }
        let acting = starter ?? rule
        if acting.severity > 0, acting.severity < highestSeverity, !rule.isChained { highestSeverity = acting.severity }
        for index in rule.steps.indices { rule.steps[index].value.run(self, rule) }
        guard !rule.isChained else { return }
        if !acting.isQuiet { conclude(acting) }
        pendingScore = 0
    }

    /// The full name of what matched last.
    var matchedName: Slice { matchedTarget.map { name($0, matchedMember) } ?? .empty }

    /// The full name of a value: `ARGS:q`, `&TX:score`, `REQUEST_URI`.
    func name(_ target: Target, _ member: Slice) -> Slice {
        if target.variable == .matchedVars { return member }
        let base = target.variable.name
        return arena.write(capacity: base.utf8.count + member.count + 2) { output in
            if target.isCount { output.append(UInt8(ascii: "&")) }
            for byte in base.utf8 { output.append(byte) }
            if !member.isEmpty || target.variable.isCollection && !target.isCount && target.variable != .xml {
                output.append(UInt8(ascii: ":"))
                output.append(member)
            }
        }
    }

    /// The whole rule, with its chain, has matched.
    private func conclude(_ acting: Rule) {
        let actions = acting.actions
        if actions.auditLogs { isRelevant = true }
        if actions.logs { record(acting) }
        guard phase < 5 else { return }
        switch actions.disruption {
        case .pass: return
        case .allow(let scope):
            if mode == .on { allowed = scope }
        case .deny: end(acting, .deny, status: actions.status ?? 403)
        case .drop: end(acting, .drop, status: actions.status ?? 403)
        case .redirect(let url):
            end(acting, .redirect(url.expand(self).text), status: actions.status.flatMap { (300...399).contains($0) ? $0 : nil } ?? 302)
        case .proxy(let url): end(acting, .proxy(url.expand(self).text), status: actions.status ?? 200)
        }
    }

    private func end(_ acting: Rule, _ action: Interruption.Action, status: Int) {
        _ = interrupt(
            Interruption(
                action: action, status: status, cause: .rule, ruleID: acting.id, phase: phase,
                message: acting.actions.message?.expand(self).text ?? "", pause: acting.actions.pause ?? 0))
    }

    private func record(_ acting: Rule) {
        guard matches.count < Transaction.matchLimit else { return }
        let isDisruptive =
            if case .pass = acting.actions.disruption { false } else { true }
        matches.append(
            Match(
                ruleID: acting.id ?? 0, phase: phase, message: acting.actions.message?.expand(self).text ?? "",
                data: acting.actions.logData?.expand(self).text ?? "", severity: acting.actions.severity, tags: acting.tags,
                version: acting.actions.version, variable: matchedName.text, value: matchedValue.part(0, 512).bytes,
                matched: matchedPart.part(0, 256).bytes, score: pendingScore, isDisruptive: isDisruptive, location: acting.location))
    }

    /// No transaction records more matches.
    static let matchLimit = 1_000
}
