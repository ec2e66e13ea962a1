/// The smallest change to the rules that lets a request pass: targets taken away from single rules, for one path.
public struct Exclusion: Sendable, Equatable {
    /// The path it holds for, percent-encoding taken off.
    public var path: String
    /// Rules and the variables they no longer look at there.
    public var removals: [Removal]

    /// A variable that one rule no longer looks at.
    public struct Removal: Sendable, Equatable, Hashable {
        /// The rule.
        public var ruleID: Int
        /// The variable, such as `ARGS:q`.
        public var variable: String

        /// Names a removal.
        public init(ruleID: Int, variable: String) { (self.ruleID, self.variable) = (ruleID, variable) }
    }

    /// What would have let an exchange pass: the fewest matches without which the score stays below its threshold, and every rule that
    /// refused by itself.
    ///
    /// Nil where nothing can be taken away: no rule scored, or only those that decide by the score did.
    public init?(record: TransactionRecord, path: String) {
        self.init(matches: record.matches, path: path, threshold: record.inboundThreshold)
    }

    /// The same from the matches of an exchange that goes on.
    ///
    /// - Parameter threshold: the score at which a request is refused; nil: every match that scored is taken away.
    public init?(matches: [Match], path: String, threshold: Int?) {
        let scoring = matches.filter { ($0.score > 0 || $0.isDisruptive) && RuleIDs.isExcludable($0.ruleID) }
        var scores: [Removal: Int] = [:]
        var order: [Removal] = []
        var needed = Set<Removal>()
        for match in scoring {
            let removal = Removal(ruleID: match.ruleID, variable: match.variable)
            if scores[removal] == nil { order.append(removal) }
            scores[removal, default: 0] += match.score
            if match.isDisruptive, match.score == 0 { needed.insert(removal) }
        }
        var rest = scores.reduce(0) { needed.contains($1.key) ? $0 : $0 + $1.value }
        for removal in order.sorted(by: { scores[$0, default: 0] > scores[$1, default: 0] }) where !needed.contains(removal) {
            guard rest >= threshold ?? 1 else { break }
            needed.insert(removal)
            rest -= scores[removal, default: 0]
        }
        removals = order.filter(needed.contains)
        self.path = path
        if removals.isEmpty { return nil }
    }

    /// One line of the rule language. It belongs before the rules it changes.
    ///
    /// - Parameter id: the line's own rule id.
    public func line(id: Int) -> String {
        let controls = removals.map { removal in
            "ctl:ruleRemoveTargetById=\(removal.ruleID);\(Exclusion.quoted(removal.variable))"
        }
        return
            "SecRule REQUEST_FILENAME \"@streq \(Exclusion.escaped(path))\" \"id:\(id),phase:1,pass,nolog,t:none,\(controls.joined(separator: ","))\""
    }

    private static func escaped(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 }).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    /// A counted collection is excluded by its own name; members with delimiters in their names by the whole collection.
    private static func quoted(_ variable: String) -> String {
        let name = variable.hasPrefix("&") ? String(variable.dropFirst()) : variable
        let isPlain = name.utf8.allSatisfy { isAlphanumeric($0) || "_-.:[]".utf8.contains($0) }
        return isPlain ? name : String(name.prefix { $0 != ":" })
    }
}

extension RuleIDs {
    static func isExcludable(_ id: Int) -> Bool { (try? RuleIDs(String(id)))?.bookkeepingRule == nil }
}
