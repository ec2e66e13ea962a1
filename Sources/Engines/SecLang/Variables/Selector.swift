/// Which members of a collection are meant.
enum Selector: Sendable {
    case all
    /// The members of this name; the case of letters does not count.
    case name(Slice)
    /// The members whose name the pattern finds.
    case pattern(Regex)
    /// The transaction variable of this number.
    case slot(Int)

    /// Whether a member's name is meant.
    func accepts(_ name: Slice, _ scratch: MatchScratch) -> Bool {
        switch self {
        case .all: true
        case .name(let wanted): name.equalsIgnoringCase(wanted)
        case .pattern(let regex): regex.match(name, scratch) != .absent
        case .slot: false
        }
    }
}

/// A target, ready to run.
final class Target: Sendable {
    let variable: Variable
    let selector: Selector
    let isCount: Bool
    /// The transaction's table, for variables that have one.
    let table: Int?
    /// What later targets of the rule take away again.
    let exclusions: [Selector]

    init(variable: Variable, selector: Selector, isCount: Bool, table: Int?, exclusions: [Selector]) {
        self.variable = variable
        self.selector = selector
        self.isCount = isCount
        self.table = table
        self.exclusions = exclusions
    }
}
