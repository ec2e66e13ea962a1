/// A parsed pattern.
indirect enum Tree {
    case empty
    case set(CodePointSet)
    case sequence([Tree])
    case choice([Tree])
    case repetition(Tree, least: Int, most: Int?, greedy: Bool)
    /// A group with its number.
    case capture(Tree, Int)
    case start
    case end
    case wordBoundary(negated: Bool)
    case look(Tree, ahead: Bool, negated: Bool)
    case backReference(Int)
    case namedReference(String, offset: Int)

    /// Whether it can match without taking a character.
    var canBeEmpty: Bool {
        switch self {
        case .set: false
        case .sequence(let parts): parts.allSatisfy(\.canBeEmpty)
        case .choice(let branches): branches.contains(where: \.canBeEmpty)
        case .repetition(let body, let least, _, _): least == 0 || body.canBeEmpty
        case .capture(let body, _): body.canBeEmpty
        default: true
        }
    }

    /// Numbers of the groups inside.
    var captures: [Int] {
        switch self {
        case .sequence(let parts), .choice(let parts): parts.flatMap(\.captures)
        case .repetition(let body, _, _, _), .look(let body, _, _): body.captures
        case .capture(let body, let number): [number] + body.captures
        default: []
        }
    }
}
