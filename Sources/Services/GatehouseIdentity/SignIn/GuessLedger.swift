import Synchronization

/// Budgets of one node, bounded in number; the ones that are full again are forgotten first.
public final class GuessLedger: Sendable {
    private let balances = Mutex<[String: GuessBudget.Balance]>([:])
    private let limit: Int

    /// An empty ledger.
    public init(limit: Int = 200_000) { self.limit = limit }

    /// Takes a guess from each budget, or from none where one of them is empty.
    public func take(_ budgets: [(key: String, budget: GuessBudget)], at now: Int64) -> Bool {
        balances.withLock { balances in
            for (key, budget) in budgets where !budget.allows(balances[key] ?? .init(), at: now) { return false }
            for (key, budget) in budgets { balances[key] = budget.taking(balances[key] ?? .init(), at: now) }
            if balances.count > limit { Self.shrink(&balances, to: limit * 3 / 4, at: now) }
            return true
        }
    }

    /// Gives a guess back to each budget: it was none.
    public func giveBack(_ budgets: [(key: String, budget: GuessBudget)]) {
        balances.withLock { balances in
            for (key, budget) in budgets { balances[key]?.fullAt -= budget.refill }
        }
    }

    /// Fills a budget, after a success.
    public func fill(_ key: String) { balances.withLock { $0[key] = nil } }

    private static func shrink(_ balances: inout [String: GuessBudget.Balance], to count: Int, at now: Int64) {
        balances = balances.filter { $0.value.fullAt > now }
        guard balances.count > count else { return }
        let kept = balances.sorted { $0.value.fullAt > $1.value.fullAt }.prefix(count)
        balances = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
