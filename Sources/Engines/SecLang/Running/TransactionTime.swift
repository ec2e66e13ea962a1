extension Transaction {
    /// The TIME variables, in UTC.
    func time(_ variable: Variable) -> Slice? {
        let clock = CalendarTime(secondsSince1970: now)
        switch variable {
        case .timeEpoch: return arena.decimal(now)
        case .timeYear: return arena.decimal(clock.year)
        case .timeMon: return arena.decimal(clock.month - 1)
        case .timeDay: return arena.decimal(clock.day)
        case .timeWday: return arena.decimal(clock.weekday)
        case .timeHour: return arena.copy(CalendarTime.two(clock.hour))
        case .timeMin: return arena.copy(CalendarTime.two(clock.minute))
        case .timeSec: return arena.copy(CalendarTime.two(clock.second))
        case .time: return arena.copy([clock.hour, clock.minute, clock.second].map(CalendarTime.two).joined(separator: ":"))
        default: return nil
        }
    }
}

/// A moment in the Gregorian calendar, UTC.
struct CalendarTime {
    let year, month, day, weekday, hour, minute, second: Int

    init(secondsSince1970 seconds: Int) {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - days * 86_400
        (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60)
        weekday = ((days + 4) % 7 + 7) % 7
        // Days are counted from 1 March of year 0, in cycles of 400 years.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
