internal import Synchronization

/// The counters of all limits whose keys fall here.
final class CounterShard: Sendable {
    private struct State: ~Copyable {
        /// Fixed room per limit, by the limit's number; `nil` for limits that are gone.
        var tables: [Table?] = []
        /// Requests under way, of keys that have any: as many entries as there are such requests at most.
        var underWay: [CounterKey: Int] = [:]
    }

    private let state = Mutex(State())

    func add(_ limit: Int, capacity: Int) {
        state.withLock { state in
            while state.tables.count <= limit { state.tables.append(nil) }
            state.tables[limit] = Table(capacity: capacity)
        }
    }

    func remove(_ limit: Int) { state.withLock { $0.tables[limit] = nil } }

    var byteCount: Int { state.withLock { $0.tables.reduce(0) { $0 + ($1?.counters.byteCount ?? 0) } } }

    func take(_ demand: CounterDemand, now: Int64) -> CounterState {
        state.withLock { state in
            guard let table = state.tables[demand.key.limit] else {
                return CounterState(tat: now, demand: demand, now: now, refused: false)
            }
            return table.counters.take(demand, now: now)
        }
    }

    func giveBack(_ demand: CounterDemand) {
        state.withLock { $0.tables[demand.key.limit]?.counters.giveBack(demand) }
    }

    func enter(_ key: CounterKey, bound: Int) -> Bool {
        state.withLock { state in
            let count = state.underWay[key] ?? 0
            guard count < bound else { return false }
            state.underWay[key] = count + 1
            return true
        }
    }

    func leave(_ key: CounterKey) {
        state.withLock { state in
            guard let count = state.underWay[key] else { return }
            state.underWay[key] = count > 1 ? count - 1 : nil
        }
    }

    func underWay(_ key: CounterKey) -> Int { state.withLock { $0.underWay[key] ?? 0 } }
}

/// Holds a table in an array; only touched under its shard's lock.
private final class Table {
    var counters: CounterTable

    init(capacity: Int) { counters = CounterTable(capacity: capacity) }
}
