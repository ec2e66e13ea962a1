internal import CClock

/// The two times that the house knows; passed in wherever time matters.
public protocol HouseClock: Sendable {
    /// Nanoseconds that never go back, from an arbitrary start.
    var monotonic: Int64 { get }
    /// Nanoseconds since 1970, as the system's clock has them.
    var wall: Int64 { get }
}

/// The clocks of the system.
public struct SystemClock: HouseClock {
    /// The clocks of the system.
    public init() {}

    /// `CLOCK_MONOTONIC` in nanoseconds.
    public var monotonic: Int64 { gatehouse_monotonic_nanoseconds() }

    /// `CLOCK_REALTIME` in nanoseconds.
    public var wall: Int64 { gatehouse_wall_nanoseconds() }
}
