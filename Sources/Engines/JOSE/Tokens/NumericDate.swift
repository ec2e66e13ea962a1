/// Seconds since 1970-01-01T00:00:00Z without leap seconds, as claims carry them (RFC 7519 section 2); fractions are allowed.
public struct NumericDate: Sendable, Hashable, Comparable {
    /// The seconds; always finite.
    public let seconds: Double

    /// A moment. Not-a-number and infinities become 0.
    public init(seconds: Double) { self.seconds = seconds.isFinite ? seconds : 0 }

    /// Earlier ones are less.
    public static func < (left: NumericDate, right: NumericDate) -> Bool { left.seconds < right.seconds }

    /// The moment so much later.
    public static func + (date: NumericDate, duration: Duration) -> NumericDate {
        NumericDate(seconds: date.seconds + duration.inSeconds)
    }

    /// The moment so much earlier.
    public static func - (date: NumericDate, duration: Duration) -> NumericDate {
        NumericDate(seconds: date.seconds - duration.inSeconds)
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
