internal import GatehouseGuards

/// Counts of one event loop; read together by the admin listener.
final class LoopMetrics {
    /// Upper bounds of the latency histogram's buckets, seconds.
    static let bounds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    private static let nanoBounds = bounds.map { Int64($0 * 1_000_000_000) }

    /// The name of a route, which outlasts reloads.
    struct Name: Hashable {
        var service: String
        var route: String
    }

    /// The counts of one route.
    final class Counts {
        fileprivate(set) var byClass = [Int](repeating: 0, count: 6)
        fileprivate(set) var buckets = [Int](repeating: 0, count: LoopMetrics.bounds.count + 1)
        fileprivate(set) var nanoseconds: Int64 = 0
    }

    /// Counts by service and route.
    private(set) var counts: [Name: Counts] = [:]
    private var byRoute: [ObjectIdentifier: (route: Route, counts: Counts)] = [:]
    /// Those of the last request, which are often those of the next one too.
    private var recent: (route: Route, counts: Counts)?

    /// Counts a request at its end.
    func count(_ route: Route, status: Int, duration: Int64) {
        let counts = counts(of: route)
        let bucket = Self.nanoBounds.firstIndex { duration <= $0 } ?? Self.bounds.count
        counts.byClass[min(status / 100, 5)] += 1
        counts.buckets[bucket] += 1
        counts.nanoseconds += duration
    }

    /// Lets go of the routes of a configuration that is not in force any more; their counts stay under their names.
    func forgetRoutes() {
        byRoute.removeAll()
        recent = nil
    }

    private func counts(of route: Route) -> Counts {
        if let recent, recent.route === route { return recent.counts }
        let found = byRoute[ObjectIdentifier(route)]?.counts ?? named(route)
        byRoute[ObjectIdentifier(route)] = (route, found)
        recent = (route, found)
        return found
    }

    private func named(_ route: Route) -> Counts {
        let name = Name(service: route.service, route: route.name)
        if let known = counts[name] { return known }
        let new = Counts()
        counts[name] = new
        return new
    }
}
