/// The rules of one phase in order, with what is needed to pass over most of them quickly.
struct Program: Sendable {
    /// One rule or marker.
    struct Step: Sendable {
        enum Kind: UInt8, Sendable {
            case marker
            /// Runs whenever it is reached.
            case plain
            /// Runs only if a value of its tables may match.
            case filtered
            /// Compares one TX variable, or whether there is one, with a number.
            case number
        }

        var kind: Kind
        /// The bit of the literal scan; negative for none.
        var bit: Int32 = -1
        var pipeline: Int32 = 0
        /// The place behind the rule's chain.
        var chainEnd: Int32
        /// Where to go on after a match, if not behind the chain.
        var skipTo: Int32 = -1
        /// A bit for each of the transaction's tables that it looks at.
        var tables: UInt64 = 0
        var bytes = ByteSet.all
        /// The number of its tables and pipeline together, for `filtered`.
        var group: Int32 = 0
        /// Whether a match has no effect but where to go on.
        var isBare = false
        // For `number`:
        var slot: Int32 = 0
        var isCount = false
        var isNegated = false
        var relation = NumericComparison.Relation.equal
        var number = 0
    }

    private(set) var steps: [Step] = []
    private(set) var rules: [Rule] = []

    /// - Parameter groups: the distinct pairs of tables and pipeline of all programs.
    init(phase: Int, rules all: [Rule], phases: [Int], groups: inout [StepGroup]) {
        rules = all.indices.filter { phases[$0] == phase || phases[$0] == 0 }.map { all[$0] }
        var ends = [Int](repeating: 0, count: rules.count)
        for index in rules.indices.reversed() {
            ends[index] = rules[index].actions.isChained && index + 1 < rules.count ? ends[index + 1] : index + 1
        }
        for (index, rule) in rules.enumerated() {
            var step = Program.step(rule, chainEnd: ends[index])
            if let marker = rule.actions.skipAfter { step.skipTo = Int32(position(behind: marker, from: index + 1)) }
            if step.kind == .filtered { step.group = Int32(groups.number(of: StepGroup(tables: step.tables, pipeline: step.pipeline))) }
            step.isBare = step.kind == .number && rule.hasNoEffect
            steps.append(step)
        }
    }

    private func position(behind marker: String, from start: Int) -> Int {
        guard start < rules.count else { return rules.count }
        let found = rules[start...].firstIndex { $0.marker == marker || ($0.id != nil && $0.id == Int(marker)) }
        return found.map { $0 + 1 } ?? rules.count
    }

    private static func step(_ rule: Rule, chainEnd: Int) -> Step {
        guard rule.test != nil else { return Step(kind: .marker, chainEnd: Int32(chainEnd)) }
        if let number = numberStep(rule, chainEnd: chainEnd) { return number }
        var step = Step(kind: .plain, pipeline: Int32(rule.pipeline), chainEnd: Int32(chainEnd))
        let tables = rule.targets.map { $0.isCount ? nil : $0.table }
        guard rule.filter.isActive, !rule.actions.matchesEachStep, tables.allSatisfy({ $0 != nil && $0! < 64 }) else { return step }
        step.kind = .filtered
        step.bit = rule.filter.bit
        step.bytes = rule.filter.bytes
        for case let table? in tables { step.tables |= 1 << UInt64(table) }
        return step
    }

    private static func numberStep(_ rule: Rule, chainEnd: Int) -> Step? {
        guard let comparison = rule.test as? NumericComparison, let number = comparison.number.constant, rule.pipeline == 0,
            let target = rule.targets.first, rule.targets.count == 1, target.exclusions.isEmpty, case .slot(let slot) = target.selector
        else { return nil }
        return Step(
            kind: .number, chainEnd: Int32(chainEnd), slot: Int32(slot), isCount: target.isCount, isNegated: rule.isNegated,
            relation: comparison.relation, number: number.integer)
    }
}

/// The tables and the pipeline that rules have in common.
struct StepGroup: Equatable {
    var tables: UInt64
    var pipeline: Int32
}

extension [StepGroup] {
    fileprivate mutating func number(of group: StepGroup) -> Int {
        if let known = firstIndex(of: group) { return known }
        append(group)
        return count - 1
    }
}

extension Rule {
    /// Whether a match changes nothing but where the phase goes on.
    fileprivate var hasNoEffect: Bool {
        guard case .pass = actions.disruption else { return false }
        return actions.steps.isEmpty && !actions.logs && !actions.auditLogs && actions.severity == nil && !actions.isChained
            && actions.skip == 0
    }
}
