public import GatehouseCore
internal import Synchronization

/// A clock that stands still until a test moves it.
public final class FakeClock: HouseClock {
    private let time: Mutex<Int64>
    private let epoch: Int64

    /// A clock.
    ///
    /// - Parameters:
    ///   - monotonic: nanoseconds that the monotonic time starts at.
    ///   - wall: nanoseconds since 1970 at that moment; default the first second of 2026.
    public init(monotonic: Int64 = 1_000_000_000_000, wall: Int64 = 1_767_225_600_000_000_000) {
        time = Mutex(monotonic)
        epoch = wall - monotonic
    }

    /// The monotonic time in nanoseconds.
    public var monotonic: Int64 { time.withLock { $0 } }

    /// Nanoseconds since 1970.
    public var wall: Int64 { monotonic + epoch }

    /// Moves both times on.
    public func advance(by duration: Duration) { time.withLock { $0 += duration.nanoseconds } }
}
