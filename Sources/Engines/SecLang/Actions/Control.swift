/// `ctl:option=value`: changes the engine's settings for the rest of the transaction.
enum ControlAction: ActionKeyword {
    static let name = "ctl"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        let (option, value) = try assignment(parameter)
        list.steps.append(Control(change: try change(option, value, context)))
    }

    private static func change(_ option: String, _ value: String, _ context: CompileContext) throws(Complaint) -> Control.Change {
        switch option.lowercased() {
        case "ruleengine": return .engine(try EngineMode(setting: value))
        case "ruleremovebyid":
            let ids = try RuleIDs(value)
            if let id = ids.bookkeepingRule {
                context.dangers.append(SecLangError("removing rule \(id) disarms the whole rule set", at: context.place))
            }
            return .removeRules(context.ruleGroup(.ids(ids)))
        case "ruleremovebytag": return .removeRules(context.ruleGroup(.tag(try context.regex(Array(value.utf8)))))
        case "ruleremovebymsg": return .removeRules(context.ruleGroup(.message(try context.regex(Array(value.utf8)))))
        case "ruleremovetargetbyid", "ruleremovetargetbytag", "ruleremovetargetbymsg":
            return .removeTargets(try removal(option.lowercased(), value, context))
        case "requestbodyaccess": return .requestBodyAccess(try switched(value))
        case "responsebodyaccess": return .responseBodyAccess(try switched(value))
        case "requestbodyprocessor": return .processor(try BodyProcessor(setting: value))
        case "forcerequestbodyvariable": return .forceRequestBody(try switched(value))
        case "requestbodylimit": return .requestBodyLimit(try number(value, in: 1...Settings.bodyHardLimit))
        case "responsebodylimit": return .responseBodyLimit(try number(value, in: 1...Settings.bodyHardLimit))
        case "auditengine":
            guard ["on", "off", "relevantonly"].contains(value.lowercased()) else {
                throw Complaint("`auditEngine` is on, off or relevantOnly")
            }
            return .auditEngine(value.lowercased())
        case "auditlogparts":
            guard Settings.isAuditParts(value.drop { $0 == "+" || $0 == "-" }) else {
                throw Complaint("`\(value)` are no parts of the audit log")
            }
            return .none
        case "debugloglevel":
            _ = try number(value, in: 0...9)
            return .none
        case "hashengine", "hashenforcement":
            if try switched(value) { throw Complaint("`\(option)` is not available: links are not signed") }
            return .none
        default: throw Complaint("unknown ctl option `\(option)`")
        }
    }

    private static func removal(_ option: String, _ value: String, _ context: CompileContext) throws(Complaint) -> TargetRemoval {
        let parts = value.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw Complaint("`\(option)` takes rules and a target, divided by a semicolon") }
        let group: RuleGroup.Kind =
            switch option {
            case "ruleremovetargetbyid": .ids(try RuleIDs(parts[0]))
            case "ruleremovetargetbytag": .tag(try context.regex(Array(parts[0].utf8)))
            default: .message(try context.regex(Array(parts[0].utf8)))
            }
        var targets: [TargetRemoval.Target] = []
        for target in try TargetDefinition.read(parts[1], at: { _ in SourceLocation(file: "", line: 0, column: 0) }) {
            targets.append(
                .init(variable: target.variable, member: try target.selector.map { text throws(Complaint) in try context.selector(text) }))
        }
        return TargetRemoval(group: context.ruleGroup(group), targets: targets)
    }

    private static func switched(_ value: String) throws(Complaint) -> Bool {
        switch value.lowercased() {
        case "on": true
        case "off": false
        default: throw Complaint("expected on or off, not `\(value)`")
        }
    }
}

struct Control: ActionStep {
    enum Change: Sendable {
        case engine(EngineMode)
        case removeRules(RuleGroup)
        case removeTargets(TargetRemoval)
        case requestBodyAccess(Bool)
        case responseBodyAccess(Bool)
        case processor(BodyProcessor)
        case forceRequestBody(Bool)
        case requestBodyLimit(Int)
        case responseBodyLimit(Int)
        case auditEngine(String)
        case none
    }

    let change: Change

    func run(_ transaction: Transaction, _ rule: Rule) {
        switch change {
        case .engine(let mode): transaction.mode = mode
        case .removeRules(let group): transaction.remove(rules: group)
        case .removeTargets(let removal): transaction.targetRemovals.append(removal)
        case .requestBodyAccess(let isOn): transaction.readsRequestBody = isOn
        case .responseBodyAccess(let isOn): transaction.readsResponseBody = isOn
        case .processor(let processor): transaction.processor = processor
        case .forceRequestBody(let isOn): transaction.forcesRequestBody = isOn
        case .requestBodyLimit(let bytes): transaction.requestBodyLimit = bytes
        case .responseBodyLimit(let bytes): transaction.responseBodyLimit = bytes
        case .auditEngine(let mode): transaction.auditMode = mode
        case .none: break
        }
    }
}

/// Targets that a `ctl` action takes away from a group of rules.
struct TargetRemoval: Sendable {
    struct Target: Sendable {
        var variable: Variable
        /// The member meant; all where there is none.
        var member: Selector?
    }

    var group: RuleGroup
    var targets: [Target]
}
