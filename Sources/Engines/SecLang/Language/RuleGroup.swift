/// A set of rules that an exclusion names. Filled in when all rules are known.
final class RuleGroup: @unchecked Sendable {  // written once, while the rule set is put together
    enum Kind: Sendable {
        case ids(RuleIDs)
        case tag(Regex)
        case message(Regex)
    }

    let kind: Kind
    /// A bit for each rule of the set, by its index.
    private(set) var members: [UInt64] = []
    private(set) var isEmpty = true

    init(_ kind: Kind) { self.kind = kind }

    func fill(_ rules: [Rule], _ scratch: MatchScratch) {
        members = [UInt64](repeating: 0, count: (rules.count + 63) / 64)
        for rule in rules where accepts(rule, scratch) {
            members[rule.index / 64] |= 1 << UInt64(rule.index % 64)
            isEmpty = false
        }
    }

    func contains(_ rule: Rule) -> Bool { members[rule.index / 64] >> UInt64(rule.index % 64) & 1 == 1 }

    private func accepts(_ rule: Rule, _ scratch: MatchScratch) -> Bool {
        RuleGroup.accepts(kind, id: rule.id, tags: rule.tags, message: rule.actions.message, scratch)
    }

    static func accepts(_ kind: Kind, id: Int?, tags: [String], message: Macro?, _ scratch: MatchScratch) -> Bool {
        let arena = Arena()
        defer { withExtendedLifetime(arena) {} }
        switch kind {
        case .ids(let ids): return id.map(ids.contains) ?? false
        case .tag(let regex): return tags.contains { regex.match(arena.copy($0), scratch) != .absent }
        case .message(let regex):
            guard let text = message?.constant else { return false }
            return regex.match(text, scratch) != .absent
        }
    }
}

/// Rule ids as exclusions list them: `941100`, `941000-941999`, divided by commas or spaces.
struct RuleIDs: Sendable {
    private var ranges: [ClosedRange<Int>] = []

    init(_ text: String) throws(Complaint) {
        for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard ends.count <= 2, let low = ends[0], let high = ends[ends.count - 1], low <= high else {
                throw Complaint("`\(part)` is no rule id or range of ids")
            }
            ranges.append(low...high)
        }
        guard !ranges.isEmpty else { throw Complaint("rule ids are missing") }
    }

    func contains(_ id: Int) -> Bool { ranges.contains { $0.contains(id) } }

    /// The first of the Core Rule Set's rules among these that set scores up, add them or decide by them; without one of them no attack is
    /// refused any more.
    var bookkeepingRule: Int? {
        let bookkeeping = [901_000...901_999, 949_000...949_999, 959_000...959_999, 980_000...980_999]
        for range in ranges {
            for kept in bookkeeping where range.overlaps(kept) { return max(range.lowerBound, kept.lowerBound) }
        }
        return nil
    }
}
