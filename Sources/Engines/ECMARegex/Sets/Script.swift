/// Scripts by name (Unicode Standard Annex 24).
enum Script {
    /// The code points of a script; with extensions, also those that several scripts share.
    static func set(named name: String, withExtensions: Bool) -> CodePointSet? {
        guard let number = numbers[name] else { return nil }
        let row = ScriptTable.rows[number]
        let extended = row.extended.description
        return decode(withExtensions && !extended.isEmpty ? extended : row.ranges.description)
    }

    static func exists(_ name: String) -> Bool { numbers[name] != nil }

    /// Row of each name and alias.
    private static let numbers: [String: Int] = {
        var numbers: [String: Int] = [:]
        for (number, row) in ScriptTable.rows.enumerated() {
            numbers[row.name.description] = number
            for alias in row.aliases.description.split(separator: " ") { numbers[String(alias)] = number }
        }
        return numbers
    }()

    private static func decode(_ text: String) -> CodePointSet {
        var ranges: [ClosedRange<UInt32>] = []
        var last: UInt32 = 0
        for part in text.split(separator: " ") {
            let numbers = part.split(separator: "+").map { UInt32($0, radix: 36) ?? 0 }
            let start = last + numbers[0]
            last = start + (numbers.count > 1 ? numbers[1] : 0)
            ranges.append(start...last)
        }
        return CodePointSet(ranges)
    }
}
