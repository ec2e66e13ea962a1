/// A pattern as a deterministic automaton: one table look-up a character.
///
/// Built whole when the pattern is compiled, so that matching changes nothing and can run on any thread.
@safe
final class Automaton: @unchecked Sendable {  // never written after construction
    /// Next state by state and class, in rows; states are numbered by their row's first place.
    private let transitions: UnsafeMutablePointer<UInt32>
    private let ascii: UnsafeMutablePointer<UInt16>
    /// Whether the text may end in a state.
    private let accepts: UnsafeMutablePointer<Bool>
    private let alphabet: Alphabet
    private let start: UInt32
    private let width: UInt32

    /// States and steps of construction beyond which the automaton is given up.
    static let mostStates = 4_000
    static let mostSteps = 4_000_000

    /// Row 0: no match can come any more. Row 1: there is a match.
    init?(_ code: Code) {
        guard let built = AutomatonBuilder.build(code) else { return nil }
        alphabet = code.alphabet
        width = UInt32(code.alphabet.count)
        unsafe transitions = .allocate(capacity: built.transitions.count)
        for (index, state) in built.transitions.enumerated() { unsafe (transitions + index).initialize(to: UInt32(state) * UInt32(code.alphabet.count)) }
        unsafe accepts = .allocate(capacity: built.accepts.count)
        for (index, flag) in built.accepts.enumerated() { unsafe (accepts + index).initialize(to: flag) }
        unsafe ascii = .allocate(capacity: 128)
        for (index, number) in alphabet.ascii.enumerated() { unsafe (ascii + index).initialize(to: number) }
        start = 2 * width
    }

    deinit {
        unsafe transitions.deallocate()
        unsafe accepts.deallocate()
        unsafe ascii.deallocate()
    }

    /// Whether the UTF-8 text has a match.
    @unsafe
    func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var state = start
        var index = 0
        let end = bytes.count
        while index < end {
            let byte = unsafe bytes[index]
            var number: UInt32
            if byte < 0x80 {
                number = unsafe UInt32(ascii[Int(byte)])
                index += 1
            } else {
                number = unsafe UInt32(alphabet.classOf(decode(bytes, &index)))
            }
            state = unsafe transitions[Int(state + number)]
            if state <= width { return state == width }
        }
        return unsafe accepts[Int(state / width)]
    }

    /// The character of two to four bytes at `index`.
    @unsafe
    @inline(__always)
    private func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
        let first = unsafe UInt32(bytes[index])
        let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var code = first & (0x7F >> UInt32(count))
        for offset in 1..<count where index + offset < bytes.count { code = unsafe code << 6 | UInt32(bytes[index + offset] & 0x3F) }
        index += count
        return code
    }
}

/// Finds the states of an automaton, each a set of instructions and what stood before.
private struct AutomatonBuilder {
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
