/// So many events in a length of time, written `100/1m`, `10/s`, `5000/1h`.
public struct Rate: Sendable, Hashable, CustomStringConvertible {
    /// How many events; at least 1.
    public let count: Int
    /// In what time; at least a millisecond.
    public let period: Duration

    /// A rate; nil where the count or the period is not positive.
    public init?(count: Int, period: Duration) {
        guard count > 0, period >= .milliseconds(1) else { return nil }
        self.count = count
        self.period = period
    }

    /// Reads `COUNT/DURATION`; the number one may be left out of the duration (`10/s`).
    public init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let (count, digits) = leadingNumber(of: parts[0].utf8), digits == parts[0].utf8.count else { return nil }
        let period = parts[1].first?.isNumber == true ? String(parts[1]) : "1" + parts[1]
        guard let period = Duration(text: period) else { return nil }
        self.init(count: Int(count), period: period)
    }

    /// Nanoseconds between two events at this rate, the emission interval of GCRA; at least 1.
    public var interval: Int64 { max(1, period.nanoseconds / Int64(count)) }

    /// The text that `init(text:)` reads back.
    public var description: String { "\(count)/\(period.text)" }
}
