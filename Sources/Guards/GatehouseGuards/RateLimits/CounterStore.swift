public import NIOCore

/// Where the counters of rate and concurrency limits are kept: in this process, or in a store that a fleet shares.
///
/// Counting is GCRA: of a key only the theoretical arrival time (TAT) is kept, the moment at which it would be fresh again. It
/// moves on by `interval` with each request that is let through, and may be at most `interval` times `burst` ahead of now.
public protocol CounterStore: Sendable {
    /// The secret under which keys are hashed; equal on all nodes that share a store.
    var secret: SipKey { get }

    /// Room for the counters of a limit, for as long as the lease is held.
    ///
    /// - Parameters:
    ///   - identity: text that is equal for an equal limit, before and after a reload and on every node.
    ///   - capacity: most keys that are told apart.
    func lease(_ identity: String, capacity: Int) -> CounterLease

    /// Counts a request against all of the counters, or against none when one of them is exhausted.
    ///
    /// - Parameters:
    ///   - demands: the counters, one a limit.
    ///   - now: monotonic nanoseconds; a shared store may use its own time.
    func take(_ demands: [CounterDemand], now: Int64) -> CounterAnswer

    /// Adds one to the number of requests under way of a key, unless it is at its bound.
    ///
    /// - Returns: false at the bound.
    func enter(_ key: CounterKey, bound: Int) -> Bool
    /// Takes one off again.
    func leave(_ key: CounterKey)
}

/// Holds the room for a limit's counters; it is given back when the last lease of the limit is gone.
public final class CounterLease: Sendable {
    /// The limit's number in its store.
    public let limit: Int
    private let release: @Sendable () -> Void

    /// A lease that calls `release` at its end.
    public init(limit: Int, release: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.release = release
    }

    deinit { release() }
}

/// The name of a counter: a keyed hash of a limit and of what a request is counted by.
public struct CounterKey: Sendable, Hashable {
    /// Which limit's table it is in; the same limit has the same number after a reload.
    public var limit: Int
    /// The hash, never zero.
    public var hash: UInt64

    /// A key.
    public init(limit: Int, hash: UInt64) {
        self.limit = limit
        self.hash = hash == 0 ? 1 : hash
    }
}

/// One counter that a request is to be counted against.
public struct CounterDemand: Sendable {
    /// The counter.
    public var key: CounterKey
    /// Nanoseconds between two requests of an even flow at the limit.
    public var interval: Int64
    /// How many may come at once; at least 1.
    public var burst: Int64

    /// A demand.
    public init(key: CounterKey, interval: Int64, burst: Int64) {
        self.key = key
        self.interval = interval
        self.burst = burst
    }
}

/// What a store says of one counter.
public struct CounterState: Sendable, Equatable {
    /// How many more requests would be let through now.
    public var remaining: Int64
    /// Nanoseconds until the counter is fresh.
    public var untilFresh: Int64
    /// Nanoseconds until the next request would be let through; 0 when this one was.
    public var wait: Int64

    /// A state.
    public init(remaining: Int64, untilFresh: Int64, wait: Int64) {
        self.remaining = remaining
        self.untilFresh = untilFresh
        self.wait = wait
    }

    /// The state of a counter whose TAT this is.
    ///
    /// - Parameter refused: true when the request was not counted.
    init(tat: Int64, demand: CounterDemand, now: Int64, refused: Bool) {
        let ahead = max(0, tat - now)
        let room = demand.interval * demand.burst - ahead
        remaining = refused ? 0 : max(0, room / demand.interval)
        untilFresh = ahead
        wait = refused ? max(1, demand.interval - room) : 0
    }
}

/// The answer of a store, at once or later.
public enum CounterAnswer {
    /// At once, one state a demand.
    case now([CounterState])
    /// Later, on the event loop that asked. A store that fails lets the request through or fails the future, as it is set up.
    case later(EventLoopFuture<[CounterState]>)
}
