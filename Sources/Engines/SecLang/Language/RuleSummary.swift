/// What is said about one rule to people: for lists and searches.
public struct RuleSummary: Sendable, Equatable {
    /// The rule's id.
    public var id: Int
    /// 1 to 5.
    public var phase: Int
    /// What it looks for, as its author says it; variables are left out.
    public var message: String
    /// `CRITICAL` and so on; nil where none is given.
    public var severity: String?
    /// Its marks.
    public var tags: [String]
    /// Where it stands.
    public var location: SourceLocation
    /// 1 to 4 from the tag `paranoia-level/n`; nil where there is none.
    public var paranoiaLevel: Int? {
        tags.first { $0.hasPrefix("paranoia-level/") }.flatMap { Int($0.dropFirst(15)) }
    }
}

extension RuleSet {
    /// Every rule with an id, in order.
    public var summaries: [RuleSummary] {
        zip(rules, phaseOfRule).compactMap { rule, phase in
            guard let id = rule.id else { return nil }
            let text = (rule.actions.message?.parts ?? []).map { part in
                if case .text(let slice) = part { slice.text } else { "…" }
            }
            return RuleSummary(
                id: id, phase: phase, message: text.joined(), severity: rule.actions.severity.map { SeverityAction.levels[$0] },
                tags: rule.tags, location: rule.location)
        }
    }

    /// How many rules there are, those inside chains included, markers not.
    public var ruleCount: Int { rules.count { $0.marker == nil } }

    private var phaseOfRule: [Int] { rules.map(\.actions.phase) }
}
