/// What a rule does when it matches, read from its list of actions and the defaults of its phase.
struct ActionList: Sendable {
    var id: Int?
    var phase = 2
    var message: Macro?
    var logData: Macro?
    var severity: Int?
    var revision: String?
    var version: String?
    var maturity: Int?
    var accuracy: Int?
    var tags: [String] = []

    var disruption = Disruption.pass
    /// What `block` stands for in this phase.
    var defaultDisruption = Disruption.pass
    var status: Int?
    /// Seconds… in thousandths, before the answer.
    var pause: Int?

    var logs = true
    var auditLogs = true

    var isChained = false
    var skip = 0
    var skipAfter: String?

    /// Places in `Transformation.all`.
    var transformations: [Int] = []
    var captures = false
    var matchesEachStep = false
    /// Prefixes for XPath expressions.
    var namespaces: [String: String] = [:]
    /// What is carried out for each match, in order.
    var steps: [any ActionStep] = []
    /// The names of the actions that a chained rule must leave to the rule that starts the chain.
    var starterOnly: [String] = []
}

/// How a match changes the fate of the exchange.
enum Disruption: Sendable {
    enum Scope: Sendable { case transaction, phase, request }

    case pass, deny, drop
    case allow(Scope)
    case redirect(Macro)
    case proxy(Macro)
}

/// An action that is carried out for each match.
protocol ActionStep: Sendable {
    func run(_ transaction: Transaction, _ rule: Rule)
}

/// An action of the language: reads its parameter and notes what is to be done.
protocol ActionKeyword: Sendable {
    /// The name as rules spell it.
    static var name: String { get }
    /// Whether a parameter must, may or must not follow.
    static var parameter: ParameterRule { get }
    /// Whether only the first rule of a chain may carry it.
    static var isForStarterOnly: Bool { get }

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint)
}

enum ParameterRule { case required, optional, none }

extension ActionKeyword {
    static var parameter: ParameterRule { .required }
    static var isForStarterOnly: Bool { false }
}

extension ActionList {
    /// Every action there is.
    private static let keywords: [String: any (ActionKeyword & Sendable).Type] = {
        let all: [any (ActionKeyword & Sendable).Type] = [
            AccuracyAction.self, AllowAction.self, AuditLogAction.self, BlockAction.self, CaptureAction.self, ChainAction.self,
            ControlAction.self, DenyAction.self, DeprecateVariableAction.self, DropAction.self, ExpireVariableAction.self, IDAction.self,
            InitializeCollectionAction.self, LogAction.self, LogDataAction.self, MaturityAction.self, MessageAction.self,
            MultiMatchAction.self, NoAuditLogAction.self, NoLogAction.self, PassAction.self, PauseAction.self, PhaseAction.self,
            ProxyAction.self, RedirectAction.self, RevisionAction.self, SanitiseArgumentAction.self, SanitiseMatchedAction.self,
            SanitiseMatchedBytesAction.self, SanitiseRequestHeaderAction.self, SanitiseResponseHeaderAction.self, SetEnvironmentAction.self,
            SetResourceAction.self, SetSessionAction.self, SetUserAction.self, SetVariableAction.self, SeverityAction.self, SkipAction.self,
            SkipAfterAction.self, StatusAction.self, TagAction.self, TransformationAction.self, VersionAction.self, XMLNamespaceAction.self,
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name.lowercased(), $0) })
    }()

    private static let refusals = [
        "exec": "no program is run", "append": "bodies are not rewritten", "prepend": "bodies are not rewritten",
    ]

    /// Every name there is, as rules spell it.
    static var names: [String] { keywords.values.map { $0.name }.sorted() }

    /// Carries one item of the list into it.
    ///
    /// - Throws: `Complaint` for an unknown action, a missing parameter and one too many.
    mutating func take(_ item: NameValueList.Item, _ context: CompileContext) throws(Complaint) {
        let lower = item.name.lowercased().replacing("sanitize", with: "sanitise")
        guard let keyword = ActionList.keywords[lower] else {
            if let why = ActionList.refusals[lower] {
                throw Complaint("action `\(item.name)` is not available: \(why)", offset: item.offset)
            }
            throw Complaint("unknown action `\(item.name)`", offset: item.offset)
        }
        if item.value == nil, keyword.parameter == .required {
            throw Complaint("action `\(item.name)` needs a parameter", offset: item.offset)
        }
        if item.value != nil, keyword.parameter == .none {
            throw Complaint("action `\(item.name)` takes no parameter", offset: item.offset)
        }
        if keyword.isForStarterOnly { starterOnly.append(item.name) }
        do {
            try keyword.read(item.value ?? "", into: &self, context)
        } catch {
            throw Complaint(error.reason, offset: item.offset)
        }
    }
}
