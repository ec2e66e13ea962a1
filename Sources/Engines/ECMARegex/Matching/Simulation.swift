/// Follows all ways through a pattern at once: time is linear in the text times the pattern.
///
/// Look-arounds are answered by tables made before: a run the other way finds every position where one holds.
struct Simulation: Sendable {
    private let code: Code
    private let stepLimit: Int

    init(_ code: Code, stepLimit: Int) {
        self.code = code
        self.stepLimit = stepLimit
    }

    /// Whether the UTF-8 text has a match.
    func verdict(on bytes: [UInt8]) -> ECMARegex.Verdict {
        let text = code.alphabet.classes(of: bytes)
        var tables: [[Bool]] = []
        var stepsLeft = stepLimit
        // Inner look-arounds were numbered before the outer ones.
        for look in code.looks { tables.append(positions(of: look, in: text, tables, &stepsLeft)) }
        var found = false
        run(code.entry, forward: true, text, tables, &stepsLeft) { _ in
            found = true
            return false
        }
        return stepsLeft <= 0 ? .exhausted : found ? .match : .noMatch
    }

    /// Every position where a look-around's pattern holds.
    ///
    /// Ahead: where it begins, found from its ends backwards. Behind: where it ends, found from its beginnings forwards.
    private func positions(of look: Code.Look, in text: [UInt16], _ tables: [[Bool]], _ stepsLeft: inout Int) -> [Bool] {
        var table = [Bool](repeating: false, count: text.count + 1)
        run(look.reversedEntry, forward: !look.ahead, text, tables, &stepsLeft) { position in
            table[position] = true
            return true
        }
        return table
    }

    /// Runs from every position, and calls `found` wherever a match ends; false from it stops.
    private func run(
        _ entry: Int, forward: Bool, _ text: [UInt16], _ tables: [[Bool]], _ stepsLeft: inout Int, _ found: (Int) -> Bool
    ) {
        var current = Closure(size: code.instructions.count)
        var next: [Int] = []
        for step in 0...text.count {
            let position = forward ? step : text.count - step
            let around = surroundings(position, text)
            current.clear()
            for at in next { current.add(at, code, around) { tables[$0][position] } }
            current.add(entry, code, around) { tables[$0][position] }
            if current.hasMatch && !found(position) { return }
            stepsLeft -= current.visits
            guard step < text.count, stepsLeft > 0 else { return }
            let character = Int(text[forward ? position : position - 1])
            next.removeAll(keepingCapacity: true)
            for at in current.members {
                if case .set(let set) = code.instructions[at], code.alphabet.members[set][character] { next.append(at + 1) }
            }
        }
    }

    private func surroundings(_ position: Int, _ text: [UInt16]) -> Surroundings {
        let word = code.alphabet.members[code.wordSet]
        return Surroundings(
            isStart: position == 0, isEnd: position == text.count, afterWord: position > 0 && word[Int(text[position - 1])],
            beforeWord: position < text.count && word[Int(text[position])])
    }
}

extension Alphabet {
    /// The classes of a text's characters.
    func classes(of bytes: [UInt8]) -> [UInt16] {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.map { $0.value < 128 ? ascii[Int($0.value)] : classOf($0.value) }
    }
}
