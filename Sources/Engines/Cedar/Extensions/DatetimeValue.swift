/// `datetime`: milliseconds since 1970-01-01T00:00:00Z in 64 bits.
public struct DatetimeValue: Sendable, Hashable {
    /// Milliseconds since 1970.
    public let milliseconds: Int64
    private static let day: Int64 = 86_400_000

    /// The moment so many milliseconds after 1970.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads `YYYY-MM-DD`, or that with `THH:MM:SS`, an optional `.SSS`, and `Z` or `±hhmm`; nil for every other text
    /// and for dates that do not exist.
    public init?(_ text: String) {
        var reader = DateReader(bytes: Array(text.utf8)[...])
        guard let value = reader.read() else { return nil }
        milliseconds = value
    }

    /// The methods of datetime; nil where the second argument is of another type.
    ///
    /// - Throws: ``EvaluationError/overflow`` beyond 64 bits.
    func apply(_ function: ExtensionFunction, _ other: Value) throws(EvaluationError) -> Value? {
        switch (function, other) {
        case (.offset, .duration(let duration)):
            let (sum, overflow) = milliseconds.addingReportingOverflow(duration.milliseconds)
            guard !overflow else { throw .overflow("offset") }
            return .datetime(DatetimeValue(milliseconds: sum))
        case (.durationSince, .datetime(let earlier)):
            let (difference, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
            guard !overflow else { throw .overflow("durationSince") }
            return .duration(DurationValue(milliseconds: difference))
        case (.toDate, _):
            let (floor, overflow) = milliseconds.subtractingReportingOverflow(timeOfDay)
            guard !overflow else { throw .overflow("toDate") }
            return .datetime(DatetimeValue(milliseconds: floor))
        case (.toTime, _): return .duration(DurationValue(milliseconds: timeOfDay))
        default: return nil
        }
    }

    /// Milliseconds since midnight, also before 1970.
    private var timeOfDay: Int64 {
        let rest = milliseconds % Self.day
        return rest < 0 ? rest + Self.day : rest
    }

    /// The moment as the offset from 1970, which every datetime has.
    public var description: String { "\(milliseconds)ms" }
}

/// Reads the parts of a date.
private struct DateReader {
    var bytes: ArraySlice<UInt8>

    mutating func read() -> Int64? {
        guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
            let days = Self.days(year, month, day)
        else { return nil }
        let date = Int64(days) * 86_400_000
        if bytes.isEmpty { return date }
        guard take("T"), let hour = number(2), take(":"), let minute = number(2), take(":"), let second = number(2),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction = 0
        if take(".") {
            guard let milliseconds = number(3) else { return nil }
            fraction = milliseconds
        }
        guard let zone = zone(), bytes.isEmpty else { return nil }
        let seconds = hour * 3_600 + minute * 60 + second - zone * 60
        return date + Int64(seconds) * 1_000 + Int64(fraction)
    }

    /// Minutes east of UTC.
    private mutating func zone() -> Int? {
        if take("Z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let hours = number(2), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return (hours * 60 + minutes) * (isEast ? 1 : -1)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard bytes.first == UInt8(ascii: character) else { return false }
        bytes = bytes.dropFirst()
        return true
    }

    private mutating func number(_ digits: Int) -> Int? {
        let part = bytes.prefix(digits)
        guard part.count == digits, part.allSatisfy(Bytes.isDigit) else { return nil }
        bytes = bytes.dropFirst(digits)
        return part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Days since 1970-01-01 in the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
        let past = year - 1
        let leaps = year == 0 ? 0 : past / 4 - past / 100 + past / 400 + 1
        return year * 365 + leaps + lengths[..<(month - 1)].reduce(0, +) + day - 1 - 719_528
    }
}
