/// Finds the states of an automaton, each a set of instructions and what stood before.
struct AutomatonBuilder {
    struct State: Hashable {
        var cores: [Int]
        var isStart: Bool
        var afterWord: Bool
    }

    let code: Code
    let canBeginLater: Bool
    var closure: Closure
    var numbers: [State: Int] = [:]
    var states: [State] = []
    var transitions: [Int] = []
    var accepts: [Bool] = []
    var steps = 0

    static func build(_ code: Code) -> (transitions: [Int], accepts: [Bool])? {
        var builder = AutomatonBuilder(code)
        return builder.run() ? (builder.transitions, builder.accepts) : nil
    }

    private init(_ code: Code) {
        self.code = code
        closure = Closure(size: code.instructions.count)
        var probe = Closure(size: code.instructions.count)
        var can = false
        for (after, before) in [(false, false), (false, true), (true, false), (true, true)] {
            probe.clear()
            probe.add(code.entry, code, Surroundings(isStart: false, isEnd: true, afterWord: after, beforeWord: before)) { _ in false }
            can = can || probe.hasMatch || !probe.members.isEmpty
        }
        canBeginLater = can
    }

    private mutating func run() -> Bool {
        // Rows of the two final states; they are left before a look-up.
        for final in [0, 1] {
            states.append(State(cores: [], isStart: false, afterWord: final == 1))
            transitions.append(contentsOf: repeatElement(final, count: code.alphabet.count))
            accepts.append(final == 1)
        }
        _ = number(of: State(cores: [code.entry], isStart: true, afterWord: false))
        var next = 2
        while next < states.count {
            guard states.count <= Automaton.mostStates, steps <= Automaton.mostSteps else { return false }
            expand(next)
            next += 1
        }
        return true
    }

    private mutating func number(of state: State) -> Int {
        if state.cores.isEmpty { return 0 }
        if let number = numbers[state] { return number }
        numbers[state] = states.count
        states.append(state)
        return states.count - 1
    }

    /// Works out a state's row.
    private mutating func expand(_ index: Int) {
        let state = states[index]
        let word = code.alphabet.members[code.wordSet]
        close(state, isEnd: true, beforeWord: false)
        accepts.append(closure.hasMatch)
        if !code.hasWordBoundaries { close(state, isEnd: false, beforeWord: false) }
        for character in 0..<code.alphabet.count {
            if code.hasWordBoundaries { close(state, isEnd: false, beforeWord: word[character]) }
            transitions.append(closure.hasMatch ? 1 : target(character, word[character]))
        }
    }

    private mutating func close(_ state: State, isEnd: Bool, beforeWord: Bool) {
        closure.clear()
        let around = Surroundings(isStart: state.isStart, isEnd: isEnd, afterWord: state.afterWord, beforeWord: beforeWord)
        for core in state.cores { closure.add(core, code, around) { _ in false } }
        steps += closure.members.count + state.cores.count
    }

    private mutating func target(_ character: Int, _ isWord: Bool) -> Int {
        var cores: [Int] = canBeginLater ? [code.entry] : []
        for at in closure.members {
            if case .set(let set) = code.instructions[at], code.alphabet.members[set][character] { cores.append(at + 1) }
        }
        steps += closure.members.count
        return number(of: State(cores: Set(cores).sorted(), isStart: false, afterWord: code.hasWordBoundaries && isWord))
    }
}
