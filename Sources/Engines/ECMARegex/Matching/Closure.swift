/// What stands around a position, as far as assertions ask.
struct Surroundings: Hashable, Sendable {
    var isStart: Bool
    var isEnd: Bool
    var afterWord: Bool
    var beforeWord: Bool
}

/// The instructions reached without taking a character: a set with its members in order of arrival.
struct Closure {
    private(set) var members: [Int] = []
    private var marks: [UInt32]
    private var generation: UInt32 = 0
    private var stack: [Int] = []
    /// Instructions looked at since the last clearing.
    private(set) var visits = 0
    /// Whether a `match` is among them.
    private(set) var hasMatch = false

    init(size: Int) { marks = [UInt32](repeating: 0, count: size) }

    mutating func clear() {
        members.removeAll(keepingCapacity: true)
        generation &+= 1
        visits = 0
        hasMatch = false
    }

    /// Adds an instruction and all it leads to.
    ///
    /// - Parameter looks: answers whether a look-around holds here.
    mutating func add(_ entry: Int, _ code: Code, _ around: Surroundings, _ looks: (Int) -> Bool) {
        stack.append(entry)
        while let at = stack.popLast() {
            guard marks[at] != generation else { continue }
            marks[at] = generation
            visits += 1
            switch code.instructions[at] {
            case .set, .backReference: members.append(at)
            case .match: hasMatch = true
            case .jump(let next): stack.append(next)
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .start: if around.isStart { stack.append(at + 1) }
            case .end: if around.isEnd { stack.append(at + 1) }
            case .wordBoundary(let negated): if (around.afterWord != around.beforeWord) != negated { stack.append(at + 1) }
            case .look(let look, let negated): if looks(look) != negated { stack.append(at + 1) }
            case .save, .forget, .beginRound, .endRound: stack.append(at + 1)
            }
        }
    }
}
