public import SecLang
internal import SecLangFiles

/// The rules a firewall runs with: the recommended settings, own files, the Core Rule Set, and exclusions in their places.
public struct WafRules: Sendable {
    /// A folder of the Core Rule Set; the system's package where there is none.
    public var folder: String?
    /// Files read before the Core Rule Set: settings and exclusions.
    public var before: [String] = []
    /// Files read behind it: own rules.
    public var after: [String] = []
    /// Paranoia level for blocking; what the rule set's own setup says where there is none.
    public var paranoiaLevel: Int?

    /// Describes rules.
    public init(folder: String? = nil, before: [String] = [], after: [String] = [], paranoiaLevel: Int? = nil) {
        (self.folder, self.before, self.after, self.paranoiaLevel) = (folder, before, after, paranoiaLevel)
    }

    /// Reads and compiles them.
    ///
    /// - Parameter exclusions: more lines of the rule language, read before the Core Rule Set.
    public func compile(exclusions: [String] = []) throws -> RuleSet {
        let files = RuleFiles()
        var sources = [RuleSource.recommendedSettings]
        if let paranoiaLevel {
            let names = ["paranoia_level", "executing_paranoia_level", "blocking_paranoia_level", "detection_paranoia_level"]
            let settings = names.map { "setvar:tx.\($0)=\(paranoiaLevel)" }.joined(separator: ",")
            sources.append(RuleSource(name: "paranoia level", text: "SecAction \"id:900006,phase:1,nolog,pass,t:none,\(settings)\""))
        }
        sources += try before.map(files.read)
        if !exclusions.isEmpty { sources.append(RuleSource(name: "exclusions", text: exclusions.joined(separator: "\n"))) }
        sources += try files.coreRuleSet(folder: folder)
        sources += try after.map(files.read)
        return try RuleSet(sources, resolver: files.resolver)
    }
}
