/// One HTTP exchange under the rules.
///
/// Feed it in the order of the exchange: request line, headers, `processRequestHeaders`, body, `processRequestBody`; then the response the
/// same way; `finish` at the end, whatever happened before. Each `process…` runs one phase and returns an interruption where the exchange
/// must end. Not thread-safe; cheap to make, as its memory comes from the rule set and goes back to it.
public final class Transaction {
    /// The rules.
    public let rules: RuleSet
    /// Whether rules act; starts as the settings say, `ctl:ruleEngine` changes it.
    public internal(set) var mode: EngineMode

    let environment: TransactionEnvironment
    let workspace: Workspace
    let arena: Arena
    let scratch: MatchScratch
    let startTime: UInt64
    /// What the phases so far have used up, and when the clock would have stood at 0 for the one that runs.
    private var timeSpent: UInt64 = 0
    private(set) var timeOrigin: UInt64 = 0

    var connection: ConnectionFacts
    var requestBody: [UInt8] = []
    var responseBody: [UInt8] = []
    var responseType = ""
    var responseLength = -1

    // What `ctl` changes.
    var readsRequestBody: Bool
    var readsResponseBody: Bool
    var processor: BodyProcessor?
    var forcesRequestBody = false
    /// Longest request body; `ctl` may have changed it.
    public internal(set) var requestBodyLimit: Int
    /// How much of the answer's body is looked at; `ctl` may have changed it.
    public internal(set) var responseBodyLimit: Int
    var auditMode: String
    var targetRemovals: [TargetRemoval] {
        @inline(__always) get { unsafe targetRemovalsStorage }
        @inline(__always) _modify { yield unsafe &targetRemovalsStorage }
    }
    @exclusivity(unchecked) private var targetRemovalsStorage: [TargetRemoval] = []
    var removedRules: [UInt64] {
        @inline(__always) get { unsafe removedRulesStorage }
        @inline(__always) _modify { yield unsafe &removedRulesStorage }
    }
    @exclusivity(unchecked) private var removedRulesStorage: [UInt64] = []

    // What the bodies came to.
    var multipartFlags: MultipartFlags = []
    var bodyError: String?
    var processorFailed = false
    var hasURLEncodingError = false
    var hasXMLDocument = false
    var isRequestTooLong = false
    var isResponseTooLong = false
    var argumentCount = 0
    var argumentBytes = 0
    var filesSize = 0

    // What rules leave behind.
    var collections: [Variable: OpenCollection] = [:]
    var geo: GeoRecord?
    var matchedPart: Slice {
        @inline(__always) get { unsafe matchedPartStorage }
        @inline(__always) _modify { yield unsafe &matchedPartStorage }
    }
    @exclusivity(unchecked) private var matchedPartStorage: Slice = Slice.empty
    var matchedValue: Slice {
        @inline(__always) get { unsafe matchedValueStorage }
        @inline(__always) _modify { yield unsafe &matchedValueStorage }
    }
    @exclusivity(unchecked) private var matchedValueStorage: Slice = Slice.empty
    /// What matched last; named when somebody asks.
    var matchedTarget: Target?
    var matchedMember = Slice.empty
    var matchedVariables: [(target: Target, member: Slice, value: Slice)] {
        @inline(__always) get { unsafe matchedVariablesStorage }
        @inline(__always) _modify { yield unsafe &matchedVariablesStorage }
    }
    @exclusivity(unchecked) private var matchedVariablesStorage: [(target: Target, member: Slice, value: Slice)] = []
    /// Whether `interruption` is set, within quick reach.
    var isInterrupted = false
    var highestSeverity: Int {
        @inline(__always) get { unsafe highestSeverityStorage }
        @inline(__always) _modify { yield unsafe &highestSeverityStorage }
    }
    @exclusivity(unchecked) private var highestSeverityStorage: Int = 255
    var allowed: Disruption.Scope? {
        @inline(__always) get { unsafe allowedStorage }
        @inline(__always) _modify { yield unsafe &allowedStorage }
    }
    @exclusivity(unchecked) private var allowedStorage: Disruption.Scope? = nil
    var starter: Rule? {
        @inline(__always) get { unsafe starterStorage }
        @inline(__always) _modify { yield unsafe &starterStorage }
    }
    @exclusivity(unchecked) private var starterStorage: Rule? = nil
    var phase: Int {
        @inline(__always) get { unsafe phaseStorage }
        @inline(__always) _modify { yield unsafe &phaseStorage }
    }
    @exclusivity(unchecked) private var phaseStorage: Int = 0
    var pendingScore: Int {
        @inline(__always) get { unsafe pendingScoreStorage }
        @inline(__always) _modify { yield unsafe &pendingScoreStorage }
    }
    @exclusivity(unchecked) private var pendingScoreStorage: Int = 0
    var masked: Set<String> = []
    var isRelevant = false
    var limits: [String] = []
    var evaluations: Int {
        @inline(__always) get { unsafe evaluationsStorage }
        @inline(__always) _modify { yield unsafe &evaluationsStorage }
    }
    @exclusivity(unchecked) private var evaluationsStorage: Int = 0
    var expandedPatterns: [[UInt8]: Regex] = [:]
    var environmentValues: [String: String] = [:]

    /// The matches so far.
    public internal(set) var matches: [Match] = []
    /// Set once the exchange has to end.
    public internal(set) var interruption: Interruption? {
        didSet { isInterrupted = interruption != nil }
    }
    /// In detection-only mode: the first interruption there would have been.
    public internal(set) var intended: Interruption?

    /// Begins an exchange.
    ///
    /// - Parameter mode: in the place of what `SecRuleEngine` says.
    public init(_ rules: RuleSet, connection: ConnectionFacts, environment: TransactionEnvironment, mode: EngineMode? = nil) {
        self.rules = rules
        self.connection = connection
        self.environment = environment
        self.mode = mode ?? rules.settings.mode
        workspace = rules.takeWorkspace()
        arena = workspace.arena
        scratch = workspace.scratch
        startTime = environment.clock?() ?? 0
        readsRequestBody = rules.settings.readsRequestBody
        readsResponseBody = rules.settings.readsResponseBody
        requestBodyLimit = rules.settings.requestBodyLimit
        responseBodyLimit = rules.settings.responseBodyLimit
        auditMode = rules.settings.auditMode
        takeConnection()
    }

    deinit { rules.giveBack(workspace) }

    var now: Int { environment.now }

    /// Runs a piece of work whose time counts towards the budget; what the exchange waits for in between does not.
    func timed<Result>(_ work: () -> Result) -> Result {
        guard let clock = environment.clock else { return work() }
        timeOrigin = clock() &- timeSpent
        defer { timeSpent = clock() &- timeOrigin }
        return work()
    }

    private func takeConnection() {
        add(.remoteAddr, arena.copy(connection.clientAddress))
        add(.userAgentIP, arena.copy(connection.clientAddress))
        add(.remoteHost, arena.copy(connection.clientAddress))
        add(.remotePort, arena.decimal(connection.clientPort))
        add(.serverAddr, arena.copy(connection.serverAddress))
        add(.serverPort, arena.decimal(connection.serverPort))
        add(.serverName, arena.copy(connection.serverName))
        add(.uniqueID, arena.copy(connection.uniqueID))
        if !connection.user.isEmpty { add(.remoteUser, arena.copy(connection.user)) }
    }

    /// Puts a value into the table of a variable.
    func add(_ variable: Variable, _ value: Slice, named name: Slice = .empty) {
        guard let table = variable.table else { return }
        workspace.append(value, named: name, to: table)
    }
}
