/// Finds many literals in one pass, without regard to the case of ASCII letters (Aho and Corasick, 1975), as a table of states.
///
/// Each literal belongs to an owner; a scan tells which owners have a literal in the value. Cost: one table look-up for each byte.
@safe
final class AhoCorasick: @unchecked Sendable {  // never written after it was built
    private let classes: [UInt8]
    private let classCount: Int
    private let next: UnsafeMutablePointer<UInt32>
    private let nextCount: Int
    /// States from this number on have something to report.
    private let firstReporting: UInt32
    /// What reporting states report: where each one's owners begin in `owners`, and an end.
    private let reportStarts: ContiguousArray<Int32>
    private let owners: ContiguousArray<Int32>
    /// How many words of 64 owners a result takes.
    let words: Int
    /// How many states the table has.
    let stateCount: Int

    init(_ literals: [(text: [UInt8], owner: Int)], owners: Int) {
        var trie = Trie()
        for literal in literals where !literal.text.isEmpty { trie.add(literal.text.map(asciiLower), owner: Int32(literal.owner)) }
        trie.link()
        words = max(1, (owners + 63) / 64)
        stateCount = trie.states.count
        (classes, classCount) = trie.byteClasses()

        let reporting = trie.states.indices.filter { !trie.states[$0].owners.isEmpty }
        let silent = trie.states.indices.filter { trie.states[$0].owners.isEmpty }
        var number = [UInt32](repeating: 0, count: trie.states.count)
        for (index, state) in (silent + reporting).enumerated() { number[state] = UInt32(index) }
        firstReporting = UInt32(silent.count)
        var starts: ContiguousArray<Int32> = [0]
        var listed: ContiguousArray<Int32> = []
        for state in reporting {
            listed += trie.states[state].owners
            starts.append(Int32(listed.count))
        }
        (reportStarts, self.owners) = (starts, listed)

        nextCount = trie.states.count * classCount
        let table = UnsafeMutablePointer<UInt32>.allocate(capacity: nextCount)
        unsafe table.initialize(repeating: 0, count: nextCount)
        for state in trie.order {
            let row = Int(number[state]) * classCount
            if state != 0 {
                let fallback = Int(number[trie.states[state].failure]) * classCount
                unsafe (table + row).update(from: table + fallback, count: classCount)
            }
            for (byte, child) in trie.states[state].children { unsafe table[row + Int(classes[Int(byte)])] = number[child] }
        }
        unsafe next = table
    }

    deinit { unsafe next.deallocate() }

    /// Sets the bits of the owners that have a literal in `value`; tells whether there was any.
    func scan(_ value: Slice, into bits: UnsafeMutablePointer<UInt64>) -> Bool {
        var state: UInt32 = 0
        var found = false
        unsafe classes.withUnsafeBufferPointer { classes in
            for index in 0..<value.count {
                unsafe state = next[Int(state) &* classCount &+ Int(classes[Int(value.base[index])])]
                if state >= firstReporting {
                    found = true
                    let report = Int(state - firstReporting)
                    for position in Int(reportStarts[report])..<Int(reportStarts[report + 1]) {
                        let owner = owners[position]
                        unsafe bits[Int(owner >> 6)] |= 1 << UInt64(owner & 63)
                    }
                }
            }
        }
        return found
    }

    /// The first literal to end in `value`: its owner and where it ends. Of several that end there, the longest.
    func first(in value: Slice) -> (owner: Int, end: Int)? {
        var state: UInt32 = 0
        for index in 0..<value.count {
            state = unsafe next[Int(state) &* classCount &+ Int(classes[Int(value[index])])]
            if state >= firstReporting { return (Int(owners[Int(reportStarts[Int(state - firstReporting)])]), index + 1) }
        }
        return nil
    }
}

/// The tree of literals, with the failure links that make it an automaton.
private struct Trie {
    struct State {
        var children: [UInt8: Int] = [:]
        var failure = 0
        /// Longest literal first.
        var owners: [Int32] = []
    }

    var states = [State()]
    /// The states, those nearer the root first.
    var order: [Int] = []

    mutating func add(_ text: [UInt8], owner: Int32) {
        var state = 0
        for byte in text {
            if let child = states[state].children[byte] {
                state = child
            } else {
                states.append(State())
                states[state].children[byte] = states.count - 1
                state = states.count - 1
            }
        }
        if !states[state].owners.contains(owner) { states[state].owners.append(owner) }
    }

    mutating func link() {
        order = [0]
        var position = 0
        while position < order.count {
            let state = order[position]
            position += 1
            for (byte, child) in states[state].children.sorted(by: { $0.key < $1.key }) {
                order.append(child)
                var failure = states[state].failure
                while failure != 0, states[failure].children[byte] == nil { failure = states[failure].failure }
                let target = states[failure].children[byte] ?? 0
                states[child].failure = target == child ? 0 : target
                for owner in states[states[child].failure].owners where !states[child].owners.contains(owner) {
                    states[child].owners.append(owner)
                }
            }
        }
    }

    /// Bytes that no literal tells apart share a column; both cases of a letter do, too.
    func byteClasses() -> ([UInt8], Int) {
        var used = Set<UInt8>()
        for state in states { used.formUnion(state.children.keys) }
        var classes = [UInt8](repeating: 0, count: 256)
        var count = 1
        for byte in used.sorted() where count < 256 {
            classes[Int(byte)] = UInt8(count)
            count += 1
        }
        for byte in 65...90 { classes[byte] = classes[byte + 32] }
        return (classes, count)
    }
}
