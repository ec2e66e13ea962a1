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

    /// What would have let an exchange pass: every match that added to a score, or that refused by itself, is taken away.
    ///
    /// Nil where nothing can be taken away: no rule scored, or only those that decide by the score did.
    public init?(record: TransactionRecord, path: String) { self.init(matches: record.matches, path: path) }

    /// The same from the matches of an exchange that goes on.
    public init?(matches: [Match], path: String) {
        var seen = Set<Removal>()
        let scoring = matches.filter { match in
            (match.score > 0 || match.isDisruptive) && RuleIDs.isExcludable(match.ruleID)
        }
        removals = scoring.map { Removal(ruleID: $0.ruleID, variable: $0.variable) }.filter { seen.insert($0).inserted }
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
