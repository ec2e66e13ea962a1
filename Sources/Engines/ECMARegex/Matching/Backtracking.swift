/// Tries one way after another, for patterns with back references, within a budget of steps.
struct Backtracking: Sendable {
    private let code: Code
    private let stepLimit: Int

    init(_ code: Code, stepLimit: Int) {
        self.code = code
        self.stepLimit = stepLimit
    }

    /// Whether the UTF-8 text has a match.
    func verdict(on bytes: [UInt8]) -> ECMARegex.Verdict {
        let characters = String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value)
        var attempt = Attempt(code: code, characters: characters, classes: code.alphabet.classes(of: bytes), stepsLeft: stepLimit)
        for start in 0...characters.count {
            if attempt.run(code.entry, start, forward: true) { return .match }
            if attempt.stepsLeft <= 0 { return .exhausted }
            attempt.reset()
        }
        return .noMatch
    }
}

/// One walk with its groups and the choices left behind.
private struct Attempt {
    let code: Code
    let characters: [UInt32]
    let classes: [UInt16]
    var stepsLeft: Int
    /// Positions of groups, -1 for none; then those of rounds.
    private var slots: [Int]
    /// Slots as they were before a change, newest last.
    private var changes: [(slot: Int, before: Int)] = []

    init(code: Code, characters: [UInt32], classes: [UInt16], stepsLeft: Int) {
        self.code = code
        self.characters = characters
        self.classes = classes
        self.stepsLeft = stepsLeft
        slots = [Int](repeating: -1, count: 2 * code.groups + code.rounds)
    }

    mutating func reset() {
        undo(to: 0)
    }

    private mutating func set(_ slot: Int, _ value: Int) {
        changes.append((slot, slots[slot]))
        slots[slot] = value
    }

    private mutating func forget(_ group: Int) {
        set(2 * group, -1)
        set(2 * group + 1, -1)
    }

    private mutating func undo(to count: Int) {
        while changes.count > count, let change = changes.popLast() { slots[change.slot] = change.before }
    }

    /// Whether a match goes on from here; groups keep what it set.
    mutating func run(_ entry: Int, _ start: Int, forward: Bool) -> Bool {
        var choices: [(at: Int, position: Int, changes: Int)] = [(entry, start, changes.count)]
        while let choice = choices.popLast() {
            undo(to: choice.changes)
            var (at, position) = (choice.at, choice.position)
            while stepsLeft > 0 {
                stepsLeft -= 1
                if case .match = code.instructions[at] { return true }
                if case .split(let first, let second) = code.instructions[at] {
                    choices.append((second, position, changes.count))
                    at = first
                    continue
                }
                guard let next = step(at, &position, forward) else { break }
                at = next
            }
            if stepsLeft <= 0 { return false }
        }
        return false
    }

    /// The instruction after this one, or nil where it does not hold.
    private mutating func step(_ at: Int, _ position: inout Int, _ forward: Bool) -> Int? {
        switch code.instructions[at] {
        case .set(let set):
            let index = forward ? position : position - 1
            guard classes.indices.contains(index), code.alphabet.members[set][Int(classes[index])] else { return nil }
            position += forward ? 1 : -1
        case .jump(let next): return next
        case .start: guard position == 0 else { return nil }
        case .end: guard position == classes.count else { return nil }
        case .wordBoundary(let negated): guard (isWord(position - 1) != isWord(position)) != negated else { return nil }
        case .look(let look, let negated): guard looks(look, position, negated) else { return nil }
        case .backReference(let number): guard repeats(number, &position) else { return nil }
        case .save(let slot): set(slot, position)
        case .forget(let groups): for group in groups { forget(group) }
        case .beginRound(let round): set(2 * code.groups + round, position)
        case .endRound(let round): guard slots[2 * code.groups + round] != position else { return nil }
        case .match, .split: break
        }
        return at + 1
    }

    private func isWord(_ index: Int) -> Bool {
        classes.indices.contains(index) && code.alphabet.members[code.wordSet][Int(classes[index])]
    }

    private mutating func looks(_ number: Int, _ position: Int, _ negated: Bool) -> Bool {
        let before = changes.count
        let look = code.looks[number]
        let holds = run(look.entry, position, forward: look.ahead)
        if negated || !holds { undo(to: before) }
        return holds != negated && stepsLeft > 0
    }

    /// Takes what a group took; a group that took nothing is matched by nothing. Negative numbers run backwards.
    private mutating func repeats(_ number: Int, _ position: inout Int) -> Bool {
        let (from, to) = (slots[2 * abs(number)], slots[2 * abs(number) + 1])
        guard from >= 0, to >= from else { return true }
        let length = to - from
        stepsLeft -= length
        let begin = number > 0 ? position : position - length
        guard begin >= 0, begin + length <= characters.count, characters[begin..<(begin + length)] == characters[from..<to] else {
            return false
        }
        position += number > 0 ? length : -length
        return true
    }
}
