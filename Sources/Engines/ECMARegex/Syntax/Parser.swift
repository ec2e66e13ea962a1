/// Reads a pattern by the grammar of ECMA-262 §22.2.1 with the `u` flag.
struct Parser {
    let characters: [Unicode.Scalar]
    let syntax: ECMARegex.Syntax
    /// False where the grammar alone is of interest; then properties are looked up but not worked out.
    let buildsSets: Bool
    var at = 0
    /// Properties of this pattern that have been worked out.
    var properties: [String: CodePointSet] = [:]
    private var groups = 0
    private var names: [String: Int] = [:]
    private var depth = 0
    private var largestReference = (number: 0, offset: 0)

    /// Characters of a pattern.
    static let longest = 65_536
    /// Groups inside each other.
    static let deepest = 200

    init(_ pattern: String, _ syntax: ECMARegex.Syntax, buildsSets: Bool = true) {
        self.buildsSets = buildsSets
        characters = Array(pattern.unicodeScalars)
        self.syntax = syntax
    }

    /// The whole pattern.
    mutating func parsePattern() throws(RegexError) -> Tree {
        guard characters.count <= Self.longest else {
            throw RegexError(code: .tooLarge, reason: "the pattern is too long", offset: Self.longest)
        }
        let tree = try parseChoice()
        guard at == characters.count else { throw failure("`)` without a group") }
        guard largestReference.number <= groups else {
            throw RegexError(code: .unknownGroup, reason: "there is no group \(largestReference.number)", offset: largestReference.offset)
        }
        return try resolve(tree)
    }

    var peek: Unicode.Scalar? { at < characters.count ? characters[at] : nil }

    func failure(_ reason: String, at offset: Int? = nil) -> RegexError {
        RegexError(code: .syntax, reason: reason, offset: offset ?? at)
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard characters[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    // MARK: Structure

    private mutating func parseChoice() throws(RegexError) -> Tree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw RegexError(code: .tooLarge, reason: "groups are nested too deep", offset: at) }
        var branches = [try parseSequence()]
        while take("|") { branches.append(try parseSequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func parseSequence() throws(RegexError) -> Tree {
        var parts: [Tree] = []
        while let next = peek, next != "|", next != ")" { parts.append(try parseTerm()) }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func parseTerm() throws(RegexError) -> Tree {
        let start = at
        if let assertion = try parseAssertion() {
            if let next = peek, "*+?".unicodeScalars.contains(next) { throw failure("an assertion cannot be repeated") }
            return assertion
        }
        let atom = try parseAtom()
        return try parseQuantifier(atom, from: start)
    }

    private mutating func parseAssertion() throws(RegexError) -> Tree? {
        if take("^") { return .start }
        if take("$") { return .end }
        if take("\\b") { return .wordBoundary(negated: false) }
        if take("\\B") { return .wordBoundary(negated: true) }
        for (opening, ahead, negated) in [("(?=", true, false), ("(?!", true, true), ("(?<=", false, false), ("(?<!", false, true)] {
            if take(opening) { return .look(try parseGroupRest(), ahead: ahead, negated: negated) }
        }
        return nil
    }

    private mutating func parseGroupRest() throws(RegexError) -> Tree {
        let tree = try parseChoice()
        guard take(")") else { throw failure("a group is not closed") }
        return tree
    }

    private mutating func parseAtom() throws(RegexError) -> Tree {
        let start = at
        guard let next = peek else { throw failure("the pattern ends where more was expected") }
        switch next {
        case "(":
            at += 1
            return try parseGroup(start)
        case "[":
            at += 1
            return .set(try parseClass())
        case ".":
            at += 1
            return .set(CodePointSet.lineTerminators.inverted)
        case "\\":
            return try parseAtomEscape()
        case "*", "+", "?": throw failure("nothing stands before `\(next)`")
        case "]", "{", "}":
            guard syntax == .lenient, next != "{" || !isQuantifier() else { throw failure("`\(next)` must be escaped") }
            fallthrough
        default:
            at += 1
            return .set(CodePointSet(next.value))
        }
    }

    private mutating func parseGroup(_ start: Int) throws(RegexError) -> Tree {
        if take("?:") { return try parseGroupRest() }
        groups += 1
        let number = groups
        if take("?<") {
            let name = try parseGroupName()
            guard names[name] == nil else { throw failure("two groups are called `\(name)`", at: start) }
            names[name] = number
        } else if peek == "?" {
            throw failure("`(?` must be followed by `:`, `=`, `!` or `<`")
        }
        return .capture(try parseGroupRest(), number)
    }

    /// A name up to `>`: an identifier of ECMA-262 §12.7.
    mutating func parseGroupName() throws(RegexError) -> String {
        let start = at
        var name = ""
        while let next = peek, next != ">" {
            let isStart = next.properties.isIDStart || next == "$" || next == "_"
            guard
                isStart || (!name.isEmpty && next.properties.isIDContinue) || (!name.isEmpty && (next == "\u{200C}" || next == "\u{200D}"))
            else {
                throw failure("a group's name is an identifier")
            }
            name.unicodeScalars.append(next)
            at += 1
        }
        guard take(">"), !name.isEmpty else { throw failure("a group's name is empty or not closed", at: start) }
        return name
    }

    // MARK: Quantifiers

    private mutating func parseQuantifier(_ atom: Tree, from start: Int) throws(RegexError) -> Tree {
        guard let (least, most) = try parseBounds() else { return atom }
        let greedy = !take("?")
        if let next = peek, "*+?".unicodeScalars.contains(next) || (next == "{" && isQuantifier()) {
            throw failure("nothing stands before `\(next)`")
        }
        return .repetition(atom, least: least, most: most, greedy: greedy)
    }

    private mutating func parseBounds() throws(RegexError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard peek == "{", isQuantifier() else { return nil }
        let start = at
        at += 1
        let least = parseNumber() ?? 0
        var most: Int? = least
        if take(",") { most = parseNumber() }
        at += 1
        if let most, most < least { throw failure("a repetition's bounds are out of order", at: start) }
        return (least, most)
    }

    /// Whether a `{` here begins a repetition.
    private func isQuantifier() -> Bool {
        var index = at + 1
        let digits = { (index: Int) in index < characters.count && ("0"..."9").contains(characters[index]) }
        guard digits(index) else { return false }
        while digits(index) { index += 1 }
        if index < characters.count, characters[index] == "," {
            index += 1
            while digits(index) { index += 1 }
        }
        return index < characters.count && characters[index] == "}"
    }

    /// Decimal digits; larger than any bound that can be met is the same as the largest.
    mutating func parseNumber() -> Int? {
        var value: Int?
        while let next = peek, ("0"..."9").contains(next) {
            value = min((value ?? 0) * 10 + Int(next.value - 0x30), 1_000_000)
            at += 1
        }
        return value
    }

    // MARK: References

    mutating func reference(_ number: Int, _ offset: Int) -> Tree {
        if number > largestReference.number { largestReference = (number, offset) }
        return .backReference(number)
    }

    /// Replaces names by numbers.
    private func resolve(_ tree: Tree) throws(RegexError) -> Tree {
        switch tree {
        case .namedReference(let name, let offset):
            guard let number = names[name] else {
                throw RegexError(code: .unknownGroup, reason: "there is no group `\(name)`", offset: offset)
            }
            return .backReference(number)
        case .sequence(let parts): return .sequence(try parts.map { (part) throws(RegexError) in try resolve(part) })
        case .choice(let parts): return .choice(try parts.map { (part) throws(RegexError) in try resolve(part) })
        case .repetition(let body, let least, let most, let greedy):
            return .repetition(try resolve(body), least: least, most: most, greedy: greedy)
        case .capture(let body, let number): return .capture(try resolve(body), number)
        case .look(let body, let ahead, let negated): return .look(try resolve(body), ahead: ahead, negated: negated)
        default: return tree
        }
    }
}
