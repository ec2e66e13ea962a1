/// What is shared while rule text is compiled: names become numbers, patterns are compiled once.
final class CompileContext {
    let arena: Arena
    let resolver: RuleResolver
    /// The file that is being read, for relative paths.
    var file = ""
    var usesGeo = false
    /// See `RuleSet.dangers`.
    var dangers: [SecLangError] = []
    /// The place of the action that is being read.
    var place = SourceLocation(file: "", line: 0, column: 0)
    var usesBlockList = false

    /// TX names by number; the first ten are those of captures.
    private(set) var slotNames: [String] = (0..<MatchScratch.groups).map(String.init)
    private var slots: [String: Int] = [:]
    private var regexes: [[UInt8]: Regex] = [:]
    private var requirements: [[UInt8]: Requirement] = [:]
    private(set) var groups: [RuleGroup] = []
    private(set) var xpaths: [XPath] = []
    let scratch = MatchScratch(matchLimit: 10_000_000)

    init(arena: Arena, resolver: RuleResolver) {
        self.arena = arena
        self.resolver = resolver
        for (index, name) in slotNames.enumerated() { slots[name] = index }
    }

    /// The number of a TX variable; names are compared without case.
    func slot(named name: String) -> Int {
        let lower = name.lowercased()
        if let slot = slots[lower] { return slot }
        slotNames.append(lower)
        slots[lower] = slotNames.count - 1
        return slotNames.count - 1
    }

    func regex(_ pattern: [UInt8], options: UInt32 = Regex.ruleOptions) throws(Complaint) -> Regex {
        let key = options == Regex.ruleOptions ? pattern : pattern + [0] + "\(options)".utf8
        if let known = regexes[key] { return known }
        do {
            let regex = try Regex(pattern, options: options)
            regexes[key] = regex
            return regex
        } catch {
            throw Complaint("regular expression at offset \(error.offset): \(error.reason)", offset: error.offset)
        }
    }

    func requirement(ofPattern pattern: [UInt8]) -> Requirement {
        if let known = requirements[pattern] { return known }
        let requirement = Requirement.of(pattern: pattern)
        requirements[pattern] = requirement
        return requirement
    }

    /// `/pattern/` or a name.
    func selector(_ text: String) throws(Complaint) -> Selector {
        guard text.utf8.count > 2, text.hasPrefix("/"), text.hasSuffix("/") else { return .name(arena.copy(text)) }
        return .pattern(try regex(Array(text.utf8.dropFirst().dropLast()), options: Regex.selectorOptions))
    }

    func ruleGroup(_ kind: RuleGroup.Kind) -> RuleGroup {
        let group = RuleGroup(kind)
        groups.append(group)
        return group
    }

    /// The table of an XPath expression, behind those of the variables.
    func table(ofXPath text: String, namespaces: [String: String]) throws(Complaint) -> Int {
        let path = try XPath(text, namespaces: namespaces)
        if let index = xpaths.firstIndex(of: path) { return Variable.tableCount + index }
        xpaths.append(path)
        return Variable.tableCount + xpaths.count - 1
    }

    func data(_ path: String) throws(Complaint) -> [UInt8] {
        do {
            return try resolver.data(path, file)
        } catch {
            throw Complaint("cannot read `\(path)`: \(error)")
        }
    }
}
