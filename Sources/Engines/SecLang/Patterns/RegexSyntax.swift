/// The shape of a regular expression, as far as required literals need it.
///
/// Letter case is folded away: every set holds lower-case letters only. Look-around, anchors and word boundaries count as empty.
indirect enum RegexNode {
    case empty
    /// One byte out of a set.
    case byte(ByteSet)
    case sequence([RegexNode])
    case choice([RegexNode])
    case repetition(RegexNode, minimum: Int, maximum: Int?)
    /// Anything at all, nothing included.
    case anything
}

/// Reads PCRE patterns; gives up (nil) on whatever it does not know for certain.
struct RegexReader {
    private let pattern: [UInt8]
    private var position = 0
    private var depth = 0

    private struct GiveUp: Error {}

    static func read(_ pattern: [UInt8]) -> RegexNode? {
        var reader = RegexReader(pattern: pattern)
        guard let node = try? reader.choice(), reader.position == pattern.count else { return nil }
        return node
    }

    private init(pattern: [UInt8]) { self.pattern = pattern }

    private var next: UInt8? { position < pattern.count ? pattern[position] : nil }

    private mutating func take(_ byte: Character) -> Bool {
        guard next == byte.asciiValue else { return false }
        position += 1
        return true
    }

    private func sees(_ text: String) -> Bool { pattern[position...].starts(with: text.utf8) }

    private mutating func choice() throws -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth < 100 else { throw GiveUp() }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws -> RegexNode {
        var parts: [RegexNode] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            let atom = try atom()
            parts.append(try quantified(atom))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom() throws -> RegexNode {
        guard let byte = next else { throw GiveUp() }
        position += 1
        switch byte {
        case UInt8(ascii: "("): return try group()
        case UInt8(ascii: "["): return .byte(try characterClass().folded)
        case UInt8(ascii: "."): return .byte(.all)
        case UInt8(ascii: "^"), UInt8(ascii: "$"): return .empty
        case UInt8(ascii: "\\"): return try escape()
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): throw GiveUp()
        default: return .byte(ByteSet([asciiLower(byte)]))
        }
    }

    private mutating func quantified(_ atom: RegexNode) throws -> RegexNode {
        var node = atom
        while let bounds = bounds() {
            node = .repetition(node, minimum: bounds.0, maximum: bounds.1)
            if !take("?") { _ = take("+") }
        }
        return node
    }

    private mutating func bounds() -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard next == UInt8(ascii: "{"), let end = pattern[position...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let text = String(decoding: pattern[(position + 1)..<end], as: UTF8.self)
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 2, let minimum = Int(parts[0]), parts.count == 1 || parts[1].isEmpty || Int(parts[1]) != nil else {
            return nil
        }
        position = end + 1
        return (minimum, parts.count == 1 ? minimum : Int(parts[1]))
    }
}

extension RegexReader {
    private mutating func group() throws -> RegexNode {
        guard take("?") else { return sees("*") ? try giveUp() : try closed(choice()) }
        if take(":") || take(">") || take("|") { return try closed(choice()) }
        if sees("=") || sees("!") || sees("<=") || sees("<!") {
            position += sees("<") ? 2 : 1
            _ = try closed(choice())
            return .empty
        }
        if sees("#") {
            guard let end = pattern[position...].firstIndex(of: UInt8(ascii: ")")) else { throw GiveUp() }
            position = end + 1
            return .empty
        }
        if take("P") || sees("<") || sees("'") { return try namedGroup() }
        return try flags()
    }

    private mutating func namedGroup() throws -> RegexNode {
        guard take("<") || take("'") else { throw GiveUp() }
        while let byte = next, isAlphanumeric(byte) || byte == UInt8(ascii: "_") { position += 1 }
        guard take(">") || take("'") else { throw GiveUp() }
        return try closed(choice())
    }

    /// `(?i)` to the end of the group, or `(?i:…)`.
    private mutating func flags() throws -> RegexNode {
        while let byte = next, byte != UInt8(ascii: ":"), byte != UInt8(ascii: ")") {
            guard "imsJU-".utf8.contains(byte) else { throw GiveUp() }
            position += 1
        }
        if take(")") { return .empty }
        guard take(":") else { throw GiveUp() }
        return try closed(choice())
    }

    private mutating func closed(_ node: RegexNode) throws -> RegexNode {
        guard take(")") else { throw GiveUp() }
        return node
    }

    private func giveUp() throws -> RegexNode { throw GiveUp() }
}

extension RegexReader {
    private mutating func escape() throws -> RegexNode {
        guard let byte = next else { throw GiveUp() }
        switch byte {
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "Z"), UInt8(ascii: "G"):
            position += 1
            return .empty
        case UInt8(ascii: "1")...UInt8(ascii: "9"):
            while let digit = next, isDigit(digit) { position += 1 }
            return .anything
        case UInt8(ascii: "R"):
            position += 1
            return .choice([.sequence([.byte(ByteSet([13])), .byte(ByteSet([10]))]), .byte(ByteSet([10, 11, 12, 13, 0x85]))])
        default:
            return .byte(try escapedSet().folded)
        }
    }

    /// The bytes that an escape stands for, inside or outside a class; `position` is on the letter after the backslash.
    private mutating func escapedSet() throws -> ByteSet {
        guard let byte = next else { throw GiveUp() }
        position += 1
        switch byte {
        case UInt8(ascii: "d"): return ByteSet(48...57)
        case UInt8(ascii: "D"): return ByteSet(48...57).inverted
        case UInt8(ascii: "w"): return .word
        case UInt8(ascii: "W"): return ByteSet.word.inverted
        case UInt8(ascii: "s"): return .space
        case UInt8(ascii: "S"): return ByteSet.space.inverted
        case UInt8(ascii: "h"): return ByteSet([9, 32, 0xa0])
        case UInt8(ascii: "v"): return ByteSet([10, 11, 12, 13, 0x85])
        case UInt8(ascii: "N"): return .all
        case UInt8(ascii: "n"): return ByteSet([10])
        case UInt8(ascii: "r"): return ByteSet([13])
        case UInt8(ascii: "t"): return ByteSet([9])
        case UInt8(ascii: "f"): return ByteSet([12])
        case UInt8(ascii: "e"): return ByteSet([27])
        case UInt8(ascii: "a"): return ByteSet([7])
        case UInt8(ascii: "x"): return ByteSet([try hexadecimal()])
        case UInt8(ascii: "0"): return ByteSet([octal()])
        default:
            guard !isAlphanumeric(byte) else { throw GiveUp() }
            return ByteSet([byte])
        }
    }

    private mutating func hexadecimal() throws -> UInt8 {
        guard !sees("{") else { throw GiveUp() }
        var value: UInt8 = 0
        var digits = 0
        while digits < 2, let byte = next, let digit = hexValue(byte) {
            value = value << 4 | digit
            position += 1
            digits += 1
        }
        return value
    }

    private mutating func octal() -> UInt8 {
        var value = 0
        var digits = 0
        while digits < 2, let byte = next, isOctal(byte) {
            value = value << 3 | Int(byte & 7)
            position += 1
            digits += 1
        }
        return UInt8(truncatingIfNeeded: value)
    }

    private mutating func characterClass() throws -> ByteSet {
        let negated = take("^")
        var set = ByteSet()
        var isFirst = true
        while let byte = next, isFirst || byte != UInt8(ascii: "]") {
            isFirst = false
            if sees("[:") {
                set.formUnion(try posixClass())
                continue
            }
            if sees("[.") || sees("[=") { throw GiveUp() }
            let low = try classMember(byte)
            if next == UInt8(ascii: "-"), position + 1 < pattern.count, pattern[position + 1] != UInt8(ascii: "]"), low.count == 1 {
                position += 1
                guard let top = next else { throw GiveUp() }
                let high = try classMember(top)
                guard high.count == 1, low.members[0] <= high.members[0] else { throw GiveUp() }
                set.formUnion(ByteSet(low.members[0]...high.members[0]))
            } else {
                set.formUnion(low)
            }
        }
        guard take("]") else { throw GiveUp() }
        return negated ? set.inverted : set
    }

    private mutating func classMember(_ byte: UInt8) throws -> ByteSet {
        position += 1
        guard byte == UInt8(ascii: "\\") else { return ByteSet([byte]) }
        guard let letter = next else { throw GiveUp() }
        if letter == UInt8(ascii: "b") {
            position += 1
            return ByteSet([8])
        }
        if isDigit(letter) {
            let value = try classOctal()
            return ByteSet([value])
        }
        return try escapedSet()
    }

    private mutating func classOctal() throws -> UInt8 {
        var value = 0
        var digits = 0
        while digits < 3, let byte = next, isOctal(byte) {
            value = value << 3 | Int(byte & 7)
            position += 1
            digits += 1
        }
        guard digits > 0, value < 256 else { throw GiveUp() }
        return UInt8(value)
    }

    private mutating func posixClass() throws -> ByteSet {
        let names: [(String, ByteSet)] = [
            ("alnum", ByteSet(48...57).union(.letters)), ("alpha", .letters), ("ascii", ByteSet(0...127)), ("blank", ByteSet([9, 32])),
            ("cntrl", ByteSet(0...31).union(ByteSet([127]))), ("digit", ByteSet(48...57)), ("graph", ByteSet(33...126)),
            ("lower", .letters),
            ("print", ByteSet(32...126)), ("punct", ByteSet(33...126)), ("space", .space), ("upper", .letters), ("word", .word),
            ("xdigit", ByteSet("0123456789abcdefABCDEF")),
        ]
        for (name, set) in names where sees("[:\(name):]") {
            position += name.utf8.count + 4
            return set
        }
        throw GiveUp()
    }
}

extension ByteSet {
    static let letters = ByteSet(65...90).union(ByteSet(97...122))
    static let word = ByteSet.letters.union(ByteSet(48...57)).union(ByteSet("_"))

    /// The set with every upper-case letter replaced by its lower-case one.
    var folded: ByteSet { ByteSet(members.map(asciiLower)) }

    /// The set with the other case of every letter added.
    var withBothCases: ByteSet {
        ByteSet(members + members.filter(isLetter).map { $0 ^ 0x20 })
    }
}
