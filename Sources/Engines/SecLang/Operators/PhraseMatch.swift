/// `@pm phrases` and `@pmFromFile files`: at least one of many phrases is in the value, without regard to case.
struct PhraseMatch: Operator {
    private let automaton: AhoCorasick
    private let lengths: [Int]
    let requirement: Requirement

    /// No list may hold more phrases.
    static let limit = 100_000

    init(_ argument: String) throws(Complaint) {
        let phrases = try PhraseMatch.content(argument).split(whereSeparator: isSpace).map(Array.init)
        try self.init(phrases: phrases)
    }

    /// Phrases from files, one a line; empty lines and lines that begin with `#` are none.
    init(files: String, _ context: CompileContext) throws(Complaint) {
        var phrases: [[UInt8]] = []
        for name in files.split(separator: " ") {
            for line in try context.data(String(name)).split(separator: 10) {
                let phrase = line.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
                if let first = phrase.first, first != UInt8(ascii: "#") { phrases.append(Array(phrase)) }
            }
        }
        try self.init(phrases: phrases)
    }

    private init(phrases: [[UInt8]]) throws(Complaint) {
        guard !phrases.isEmpty else { throw Complaint("there are no phrases to look for") }
        guard phrases.count <= Self.limit else { throw Complaint("there are more than \(Self.limit) phrases") }
        let lower = phrases.map { $0.map(asciiLower) }
        automaton = AhoCorasick(lower.enumerated().map { ($1, $0) }, owners: lower.count)
        lengths = lower.map(\.count)
        var requirement = Requirement(minimumLength: lengths.min() ?? 0)
        requirement.literals = LiteralFacts.reduce(lower)
        self.requirement = requirement
    }

    var dependsOnValueOnly: Bool { true }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard let found = automaton.first(in: value) else { return .noMatch }
        run.note(value.part(found.end - lengths[found.owner], found.end))
        return .match
    }

    /// Undoes Snort's notation: quotes around the whole, `|41 42|` for bytes, and `\:` `\;` `\\` `\"`.
    private static func content(_ argument: String) throws(Complaint) -> [UInt8] {
        var bytes = Array(argument.utf8.drop(while: isSpace))
        if bytes.count > 1, bytes.first == 34, bytes.last == 34 { bytes = Array(bytes.dropFirst().dropLast()) }
        var text: [UInt8] = []
        var inHex = false
        var high: UInt8?
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "|") {
                inHex.toggle()
            } else if inHex {
                guard let digit = hexValue(byte) else { continue }
                if let first = high { text.append(first << 4 | digit) }
                high = high == nil ? digit : nil
            } else if byte == UInt8(ascii: "\\") {
                guard index < bytes.count, ":;\\\"".utf8.contains(bytes[index]) else { throw Complaint("unknown escape in the phrases") }
                text.append(bytes[index])
                index += 1
            } else {
                text.append(byte)
            }
        }
        return text
    }
}
