/// When the keys of an issuer are fetched: in the background, one fetch at a time, and never as often as strangers would like.
///
/// Pure: times are monotonic nanoseconds that are passed in.
struct KeySetSchedule: Sendable {
    /// Time between two fetches for a key that is not known.
    static let pause: Int64 = 30_000_000_000
    /// Time between two fetches while there has never been a set.
    static let firstPause: Int64 = 5_000_000_000
    /// Age at which a set is fetched anew.
    static let life: Int64 = 600_000_000_000

    private(set) var isFetching = false
    private var hasKeys = false
    private var lastBegin: Int64?
    private var lastSuccess: Int64 = 0

    /// What a token with a key that is not known meets.
    enum Answer: Equatable {
        /// A fetch begins now; wait for it.
        case fetch
        /// A fetch is going on; wait for it.
        case join
        /// There was a fetch just now: the key does not exist.
        case refuse
    }

    /// A key is missing.
    mutating func keyIsMissing(at now: Int64) -> Answer {
        if isFetching { return .join }
        guard isDue(after: hasKeys ? Self.pause : Self.firstPause, at: now) else { return .refuse }
        begin(at: now)
        return .fetch
    }

    /// Begins a fetch in the background if it is time.
    mutating func tick(at now: Int64) -> Bool {
        guard !isFetching else { return false }
        guard hasKeys else {
            guard isDue(after: Self.firstPause, at: now) else { return false }
            begin(at: now)
            return true
        }
        guard now - lastSuccess >= Self.life, isDue(after: Self.pause, at: now) else { return false }
        begin(at: now)
        return true
    }

    /// A fetch has ended; after a failed one the last set stays.
    mutating func ended(success: Bool, at now: Int64) {
        isFetching = false
        guard success else { return }
        hasKeys = true
        lastSuccess = now
    }

    private func isDue(after pause: Int64, at now: Int64) -> Bool { lastBegin.map { now - $0 >= pause } ?? true }

    private mutating func begin(at now: Int64) {
        isFetching = true
        lastBegin = now
    }
}
