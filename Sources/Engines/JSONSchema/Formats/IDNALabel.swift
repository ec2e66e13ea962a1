import StrictJSON

/// A label of a host name that passed the tests of IDNA2008 (RFC 5891 §4.2 and §5.4).
struct IDNALabel {
    /// The label as Unicode.
    let scalars: [Unicode.Scalar]
    /// Length of its form in ASCII.
    let asciiLength: Int

    /// A label of either form; nil where it is not valid.
    init?(_ scalars: [Unicode.Scalar]) {
        guard !scalars.isEmpty else { return nil }
        guard scalars.allSatisfy(\.isASCII) else {
            self.init(uLabel: scalars)
            return
        }
        let bytes = scalars.map { UInt8(truncatingIfNeeded: $0.value) }
        guard Self.isLDH(bytes) else { return nil }
        if bytes.count > 3 && bytes[2] == UInt8(ascii: "-") && bytes[3] == UInt8(ascii: "-") {
            self.init(aLabel: bytes)
            return
        }
        self.init(scalars, asciiLength: bytes.count)
    }

    private init(_ scalars: [Unicode.Scalar], asciiLength: Int) {
        self.scalars = scalars
        self.asciiLength = asciiLength
    }

    /// An A-label: `xn--` and Punycode that decodes to a valid label and encodes back to the same.
    init?(aLabel bytes: [UInt8]) {
        guard bytes.count <= 63, bytes.prefix(4).map({ $0 | 0x20 }).elementsEqual([0x78, 0x6E, 0x2D | 0x20, 0x2D | 0x20]) else {
            return nil
        }
        let code = Array(bytes.dropFirst(4))
        guard let scalars = Punycode.decode(code), !scalars.allSatisfy(\.isASCII), let again = Punycode.encode(scalars),
            again.map(Self.lowercased) == code.map(Self.lowercased)
        else { return nil }
        guard Self.isValid(scalars) else { return nil }
        self.scalars = scalars
        asciiLength = bytes.count
    }

    private init?(uLabel scalars: [Unicode.Scalar]) {
        guard scalars.count <= 63, Self.isValid(scalars), let code = Punycode.encode(scalars), code.count + 4 <= 63 else { return nil }
        self.scalars = scalars
        asciiLength = code.count + 4
    }

    /// The tests of RFC 5891 §4.2.3 and §4.2.1 on a label with characters beyond ASCII.
    private static func isValid(_ scalars: [Unicode.Scalar]) -> Bool {
        guard let first = scalars.first, let last = scalars.last, first != "-", last != "-", !isMark(first) else { return false }
        if scalars.count > 3 && scalars[2] == "-" && scalars[3] == "-" { return false }
        guard Normalization.isNFC(scalars) else { return false }
        return scalars.indices.allSatisfy { index in
            switch IDNAProperty(scalars[index]) {
            case .valid: true
            case .contextual: IDNAContext.allows(scalars, index)
            case .disallowed: false
            }
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
    }

    private static func isLDH(_ bytes: [UInt8]) -> Bool {
        (1...63).contains(bytes.count) && bytes.first != UInt8(ascii: "-") && bytes.last != UInt8(ascii: "-")
            && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { isLetter(byte) ? byte | 0x20 : byte }
}

/// What IDNA2008 makes of a code point (RFC 5892 §3).
enum IDNAProperty {
    case valid, contextual, disallowed

    /// Derives the property from Unicode's own properties, by the order of rules in RFC 5892 §3.
    init(_ scalar: Unicode.Scalar) {
        let properties = scalar.properties
        if let exception = Self.exceptions[scalar.value] {
            self = exception
        } else if properties.generalCategory == .unassigned {
            self = .disallowed
        } else if scalar == "-" || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar) {
            self = .valid
        } else if properties.isJoinControl {
            self = .contextual
        } else if properties.changesWhenNFKCCaseFolded || Self.isIgnorable(scalar) || Self.isOldHangul(scalar.value) {
            self = .disallowed
        } else {
            self = Self.letterDigits.contains(properties.generalCategory) ? .valid : .disallowed
        }
    }

    private static let letterDigits: Set<Unicode.GeneralCategory> = [
        .lowercaseLetter, .uppercaseLetter, .otherLetter, .decimalNumber, .modifierLetter, .nonspacingMark, .spacingMark,
    ]

    private static func isIgnorable(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isDefaultIgnorableCodePoint || properties.isWhitespace || properties.isNoncharacterCodePoint { return true }
        // Combining marks for symbols, musical and ancient Greek musical symbols.
        return (0x20D0...0x20FF).contains(scalar.value) || (0x1D100...0x1D24F).contains(scalar.value)
    }

    /// Conjoining jamo, of which syllables are built no more.
    private static func isOldHangul(_ code: UInt32) -> Bool {
        (0x1100...0x11FF).contains(code) || (0xA960...0xA97F).contains(code) || (0xD7B0...0xD7FF).contains(code)
    }

    /// RFC 5892 §2.6.
    private static let exceptions: [UInt32: IDNAProperty] = {
        var table: [UInt32: IDNAProperty] = [:]
        for code: UInt32 in [0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007] { table[code] = .valid }
        for code in [0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB] + Array(UInt32(0x660)...0x669) + Array(UInt32(0x6F0)...0x6F9) {
            table[code] = .contextual
        }
        for code: UInt32 in [0x640, 0x7FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B] { table[code] = .disallowed }
        return table
    }()
}

/// The contextual rules of RFC 5892 Appendix A.
enum IDNAContext {
    static func allows(_ label: [Unicode.Scalar], _ index: Int) -> Bool {
        let before = index > 0 ? label[index - 1] : nil
        let after = index + 1 < label.count ? label[index + 1] : nil
        switch label[index].value {
        case 0x200C: return isVirama(before) || joins(label, index)
        case 0x200D: return isVirama(before)
        case 0xB7: return before == "l" && after == "l"
        case 0x375: return after.map { ScriptRanges.greek.contains($0.value) } ?? false
        case 0x5F3, 0x5F4: return before.map { ScriptRanges.hebrew.contains($0.value) } ?? false
        case 0x30FB: return label.contains { ScriptRanges.japanese.contains($0.value) }
        case 0x660...0x669: return !label.contains { (0x6F0...0x6F9).contains($0.value) }
        default: return !label.contains { (0x660...0x669).contains($0.value) }
        }
    }

    private static func isVirama(_ scalar: Unicode.Scalar?) -> Bool { scalar?.properties.canonicalCombiningClass == .virama }

    /// A.1: between letters that join across it.
    private static func joins(_ label: [Unicode.Scalar], _ index: Int) -> Bool {
        let before = label[..<index].last { JoiningType($0.value) != .transparent }
        let after = label[(index + 1)...].first { JoiningType($0.value) != .transparent }
        guard let before, let after else { return false }
        return [.left, .dual].contains(JoiningType(before.value)) && [.right, .dual].contains(JoiningType(after.value))
    }
}
