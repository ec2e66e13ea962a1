internal import Synchronization

/// Compiled rules: the configuration of an engine, ready for any number of transactions at once.
///
/// Cost: some tenths of a second to compile the Core Rule Set, some megabytes to keep it.
public final class RuleSet: Sendable {
    /// What the directives say.
    public let settings: Settings
    /// Things worth knowing about the rules that are no errors, such as rules that need a database that is not there.
    public let notices: [String]

    /// Exclusions that name the rules which count scores and decide by them: with one of those gone nothing is refused any more.
    public let dangers: [SecLangError]

    /// Whether rules ask DNS block lists, which takes as long as the network does.
    public let usesBlockList: Bool

    /// The TX variables that hold the sums of scores, the likeliest first.
    let inboundSlots: [Int]
    let outboundSlots: [Int]
    let thresholdSlot: Int?
    let rules: [Rule]
    let programs: [Program]
    let groupCount: Int
    let slotNames: [String]
    let slotSlices: [Slice]
    let pipelines: [Pipeline]
    let automaton: AhoCorasick
    let xpaths: [XPath]
    private let arena: StaticArena
    private let idle = Mutex<[Workspace]>([])

    /// Reads and compiles rule text.
    ///
    /// - Parameter usesFilter: false runs every operator on every value; only of use to check that the result is the same.
    /// - Throws: `SecLangError` for the first element that is unknown or cannot be enforced.
    public init(_ sources: [RuleSource], resolver: RuleResolver = RuleResolver(), usesFilter: Bool = true) throws(SecLangError) {
        let storage = StaticArena()
        let context = CompileContext(arena: storage.arena, resolver: resolver)
        var reader = RuleReader(context: context)
        for source in sources { try reader.read(source) }
        var compiler = RuleCompiler(context: context, usesFilter: usesFilter)
        try compiler.compile(reader.rules)

        let phases = compiler.phases
        let rules = compiler.rules
        self.rules = rules
        var groups: [StepGroup] = []
        programs = (1...5).map { Program(phase: $0, rules: rules, phases: phases, groups: &groups) }
        groupCount = groups.count
        settings = reader.settings
        let names = context.slotNames
        slotNames = names
        inboundSlots = ["blocking_inbound_anomaly_score", "inbound_anomaly_score", "anomaly_score"].compactMap(names.firstIndex)
        outboundSlots = ["blocking_outbound_anomaly_score", "outbound_anomaly_score"].compactMap(names.firstIndex)
        thresholdSlot = names.firstIndex(of: "inbound_anomaly_score_threshold")
        slotSlices = context.slotNames.map(storage.arena.copy)
        pipelines = compiler.pipelines.map(Pipeline.init)
        automaton = AhoCorasick(
            compiler.literals.enumerated().flatMap { owner, texts in texts.map { ($0, owner) } }, owners: compiler.literals.count)
        xpaths = context.xpaths
        dangers = reader.dangers + context.dangers
        usesBlockList = context.usesBlockList
        arena = storage
        notices = RuleSet.notices(context, reader.settings)
    }

    private static func notices(_ context: CompileContext, _ settings: Settings) -> [String] {
        var notices: [String] = []
        if context.usesGeo, settings.geo == nil { notices.append("`@geoLookup` finds nothing: no database is named by `SecGeoLookupDB`") }
        if context.usesBlockList { notices.append("`@rbl` finds nothing unless the transaction brings a resolver") }
        return notices
    }

    func takeWorkspace() -> Workspace {
        idle.withLock { $0.popLast() } ?? Workspace(self)
    }

    func giveBack(_ workspace: Workspace) {
        workspace.reset()
        idle.withLock { idle in
            if idle.count < 64 { idle.append(workspace) }
        }
    }
}

/// The transformations of one kind of rule.
struct Pipeline: Sendable {
    let steps: [Int]
    /// The bytes without which nothing changes.
    let triggers: ByteSet
    /// Whether even an empty value changes.
    let changesAlways: Bool

    init(_ steps: [Int]) {
        self.steps = steps
        changesAlways = steps.contains { Transformation.all[$0].triggers == .all }
        triggers = steps.reduce(ByteSet()) { $0.union(Transformation.all[$1].triggers) }
    }
}

/// The arena of a rule set; not written once the set is made.
final class StaticArena: @unchecked Sendable {  // written while the rule set is put together, never after
    let arena = Arena()
}
