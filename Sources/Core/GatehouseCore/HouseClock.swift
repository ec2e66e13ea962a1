#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

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
    public var monotonic: Int64 { read(CLOCK_MONOTONIC) }

    /// `CLOCK_REALTIME` in nanoseconds.
    public var wall: Int64 { read(CLOCK_REALTIME) }

    private func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
