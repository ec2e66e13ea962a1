/// Unicode properties that ECMA-262 §22.2.1 knows in `\p{…}`.
enum UnicodeProperty {
    /// The code points a property name or `name=value` stands for; nil for what does not exist. Names are case-sensitive.
    static func set(named text: String) -> CodePointSet? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return lone(text) }
        switch parts[0] {
        case "General_Category", "gc": return generalCategory(parts[1])
        case "Script", "sc": return Script.set(named: parts[1], withExtensions: false)
        case "Script_Extensions", "scx": return Script.set(named: parts[1], withExtensions: true)
        default: return nil
        }
    }

    /// Whether there is such a property; cheaper than working it out.
    static func exists(_ text: String) -> Bool {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            return ["Any", "ASCII", "Assigned"].contains(text) || GeneralCategory.codes(named: text) != nil || BinaryProperty.exists(text)
        }
        switch parts[0] {
        case "General_Category", "gc": return GeneralCategory.codes(named: parts[1]) != nil
        case "Script", "sc", "Script_Extensions", "scx": return Script.exists(parts[1])
        default: return false
        }
    }

    private static func lone(_ name: String) -> CodePointSet? {
        switch name {
        case "Any": return .all
        case "ASCII": return CodePointSet([0...0x7F])
        case "Assigned": return generalCategory("Cn")?.inverted
        default: return generalCategory(name) ?? BinaryProperty.set(named: name)
        }
    }

    private static func generalCategory(_ name: String) -> CodePointSet? {
        guard let categories = GeneralCategory.codes(named: name) else { return nil }
        return CodePointSet(GeneralCategory.runs.filter { categories.contains($0.code) }.map(\.range))
    }

    /// Calls `body` for each scalar that can have a property: all but the empty planes.
    static func forEachScalar(_ body: (Unicode.Scalar) -> Void) {
        for code in [UInt32(0)...0x3FFFF, 0xE0000...0xE0FFF].joined() {
            if let scalar = Unicode.Scalar(code) { body(scalar) }
        }
    }
}

/// General categories by their short and long names.
enum GeneralCategory {
    /// Maximal ranges of one category. Worked out once, from the Unicode tables of the standard library.
    static let runs: [(range: ClosedRange<UInt32>, code: String)] = {
        var runs: [(range: ClosedRange<UInt32>, code: String)] = []
        func add(_ range: ClosedRange<UInt32>, _ code: String) {
            if let last = runs.last, last.code == code, last.range.upperBound + 1 == range.lowerBound {
                runs[runs.count - 1].range = last.range.lowerBound...range.upperBound
            } else {
                runs.append((range, code))
            }
        }
        var next: UInt32 = 0
        func fill(upTo code: UInt32) {
            while next < code {
                let isSurrogate = next == 0xD800
                let end = isSurrogate ? 0xDFFF : code - 1
                add(next...end, isSurrogate ? "Cs" : "Cn")
                next = end + 1
            }
        }
        UnicodeProperty.forEachScalar { scalar in
            fill(upTo: scalar.value)
            add(scalar.value...scalar.value, shortNames[scalar.properties.generalCategory] ?? "Cn")
            next = scalar.value + 1
        }
        // Planes 15 and 16 are for private use, but for the last two code points of each.
        fill(upTo: 0xF0000)
        add(0xF0000...0xFFFFD, "Co")
        add(0xFFFFE...0xFFFFF, "Cn")
        add(0x100000...0x10FFFD, "Co")
        add(0x10FFFE...0x10FFFF, "Cn")
        return runs
    }()

    /// The two-letter codes a name stands for.
    static func codes(named name: String) -> Set<String>? {
        if let code = codesByName[name] { return [code] }
        if codesByName.values.contains(name) { return [name] }
        guard let group = groups[name] else { return nil }
        if group == "LC" { return ["Lu", "Ll", "Lt"] }
        return Set(codesByName.values.filter { $0.hasPrefix(group) })
    }

    private static let groups: [String: String] = [
        "L": "L", "Letter": "L", "LC": "LC", "Cased_Letter": "LC", "M": "M", "Mark": "M", "Combining_Mark": "M", "N": "N", "Number": "N",
        "P": "P", "Punctuation": "P", "punct": "P", "S": "S", "Symbol": "S", "Z": "Z", "Separator": "Z", "C": "C", "Other": "C",
    ]

    private static let codesByName: [String: String] = [
        "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm", "Other_Letter": "Lo",
        "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Decimal_Number": "Nd", "digit": "Nd", "Letter_Number": "Nl",
        "Other_Number": "No", "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps", "Close_Punctuation": "Pe",
        "Initial_Punctuation": "Pi", "Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Math_Symbol": "Sm", "Currency_Symbol": "Sc",
        "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Space_Separator": "Zs", "Line_Separator": "Zl", "Paragraph_Separator": "Zp",
        "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs", "Private_Use": "Co", "Unassigned": "Cn",
    ]

    private static let shortNames: [Unicode.GeneralCategory: String] = [
        .uppercaseLetter: "Lu", .lowercaseLetter: "Ll", .titlecaseLetter: "Lt", .modifierLetter: "Lm", .otherLetter: "Lo",
        .nonspacingMark: "Mn", .spacingMark: "Mc", .enclosingMark: "Me", .decimalNumber: "Nd", .letterNumber: "Nl", .otherNumber: "No",
        .connectorPunctuation: "Pc", .dashPunctuation: "Pd", .openPunctuation: "Ps", .closePunctuation: "Pe", .initialPunctuation: "Pi",
        .finalPunctuation: "Pf", .otherPunctuation: "Po", .mathSymbol: "Sm", .currencySymbol: "Sc", .modifierSymbol: "Sk",
        .otherSymbol: "So", .spaceSeparator: "Zs", .lineSeparator: "Zl", .paragraphSeparator: "Zp", .control: "Cc", .format: "Cf",
        .surrogate: "Cs", .privateUse: "Co", .unassigned: "Cn",
    ]
}
