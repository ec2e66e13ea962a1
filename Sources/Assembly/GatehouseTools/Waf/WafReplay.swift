public import SecLang

/// Runs recorded requests through the rules of today and through candidates: what would change.
public struct WafReplay: Sendable {
    /// A request that the two rule sets treat differently.
    public struct Change: Sendable, Equatable {
        /// The event's id.
        public var id: String
        /// Whether the rules of today refuse it.
        public var wasRefused: Bool
        /// Whether the candidates do.
        public var isRefused: Bool
        /// Rules that match only now.
        public var gained: [Int]
        /// Rules that matched only before.
        public var lost: [Int]
    }

    /// What came of it.
    public struct Summary: Sendable {
        /// How many events were replayed.
        public var count = 0
        /// Those that differ.
        public var changes: [Change] = []
        /// How often each rule matches that did not match before.
        public var gainedRules: [Int: Int] = [:]
    }

    private let current: WafRunner
    private let candidate: WafRunner

    /// - Parameters:
    ///   - current: the rules of today.
    ///   - candidate: the rules that may come.
    public init(current: RuleSet, candidate: RuleSet) {
        self.current = WafRunner(rules: current, mode: .on)
        self.candidate = WafRunner(rules: candidate, mode: .on)
    }

    /// Replays events in order.
    public func run(_ events: [WafEvent]) -> Summary {
        var summary = Summary()
        for event in events {
            guard let request = event.request else { continue }
            summary.count += 1
            let before = current.run(request)
            let after = candidate.run(request)
            let (old, new) = (Set(before.matches.map(\.ruleID)), Set(after.matches.map(\.ruleID)))
            let gained = new.subtracting(old).sorted()
            for id in gained { summary.gainedRules[id, default: 0] += 1 }
            let (wasRefused, isRefused) = (before.interruption != nil, after.interruption != nil)
            if wasRefused != isRefused || old != new {
                summary.changes.append(
                    Change(id: event.id, wasRefused: wasRefused, isRefused: isRefused, gained: gained, lost: old.subtracting(new).sorted()))
            }
        }
        return summary
    }
}
