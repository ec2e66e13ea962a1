/// Durations as people write them: `10s`, `5m`, `1h30m`, `250ms`, `90d`.
extension Duration {
    /// Reads numbers followed by units (`ms`, `s`, `m`, `h`, `d`, `w`), largest first, such as `1h30m`; `0` needs no unit.
    ///
    /// Refuses: an empty text, signs, fractions, unknown or repeated units, and more than 100 years.
    public init?(text: String) {
        if text == "0" {
            self = .zero
            return
        }
        var total: Int64 = 0
        var lastUnit = Int64.max
        var rest = Substring(text).utf8
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            guard let (number, digits) = leadingNumber(of: rest) else { return nil }
            let word = rest.dropFirst(digits).prefix { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let unit = Self.units.first(where: { $0.name.utf8.elementsEqual(word) })?.milliseconds, unit < lastUnit else {
                return nil
            }
            let (product, overflow) = number.multipliedReportingOverflow(by: unit)
            guard !overflow, product <= Self.longest - total else { return nil }
            total += product
            lastUnit = unit
            rest = rest.dropFirst(digits + word.count)
        }
        self = .milliseconds(total)
    }

    /// The shortest text that `init(text:)` reads back, to the millisecond, such as `1h30m`.
    public var text: String {
        var rest = milliseconds
        guard rest > 0 else { return "0s" }
        var result = ""
        for unit in Self.units where unit.name != "w" && rest >= unit.milliseconds {
            result += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return result
    }

    /// Whole milliseconds, rounded down.
    public var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }

    /// Whole nanoseconds, rounded down; at most 292 years fit.
    public var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
    private static let longest: Int64 = 100 * 366 * 86_400_000
}

/// The decimal number at the front and how many digits it has; nil where there is none or it does not fit.
func leadingNumber(of bytes: Substring.UTF8View) -> (number: Int64, digits: Int)? {
    let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    return (digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }, digits.count)
}
