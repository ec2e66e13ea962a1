/// How often someone may guess: a bucket that fills by itself. Pure, on times in seconds.
public struct GuessBudget: Sendable, Hashable {
    /// Guesses that a full bucket holds.
    public let capacity: Int64
    /// Seconds in which one guess comes back.
    public let refill: Int64

    /// A budget.
    public init(capacity: Int64, refill: Int64) {
        self.capacity = max(1, capacity)
        self.refill = max(1, refill)
    }

    /// What is left of a budget: guesses taken, as the moment at which the bucket will be full again.
    public struct Balance: Sendable, Hashable {
        var fullAt: Int64

        /// An untouched bucket.
        public init() { fullAt = 0 }
    }

    /// Whether a guess is left.
    public func allows(_ balance: Balance, at now: Int64) -> Bool { balance.fullAt - now <= (capacity - 1) * refill }

    /// The balance after a guess.
    public func taking(_ balance: Balance, at now: Int64) -> Balance {
        var next = balance
        next.fullAt = max(balance.fullAt, now) + refill
        return next
    }
}
