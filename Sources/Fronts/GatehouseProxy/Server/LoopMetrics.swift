internal import GatehouseGuards

/// Counts of one event loop; read together by the admin listener.
final class LoopMetrics {
    /// Upper bounds of the latency histogram's buckets, seconds.
    static let bounds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    private static let nanoBounds = bounds.map { Int64($0 * 1_000_000_000) }

    /// The counts of one route.
    struct Counts: Sendable {
        var byClass = [Int](repeating: 0, count: 6)
        var buckets = [Int](repeating: 0, count: LoopMetrics.bounds.count + 1)
        var nanoseconds: Int64 = 0
    }

    /// Counts by service and route.
    private(set) var routes: [ObjectIdentifier: (route: Route, counts: Counts)] = [:]

    /// Counts a request at its end.
    func count(_ route: Route, status: Int, duration: Int64) {
        let bucket = Self.nanoBounds.firstIndex { duration <= $0 } ?? Self.bounds.count
        let id = ObjectIdentifier(route)
        routes[id, default: (route, Counts())].counts.byClass[min(status / 100, 5)] += 1
        routes[id]?.counts.buckets[bucket] += 1
        routes[id]?.counts.nanoseconds += duration
    }
}
