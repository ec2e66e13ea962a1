/// What every value that a pattern matches is bound to hold.
///
/// Letter case does not count: literals are lower case, and byte sets hold both cases. A requirement may be missing; then it says nothing.
struct Requirement: Sendable {
    /// At least one of these is in the value.
    var literals: [[UInt8]]?
    /// At least one of these bytes is in the value.
    var bytes: ByteSet?
    /// The value is at least so long.
    var minimumLength = 0

    static let none = Requirement()

    /// What a pattern requires; `none` where the pattern is not understood in full.
    static func of(pattern: [UInt8]) -> Requirement {
        guard let node = RegexReader.read(pattern) else { return .none }
        var requirement = Requirement(minimumLength: node.minimumLength)
        let facts = LiteralFacts(of: node)
        for candidate in facts.candidates {
            requirement.offer(candidate)
        }
        if let bytes = facts.bytes { requirement.offer(bytes) }
        return requirement
    }

    /// Takes the set of literals if it is seen less often in ordinary traffic than the one held.
    mutating func offer(_ candidate: [[UInt8]]) {
        guard !candidate.isEmpty, candidate.allSatisfy({ !$0.isEmpty }) else { return }
        if candidate.allSatisfy({ $0.count == 1 }) {
            offer(ByteSet(candidate.map { $0[0] }).withBothCases)
            return
        }
        let reduced = LiteralFacts.reduce(candidate)
        guard let held = literals, Frequency.of(held) <= Frequency.of(reduced) else {
            literals = reduced
            return
        }
    }

    mutating func offer(_ set: ByteSet) {
        let both = set.withBothCases
        if let held = bytes, Frequency.of(held) <= Frequency.of(both) { return }
        if Frequency.of(both) < 0.5 { bytes = both }
    }
}

/// What is known about the texts that a node matches.
struct LiteralFacts {
    /// Every text the node can match, where they are few.
    var exact: [[UInt8]]?
    /// Sets of literals of which one member each is in every match.
    var candidates: [[[UInt8]]] = []
    /// A byte set of which one member is in every match.
    var bytes: ByteSet?

    private static let exactLimit = 128
    private static let candidateLimit = 1_500
    private static let literalLength = 10

    init(of node: RegexNode) {
        switch node {
        case .empty: self.init(texts: [[]])
        case .anything: self.init(texts: nil)
        case .byte(let set): self.init(set)
        case .sequence(let parts): self.init(sequence: parts)
        case .choice(let branches): self.init(choice: branches)
        case .repetition(let part, let minimum, let maximum): self.init(repeating: part, minimum, maximum)
        }
    }

    private init(texts: [[UInt8]]?) { exact = texts }

    private init(_ set: ByteSet) {
        if set.count <= 6 { exact = set.members.map { [$0] } }
        bytes = set
    }

    private init(sequence parts: [RegexNode]) {
        var running: [[UInt8]] = [[]]
        var isExact = true
        for part in parts {
            let facts = LiteralFacts(of: part)
            candidates += facts.candidates
            offer(facts.bytes)
            if let texts = facts.exact, running.count * texts.count <= Self.exactLimit {
                running = running.flatMap { head in texts.map { head + $0 } }
            } else {
                close(running)
                isExact = false
                running = facts.exact ?? [[]]
            }
        }
        if isExact { exact = running } else { close(running) }
        if isExact { close(running) }
    }

    private init(choice branches: [RegexNode]) {
        let facts = branches.map(LiteralFacts.init(of:))
        let texts = facts.compactMap(\.exact)
        if texts.count == branches.count, texts.map(\.count).reduce(0, +) <= Self.exactLimit * 4 {
            exact = LiteralFacts.unique(texts.flatMap { $0 })
            if let exact { close(exact) }
        } else {
            let best = facts.map(\.best)
            if best.allSatisfy({ $0 != nil }) { close(best.flatMap { $0 ?? [] }) }
        }
        let sets = facts.map(\.bytes)
        if sets.allSatisfy({ $0 != nil }) { bytes = sets.reduce(ByteSet()) { $0.union($1 ?? .all) } }
    }

    private init(repeating part: RegexNode, _ minimum: Int, _ maximum: Int?) {
        let facts = LiteralFacts(of: part)
        if minimum == 0 {
            if maximum == 1, let texts = facts.exact { exact = LiteralFacts.unique(texts + [[]]) }
            return
        }
        candidates = facts.candidates
        bytes = facts.bytes
        guard let texts = facts.exact else { return }
        close(texts)
        guard let maximum, maximum <= 4 else { return }
        var all: [[UInt8]] = []
        var power: [[UInt8]] = [[]]
        for count in 1...max(1, maximum) {
            guard power.count * texts.count <= Self.exactLimit else { return }
            power = power.flatMap { head in texts.map { head + $0 } }
            if count >= minimum { all += power }
        }
        exact = LiteralFacts.unique(all)
    }

    /// The least frequent set of literals known.
    private var best: [[UInt8]]? {
        candidates.min { Frequency.of($0) < Frequency.of($1) }
    }

    private mutating func offer(_ set: ByteSet?) {
        guard let set else { return }
        if let held = bytes, Frequency.of(held) <= Frequency.of(set) { return }
        bytes = set
    }

    private mutating func close(_ texts: [[UInt8]]) {
        guard texts.count <= Self.candidateLimit, !texts.isEmpty, texts.allSatisfy({ !$0.isEmpty }) else { return }
        candidates.append(LiteralFacts.reduce(texts))
    }

    private static func unique(_ texts: [[UInt8]]) -> [[UInt8]] { Array(Set(texts)).sorted { $0.lexicographicallyPrecedes($1) } }

    /// Shortens long literals and drops those that hold another one.
    static func reduce(_ texts: [[UInt8]]) -> [[UInt8]] {
        let cut = unique(texts.map { Array($0.prefix(literalLength)) }).sorted { $0.count < $1.count }
        var kept: [[UInt8]] = []
        var known = Set<[UInt8]>()
        for text in cut where !text.holdsMember(of: known) {
            kept.append(text)
            known.insert(text)
        }
        return kept
    }
}

extension RegexNode {
    /// The length of the shortest match, not more than is certain.
    var minimumLength: Int {
        switch self {
        case .empty, .anything: 0
        case .byte: 1
        case .sequence(let parts): parts.reduce(0) { min($0 + $1.minimumLength, 100_000) }
        case .choice(let branches): branches.map(\.minimumLength).min() ?? 0
        case .repetition(let part, let minimum, _): min(part.minimumLength * minimum, 100_000)
        }
    }
}

extension [UInt8] {
    fileprivate func holdsMember(of set: Set<[UInt8]>) -> Bool {
        for start in indices {
            for end in (start + 1)...count where set.contains(Array(self[start..<end])) { return true }
        }
        return false
    }
}

/// A rough idea of how often bytes are seen in ordinary requests.
enum Frequency {
    static func of(_ texts: [[UInt8]]) -> Double {
        texts.reduce(0) { sum, text in sum + text.reduce(1) { $0 * of($1) } }
    }

    static func of(_ set: ByteSet) -> Double {
        set.members.filter { !($0 &- 65 < 26) }.reduce(0) { $0 + of($1) }
    }

    static func of(_ byte: UInt8) -> Double {
        switch byte {
        case UInt8(ascii: "e"), UInt8(ascii: "t"), UInt8(ascii: "a"), UInt8(ascii: "o"), UInt8(ascii: "i"), UInt8(ascii: "n"),
            UInt8(ascii: "s"),
            UInt8(ascii: "r"):
            0.06
        case 97...122, 65...90: 0.025
        case 48...57: 0.03
        case UInt8(ascii: " "), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"): 0.04
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "_"): 0.02
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "%"),
            UInt8(ascii: "\""):
            0.008
        case 128...255: 0.0005
        default: 0.002
        }
    }
}
