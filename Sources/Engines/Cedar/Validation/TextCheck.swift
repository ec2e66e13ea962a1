/// Finds text that does not look like what it is: invisible direction marks and scripts mixed in one word.
enum TextCheck {
    /// Warnings for the strings and names of a policy.
    static func warnings(of policy: Policy) -> [(ValidationResult.Issue.Code, String)] {
        var result: [(ValidationResult.Issue.Code, String)] = []
        for condition in policy.conditions {
            condition.body.forEach { expression in
                switch expression.kind {
                case .string(let text): result += check(text.string, isIdentifier: false)
                case .entity(let uid):
                    result += check(uid.type.string, isIdentifier: true) + check(uid.id.string, isIdentifier: true)
                case .attribute(_, let name): result += check(name.string, isIdentifier: true)
                case .hasAttribute(_, let path): for name in path { result += check(name.string, isIdentifier: true) }
                case .record(let pairs): for (name, _) in pairs { result += check(name.string, isIdentifier: true) }
                case .like(_, let pattern): result += check(pattern.quoted, isIdentifier: false)
                default: break
                }
            }
        }
        return result
    }

    private static func check(_ text: String, isIdentifier: Bool) -> [(ValidationResult.Issue.Code, String)] {
        let what = isIdentifier ? "identifier" : "string"
        if text.unicodeScalars.contains(where: isDirectionMark) {
            return [(.bidirectionalCharacters, "\(what) `\(Escaping.escape(text))` contains direction marks")]
        }
        if isIdentifier, let odd = text.unicodeScalars.first(where: isInvisible) {
            return [(.confusableIdentifier, "identifier contains the character `\(Escaping.escaped(odd, graphemeExtends: true))`")]
        }
        if Set(text.unicodeScalars.compactMap(Script.init)).count > 1 {
            return [(.mixedScripts, "\(what) `\(text)` mixes scripts")]
        }
        return []
    }

    private static func isDirectionMark(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII && (scalar.properties.isDefaultIgnorableCodePoint || !scalar.properties.isXIDContinue)
    }
}

/// Scripts whose letters are easily taken for each other's; letters of others and signs have none.
private enum Script: Hashable {
    case latin, greek, cyrillic, armenian, hebrew, arabic, devanagari, thai, georgian, cherokee, eastAsian

    init?(_ scalar: Unicode.Scalar) {
        guard scalar.properties.isAlphabetic else { return nil }
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF, 0xFF21...0xFF5A: self = .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
        case 0x400...0x52F, 0x1C80...0x1C8F, 0x2DE0...0x2DFF, 0xA640...0xA69F: self = .cyrillic
        case 0x531...0x58F: self = .armenian
        case 0x590...0x5FF: self = .hebrew
        case 0x600...0x6FF, 0x750...0x77F, 0x8A0...0x8FF: self = .arabic
        case 0x900...0x97F: self = .devanagari
        case 0xE00...0xE7F: self = .thai
        case 0x10A0...0x10FF, 0x1C90...0x1CBF, 0x2D00...0x2D2F: self = .georgian
        case 0x13A0...0x13FF, 0xAB70...0xABBF: self = .cherokee
        case 0x1100...0x11FF, 0x3040...0x30FF, 0x3105...0x318F, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0x20000...0x323AF:
            self = .eastAsian
        default: return nil
        }
    }
}
