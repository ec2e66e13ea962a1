/// Escapes and character classes.
extension Parser {
    /// An escape outside a class; the backslash is next.
    mutating func parseAtomEscape() throws(RegexError) -> Tree {
        let start = at
        at += 1
        guard let next = peek else { throw failure("the pattern ends after a `\\`", at: start) }
        if next == "k" {
            at += 1
            guard take("<") else { throw failure("`\\k` must be followed by a group's name in `<>`", at: start) }
            return .namedReference(try parseGroupName(), offset: start)
        }
        if ("1"..."9").contains(next), let number = parseNumber() { return reference(number, start) }
        if let set = try parseSetEscape() { return .set(set) }
        return .set(CodePointSet(try parseCharacterEscape(start)))
    }

    /// `\d`, `\p{…}` and their kind; the backslash has been taken.
    private mutating func parseSetEscape() throws(RegexError) -> CodePointSet? {
        let set: CodePointSet
        switch peek {
        case "d": set = .digits
        case "D": set = CodePointSet.digits.inverted
        case "s": set = .space
        case "S": set = CodePointSet.space.inverted
        case "w": set = .word
        case "W": set = CodePointSet.word.inverted
        case "p", "P": return try parsePropertyEscape()
        default: return nil
        }
        at += 1
        return set
    }

    private mutating func parsePropertyEscape() throws(RegexError) -> CodePointSet {
        let start = at - 1
        let negated = peek == "P"
        at += 1
        guard take("{"), let end = characters[at...].firstIndex(of: "}") else {
            throw failure("`\\p` must be followed by a property in `{}`", at: start)
        }
        let name = String(String.UnicodeScalarView(characters[at..<end]))
        at = end + 1
        guard let set = property(name) else {
            throw RegexError(code: .unknownProperty, reason: "there is no Unicode property `\(name)`", offset: start)
        }
        return negated ? set.inverted : set
    }

    private mutating func property(_ name: String) -> CodePointSet? {
        guard buildsSets else { return UnicodeProperty.exists(name) ? CodePointSet() : nil }
        if let known = properties[name] { return known }
        properties[name] = UnicodeProperty.set(named: name)
        return properties[name]
    }

    /// An escape for one character; the backslash has been taken.
    private mutating func parseCharacterEscape(_ start: Int) throws(RegexError) -> UInt32 {
        guard let next = peek else { throw failure("the pattern ends after a `\\`", at: start) }
        at += 1
        switch next {
        case "t": return 0x09
        case "n": return 0x0A
        case "v": return 0x0B
        case "f": return 0x0C
        case "r": return 0x0D
        case "0":
            if let digit = peek, ("0"..."9").contains(digit) { throw failure("`\\0` cannot be followed by a digit", at: start) }
            return 0
        case "c":
            guard let letter = peek, letter.isASCII, letter.properties.isAlphabetic else {
                throw failure("`\\c` must be followed by a letter", at: start)
            }
            at += 1
            return letter.value % 32
        case "x": return try parseHexadecimal(2, start)
        case "u": return try parseUnicodeEscape(start)
        default:
            if "^$\\.*+?()[]{}|/".unicodeScalars.contains(next) { return next.value }
            let isWord = next.isASCII && CodePointSet.word.contains(next.value)
            guard syntax == .lenient, !isWord || next == "_" else { throw failure("`\\\(next)` is not an escape", at: start) }
            return next.value
        }
    }

    private mutating func parseUnicodeEscape(_ start: Int) throws(RegexError) -> UInt32 {
        if take("{") {
            var code: UInt32?
            while let next = peek, let digit = Character(next).hexDigitValue {
                code = min((code ?? 0) << 4 | UInt32(digit), 0x110000)
                at += 1
            }
            guard let code, code <= 0x10FFFF, take("}") else { throw failure("`\\u{}` takes a code point in hexadecimal", at: start) }
            return code
        }
        let high = try parseHexadecimal(4, start)
        guard high & 0xFC00 == 0xD800 else { return high }
        let before = at
        if take("\\u"), let low = try? parseHexadecimal(4, start), low & 0xFC00 == 0xDC00 {
            return 0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF))
        }
        at = before
        return high
    }

    private mutating func parseHexadecimal(_ count: Int, _ start: Int) throws(RegexError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<count {
            guard let next = peek, next.isASCII, let digit = Character(next).hexDigitValue else {
                throw failure("the escape needs \(count) hexadecimal digits", at: start)
            }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }

    // MARK: Classes

    /// A class whose `[` has been taken.
    mutating func parseClass() throws(RegexError) -> CodePointSet {
        let start = at - 1
        let negated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while let next = peek, next != "]" {
            let first = try parseClassAtom()
            guard peek == "-", at + 1 < characters.count, characters[at + 1] != "]" else {
                ranges += first.ranges
                continue
            }
            let dash = at
            at += 1
            let second = try parseClassAtom()
            guard let low = first.single, let high = second.single else {
                guard syntax == .lenient else { throw failure("a range in a class runs between two characters", at: dash) }
                ranges += first.ranges + second.ranges + [0x2D...0x2D]
                continue
            }
            guard low <= high else { throw failure("a range in a class is out of order", at: dash) }
            ranges.append(low...high)
        }
        guard take("]") else { throw failure("a class is not closed", at: start) }
        let set = CodePointSet(ranges)
        return negated ? set.inverted : set
    }

    private mutating func parseClassAtom() throws(RegexError) -> CodePointSet {
        let start = at
        guard take("\\") else {
            guard let next = peek else { throw failure("a class is not closed") }
            at += 1
            return CodePointSet(next.value)
        }
        if take("b") { return CodePointSet(0x08) }
        if take("-") { return CodePointSet(0x2D) }
        if let set = try parseSetEscape() { return set }
        return CodePointSet(try parseCharacterEscape(start))
    }
}

extension CodePointSet {
    /// The only code point, where there is but one.
    fileprivate var single: UInt32? {
        ranges.count == 1 && ranges[0].lowerBound == ranges[0].upperBound ? ranges[0].lowerBound : nil
    }
}
