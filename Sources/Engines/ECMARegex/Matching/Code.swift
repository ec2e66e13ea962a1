/// A pattern as instructions, over the classes of its alphabet.
struct Code: Sendable {
    enum Instruction: Sendable {
        /// Takes one character of a set.
        case set(Int)
        /// Goes on at both; the first is preferred.
        case split(Int, Int)
        case jump(Int)
        case start
        case end
        case wordBoundary(negated: Bool)
        /// Goes on where a look-around holds (or does not).
        case look(Int, negated: Bool)
        case backReference(Int)
        /// Notes the position: slot 2n and 2n+1 are begin and end of group n.
        case save(Int)
        /// Forgets groups, as a new round of a repetition does.
        case forget([Int])
        /// Notes where a round begins, and refuses rounds that took nothing.
        case beginRound(Int)
        case endRound(Int)
        case match
    }

    /// A look-around: its instructions and the direction they run in.
    struct Look: Sendable {
        var entry: Int
        var ahead: Bool
        /// The same pattern for running the other way, from all its ends to its beginnings.
        var reversedEntry: Int
    }

    private(set) var instructions: [Instruction] = []
    private(set) var looks: [Look] = []
    private(set) var groups = 0
    private(set) var rounds = 0
    private(set) var hasBackReferences = false
    private(set) var hasWordBoundaries = false
    private(set) var alphabet = Alphabet([])
    /// The set of `\w` in the alphabet.
    private(set) var wordSet = 0
    private var sets: [CodePointSet] = []
    private var setNumbers: [CodePointSet: Int] = [:]

    /// Instructions of one pattern.
    static let largest = 60_000

    /// True where the pattern looks around.
    var looksAround: Bool { !looks.isEmpty }

    init(_ tree: Tree) throws(RegexError) {
        groups = (tree.captures.max() ?? 0) + 1
        wordSet = number(of: .word)
        try emit(tree, forward: true)
        try append(.match)
        alphabet = Alphabet(sets)
    }

    /// Where the pattern's own instructions begin.
    var entry: Int { 0 }

    private mutating func append(_ instruction: Instruction) throws(RegexError) {
        guard instructions.count < Self.largest else {
            throw RegexError(code: .tooLarge, reason: "the pattern is too large with its repetitions written out", offset: 0)
        }
        instructions.append(instruction)
    }

    private mutating func number(of set: CodePointSet) -> Int {
        if let number = setNumbers[set] { return number }
        sets.append(set)
        setNumbers[set] = sets.count - 1
        return sets.count - 1
    }

    private mutating func emit(_ tree: Tree, forward: Bool) throws(RegexError) {
        switch tree {
        case .empty: break
        case .set(let set): try append(.set(number(of: set)))
        case .sequence(let parts): for part in forward ? parts : parts.reversed() { try emit(part, forward: forward) }
        case .choice(let branches): try emitChoice(branches, forward)
        case .repetition(let body, let least, let most, let greedy): try emitRepetition(body, least, most, greedy, forward)
        case .capture(let body, let number):
            try append(.save(2 * number + (forward ? 0 : 1)))
            try emit(body, forward: forward)
            try append(.save(2 * number + (forward ? 1 : 0)))
        case .start: try append(.start)
        case .end: try append(.end)
        case .wordBoundary(let negated):
            hasWordBoundaries = true
            try append(.wordBoundary(negated: negated))
        case .look(let body, let ahead, let negated): try emitLook(body, ahead, negated)
        case .backReference(let number):
            hasBackReferences = true
            try append(.backReference(forward ? number : -number))
        case .namedReference: break
        }
    }

    private mutating func emitChoice(_ branches: [Tree], _ forward: Bool) throws(RegexError) {
        var jumps: [Int] = []
        for (index, branch) in branches.enumerated() {
            let split = instructions.count
            let isLast = index == branches.count - 1
            if !isLast { try append(.split(split + 1, 0)) }
            try emit(branch, forward: forward)
            guard !isLast else { break }
            jumps.append(instructions.count)
            try append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emitRepetition(_ body: Tree, _ least: Int, _ most: Int?, _ greedy: Bool, _ forward: Bool) throws(RegexError) {
        let captures = body.captures
        func forget(_ code: inout Code) throws(RegexError) { if !captures.isEmpty { try code.append(.forget(captures)) } }
        for _ in 0..<least {
            let before = instructions.count
            try forget(&self)
            try emit(body, forward: forward)
            // A body that comes to nothing comes to nothing any number of times.
            if instructions.count == before { return }
        }
        guard let most else { return try emitStar(body, captures, greedy, forward) }
        var splits: [Int] = []
        for _ in least..<max(most, least) {
            splits.append(instructions.count)
            try append(.split(0, 0))
            try forget(&self)
            try emit(body, forward: forward)
        }
        for split in splits { instructions[split] = greedy ? .split(split + 1, instructions.count) : .split(instructions.count, split + 1) }
    }

    private mutating func emitStar(_ body: Tree, _ captures: [Int], _ greedy: Bool, _ forward: Bool) throws(RegexError) {
        let split = instructions.count
        try append(.split(0, 0))
        if !captures.isEmpty { try append(.forget(captures)) }
        let round = body.canBeEmpty ? rounds : nil
        if let round {
            rounds += 1
            try append(.beginRound(round))
        }
        try emit(body, forward: forward)
        if let round { try append(.endRound(round)) }
        try append(.jump(split))
        instructions[split] = greedy ? .split(split + 1, instructions.count) : .split(instructions.count, split + 1)
    }

    /// Writes a look-around's instructions in both directions beside the main line.
    private mutating func emitLook(_ body: Tree, _ ahead: Bool, _ negated: Bool) throws(RegexError) {
        let jump = instructions.count
        try append(.jump(0))
        let entry = instructions.count
        try emit(body, forward: ahead)
        try append(.match)
        let reversedEntry = instructions.count
        try emit(body, forward: !ahead)
        try append(.match)
        looks.append(Look(entry: entry, ahead: ahead, reversedEntry: reversedEntry))
        instructions[jump] = .jump(instructions.count)
        try append(.look(looks.count - 1, negated: negated))
    }
}
