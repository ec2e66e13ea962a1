/// Tries the regular expressions of a rule set on generated values: that passing values over never hides a match, and that none of them runs
/// on and on.
///
/// Cost: about a microsecond for each value; meant for checks of a build, not for a start.
public struct PatternProof {
    /// What came of it.
    public struct Outcome: Sendable {
        /// How many patterns were tried.
        public var patterns = 0
        /// How many values there were in all, and how many of them matched.
        public var values = 0
        /// How many values matched their pattern.
        public var matches = 0
        /// What went wrong, one line each.
        public var failures: [String] = []
    }

    private let patterns: [(ruleID: Int, regex: Regex)]
    private let scratch: MatchScratch

    /// Takes the distinct patterns of a rule set.
    public init(_ rules: RuleSet) {
        var seen = Set<[UInt8]>()
        var id = 0
        patterns = rules.rules.compactMap { rule in
            id = rule.id ?? id
            guard let regex = (rule.test as? RegexMatch)?.regex, seen.insert(regex.pattern).inserted else { return nil }
            return (id, regex)
        }
        scratch = MatchScratch(matchLimit: UInt32(clamping: rules.settings.matchLimit))
    }

    /// Checks that every value that a pattern matches holds what the filter requires of it.
    ///
    /// - Parameter count: how many values for each pattern: texts made from the pattern itself, changed at random.
    public func checkFilter(count: Int, seed: UInt64) -> Outcome {
        var outcome = Outcome()
        for (number, pattern) in patterns.enumerated() {
            outcome.patterns += 1
            let requirement = Requirement.of(pattern: pattern.regex.pattern)
            var maker = TextMaker(pattern.regex.pattern, seed: seed &+ UInt64(number))
            for _ in 0..<count {
                let text = maker.next()
                outcome.values += 1
                let arena = Arena()
                defer { withExtendedLifetime(arena) {} }
                guard case .found = pattern.regex.match(arena.copy(text), scratch) else { continue }
                outcome.matches += 1
                if !requirement.allows(text) {
                    outcome.failures.append("rule \(pattern.ruleID) matches what its filter passes over: \(text)")
                    break
                }
            }
        }
        return outcome
    }

    /// Searches long values made to be slow: runs of what a pattern repeats.
    ///
    /// - Parameters:
    ///   - length: the length of each value in bytes.
    ///   - budget: the time that one search has, and as much again to notice that it is over; in nanoseconds of the clock.
    public func checkTime(length: Int, budget: UInt64, seed: UInt64, clock: () -> UInt64) -> Outcome {
        var outcome = Outcome()
        for (number, pattern) in patterns.enumerated() {
            outcome.patterns += 1
            var maker = TextMaker(pattern.regex.pattern, seed: seed &+ UInt64(number))
            for unit in maker.repeatedUnits() {
                let arena = Arena()
                let value = arena.copy(Array(repeating: unit, count: max(1, length / unit.count)).flatMap { $0 })
                outcome.values += 1
                let start = clock()
                let found = pattern.regex.match(value, scratch) { clock() &- start <= budget }
                if case .found = found { outcome.matches += 1 }
                let elapsed = clock() &- start
                if elapsed > 2 * budget {
                    let text = String(decoding: unit, as: UTF8.self)
                    outcome.failures.append("rule \(pattern.ruleID) takes \(elapsed / 1_000_000) ms for \(length) bytes of `\(text)`")
                }
                withExtendedLifetime(arena) {}
            }
        }
        return outcome
    }
}

extension Requirement {
    /// Whether a value holds what is required, looked for in the plainest way.
    func allows(_ text: [UInt8]) -> Bool {
        let lower = text.map { (65...90).contains($0) ? $0 + 32 : $0 }
        guard text.count >= minimumLength, bytes.map({ $0.intersects(ByteSet(text)) }) ?? true else { return false }
        guard let literals else { return true }
        return literals.contains { literal in lower.indices.contains { lower[$0...].starts(with: literal) } }
    }
}

/// Makes texts that a pattern is likely to match, or to match nearly.
struct TextMaker {
    private let node: RegexNode
    private var random: Random

    init(_ pattern: [UInt8], seed: UInt64) {
        node = RegexReader.read(pattern) ?? .sequence(pattern.filter(isAlphanumeric).map { .byte(ByteSet([$0])) })
        random = Random(state: seed)
    }

    /// The next text: one that the pattern's shape gives, often with a change or two, sometimes inside others.
    mutating func next() -> [UInt8] {
        var text: [UInt8] = []
        write(node, &text, depth: 0)
        for _ in 0..<Int.random(in: 0...2, using: &random) where !text.isEmpty {
            let index = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: text.remove(at: index)
            case 1: text.insert(UInt8.random(in: 0...255, using: &random), at: index)
            case 2: if isAlphanumeric(text[index]), text[index] > 64 { text[index] ^= 32 }
            default: text[index] = UInt8.random(in: 32...126, using: &random)
            }
        }
        if Int.random(in: 0..<4, using: &random) == 0 { text = Array("a= ".utf8) + text + Array(" ;b".utf8) }
        return text
    }

    /// Short texts whose repetition may make the pattern slow: each byte that it repeats, and some of its own texts.
    mutating func repeatedUnits() -> [[UInt8]] {
        var bytes = Set<UInt8>([32, 97, 0x27])
        collect(node, &bytes, isRepeated: false)
        var units = bytes.sorted().prefix(10).map { [$0] }
        for _ in 0..<3 {
            var text: [UInt8] = []
            write(node, &text, depth: 0)
            if !text.isEmpty { units.append(Array(text.prefix(40))) }
        }
        return units
    }

    private mutating func write(_ node: RegexNode, _ text: inout [UInt8], depth: Int) {
        guard text.count < 400, depth < 60 else { return }
        switch node {
        case .empty: break
        case .anything: for _ in 0..<Int.random(in: 0...3, using: &random) { text.append(UInt8.random(in: 32...126, using: &random)) }
        case .byte(let set):
            let members = set.members
            guard let byte = members.isEmpty ? nil : members[Int.random(in: 0..<members.count, using: &random)] else { return }
            text.append(byte)
        case .sequence(let nodes): for node in nodes { write(node, &text, depth: depth + 1) }
        case .choice(let nodes): if let node = nodes.randomElement(using: &random) { write(node, &text, depth: depth + 1) }
        case .repetition(let node, let minimum, let maximum):
            let most = min(maximum ?? minimum + 4, minimum + 4)
            for _ in 0..<Int.random(in: minimum...max(minimum, most), using: &random) { write(node, &text, depth: depth + 1) }
        }
    }

    private mutating func collect(_ node: RegexNode, _ bytes: inout Set<UInt8>, isRepeated: Bool) {
        switch node {
        case .byte(let set):
            guard isRepeated, let first = set.members.first(where: { $0 >= 32 }) ?? set.members.first else { return }
            bytes.insert(first)
        case .sequence(let nodes), .choice(let nodes): for node in nodes { collect(node, &bytes, isRepeated: isRepeated) }
        case .repetition(let node, _, let maximum): collect(node, &bytes, isRepeated: isRepeated || (maximum ?? 99) > 9)
        case .empty, .anything: break
        }
    }
}

/// Random numbers that are the same on each run (SplitMix64).
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
