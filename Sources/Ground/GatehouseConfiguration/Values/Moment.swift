/// A moment that a file names: a day, from its first second in UTC on, or a time of day in UTC.
public struct Moment: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Seconds since 1970.
    public let seconds: Int
    private let text: String

    /// Reads `2026-12-01` or `2026-12-01T08:30:00Z` (RFC 3339); nil for other words and for days that no calendar has.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 || bytes.count == 20, bytes[4] == 0x2D, bytes[7] == 0x2D,
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]), let day = Self.number(bytes[8..<10]),
            (1970...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
        else { return nil }
        var seconds = Self.daysSince1970(year, month, day) * 86_400
        if bytes.count == 20 {
            guard bytes[10] == 0x54, bytes[13] == 0x3A, bytes[16] == 0x3A, bytes[19] == 0x5A,
                let hour = Self.number(bytes[11..<13]), let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
                hour < 24, minute < 60, second < 60
            else { return nil }
            seconds += hour * 3600 + minute * 60 + second
        }
        self.seconds = seconds
        self.text = text
    }

    /// As it was written.
    public var description: String { text }

    /// Earlier moments are less.
    public static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy { (0x30...0x39).contains($0) } ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days of the Gregorian calendar, counted in years that begin in March, so that the leap day comes last.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let years = month > 2 ? year : year - 1
        let months = month > 2 ? month - 3 : month + 9
        return years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 1 - 719_468
    }
}

extension Moment: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("day", example: "2026-12-01", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$")
    }

    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> Moment? { Moment(text: text) }
}
