/// Dates and times of RFC 3339.

/// `full-date "T" full-time` (§5.6); T and Z in either case.
func isDateTime(_ text: ByteText) -> Bool {
    text.count > 11 && text[10] | 0x20 == UInt8(ascii: "t") && isDate(text.part(0, 10)) && isTime(text.part(11, text.count))
}

/// `full-date`: a day of the Gregorian calendar.
func isDate(_ text: ByteText) -> Bool {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), let century = twoDigits(text, 0),
        let rest = twoDigits(text, 2), let month = twoDigits(text, 5), let day = twoDigits(text, 8)
    else { return false }
    let year = 100 * century + rest
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    switch month {
    case 2: return (1...(isLeap ? 29 : 28)).contains(day)
    case 4, 6, 9, 11: return (1...30).contains(day)
    case 1...12: return (1...31).contains(day)
    default: return false
    }
}

/// `full-time`; second 60 only at the end of a day in UTC (§5.7).
func isTime(_ text: ByteText) -> Bool {
    guard text.count >= 9, let hour = twoDigits(text, 0), hour < 24, text[2] == UInt8(ascii: ":"), let minute = twoDigits(text, 3),
        minute < 60,
        text[5] == UInt8(ascii: ":"), let second = twoDigits(text, 6), second <= 60
    else { return false }
    var at = 8
    if text[at] == UInt8(ascii: ".") {
        at += 1
        guard isDigit(text[at]) else { return false }
        while isDigit(text[at]) { at += 1 }
    }
    guard let offset = timeOffset(text, at) else { return false }
    let utc = (60 * hour + minute - offset + 2880) % 1440
    return second < 60 || utc == 1439
}

/// Minutes east of UTC of the offset that fills the text from `start`.
private func timeOffset(_ text: ByteText, _ start: Int) -> Int? {
    if text[start] | 0x20 == UInt8(ascii: "z") { return text.count == start + 1 ? 0 : nil }
    guard text.count == start + 6, text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"),
        let hours = twoDigits(text, start + 1), hours < 24, text[start + 3] == UInt8(ascii: ":"), let minutes = twoDigits(text, start + 4),
        minutes < 60
    else { return nil }
    return (text[start] == UInt8(ascii: "-") ? -1 : 1) * (60 * hours + minutes)
}

private func twoDigits(_ text: ByteText, _ at: Int) -> Int? {
    guard isDigit(text[at]), isDigit(text[at + 1]) else { return nil }
    return 10 * Int(text[at] - UInt8(ascii: "0")) + Int(text[at + 1] - UInt8(ascii: "0"))
}

/// `duration` of Appendix A: units in order and without gaps, weeks alone, no fractions.
func isDuration(_ text: ByteText) -> Bool {
    guard text[0] == UInt8(ascii: "P") else { return false }
    let time = text.first(UInt8(ascii: "T"))
    let date = units(text.part(1, time ?? text.count))
    guard let date, date.isEmpty || isRun(date, in: "YMD") || date == Array("W".utf8) else { return false }
    guard let time else { return !date.isEmpty }
    guard date != Array("W".utf8), let clock = units(text.part(time + 1, text.count)) else { return false }
    return !clock.isEmpty && isRun(clock, in: "HMS")
}

/// The units of a row of numbers with units; nil for anything else.
private func units(_ text: ByteText) -> [UInt8]? {
    var units: [UInt8] = []
    var at = 0
    while at < text.count {
        let start = at
        while isDigit(text[at]) { at += 1 }
        guard at > start, at < text.count, units.count < 4 else { return nil }
        units.append(text[at])
        at += 1
    }
    return units
}

private func isRun(_ units: [UInt8], in order: String) -> Bool {
    let order = Array(order.utf8)
    guard let first = units.first, let start = order.firstIndex(of: first), start + units.count <= order.count else { return false }
    return units.elementsEqual(order[start..<(start + units.count)])
}
