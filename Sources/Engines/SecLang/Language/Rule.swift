/// A rule, ready to run.
final class Rule: Sendable {
    /// Its place among all rules of the set.
    let index: Int
    let location: SourceLocation
    let id: Int?
    let tags: [String]
    let targets: [Target]
    /// Nil for a marker.
    let test: (any Operator)?
    let isNegated: Bool
    let actions: ActionList
    /// The number of its transformations among the distinct ones.
    let pipeline: Int
    /// What values need to hold, and the bit that says they hold one of the literals.
    let filter: RuleFilter
    /// The name of a `SecMarker`.
    let marker: String?
    /// Under which number a negative answer of the operator is remembered for each value; nil where it is not worth it.
    let question: UInt8?
    /// Copies of what the actions say, within quick reach.
    let captures: Bool
    let matchesEachStep: Bool
    let isChained: Bool
    let severity: Int
    let skip: Int
    /// Whether a match of the whole rule has no effect but those of its steps.
    let isQuiet: Bool
    /// The operator and the steps where they can be called without a copy.
    let tester: OperatorBox?
    let steps: [ActionStepBox]

    init(
        index: Int, location: SourceLocation, targets: [Target], test: (any Operator)?, isNegated: Bool, actions: ActionList, pipeline: Int,
        filter: RuleFilter, marker: String? = nil
    ) {
        self.index = index
        self.location = location
        self.targets = targets
        self.test = test
        self.isNegated = isNegated
        self.actions = actions
        self.pipeline = pipeline
        self.filter = filter
        self.marker = marker
        question = test is DetectSQLi ? 0 : test is DetectXSS ? 1 : nil
        captures = actions.captures
        matchesEachStep = actions.matchesEachStep
        isChained = actions.isChained
        id = actions.id
        severity = actions.severity ?? 0
        skip = actions.skip
        let passes = if case .pass = actions.disruption { true } else { false }
        isQuiet = passes && !actions.logs && !actions.auditLogs
        tester = test.map(OperatorBox.init)
        steps = actions.steps.map(ActionStepBox.init)
        tags = actions.tags
    }
}

/// Holds an operator, so that handing it on costs one reference count and not one for each of its parts.
final class OperatorBox: Sendable {
    let value: any Operator

    init(_ value: any Operator) { self.value = value }
}

/// Holds an action in the same way.
final class ActionStepBox: Sendable {
    let value: any ActionStep

    init(_ value: any ActionStep) { self.value = value }
}

/// How values are passed over without running a rule's operator.
struct RuleFilter: Sendable {
    /// The bit of the literal scan; negative where no literals are required.
    var bit: Int32 = -1
    /// The bytes of which one is required; all where none is.
    var bytes = ByteSet.all
    var minimumLength = 0

    /// Whether there is anything to pass values over by.
    var isActive: Bool { bit >= 0 || bytes != .all }

    static let none = RuleFilter()
}
