internal import Atomics
internal import GatehouseGuards

/// What the data plane has counted, and the state of its backends, at one moment.
public struct ProxySnapshot: Sendable {
    /// Upper bounds of the latency histogram's buckets, seconds; one more bucket has no bound.
    public static let bounds = LoopMetrics.bounds

    /// The counts of one route.
    public struct RouteCounts: Sendable {
        /// The service; empty for requests that matched none.
        public var service: String
        /// The route; empty for the service's own.
        public var route: String
        /// Requests by first digit of the status, index 1 to 5; 0 for broken ones.
        public var byClass: [Int]
        /// Requests by latency, one per bound and one more; not cumulative.
        public var buckets: [Int]
        /// Sum of the durations, seconds.
        public var seconds: Double
    }

    /// The state of one backend.
    public struct Backend: Sendable {
        /// The service.
        public var service: String
        /// The backend's address.
        public var name: String
        /// False when active checks say that it is down.
        public var isHealthy: Bool
        /// Requests under way.
        public var activeRequests: Int
        /// Connections open.
        public var connections: Int
    }

    /// Clients' connections open now.
    public let connections: Int
    /// Counts by route.
    public private(set) var routes: [RouteCounts] = []
    var house: House?

    init(connections: Int) { self.connections = connections }

    /// The backends of the configuration in force.
    public var backends: [Backend] {
        (house?.clusters ?? []).flatMap { cluster in
            cluster.members.map { member in
                Backend(
                    service: cluster.name, name: member.name, isHealthy: member.isHealthy.load(ordering: .relaxed),
                    activeRequests: member.activeRequests.load(ordering: .relaxed),
                    connections: member.connections.load(ordering: .relaxed))
            }
        }
    }

    mutating func add(_ rows: [RouteCounts]) {
        for row in rows {
            guard let index = routes.firstIndex(where: { $0.service == row.service && $0.route == row.route }) else {
                routes.append(row)
                continue
            }
            for item in row.byClass.indices { routes[index].byClass[item] += row.byClass[item] }
            for item in row.buckets.indices { routes[index].buckets[item] += row.buckets[item] }
            routes[index].seconds += row.seconds
        }
    }
}

extension LoopMetrics {
    /// The counts as values that can leave the loop.
    var rows: [ProxySnapshot.RouteCounts] {
        counts.map { name, counts in
            ProxySnapshot.RouteCounts(
                service: name.service, route: name.route, byClass: counts.byClass, buckets: counts.buckets,
                seconds: Double(counts.nanoseconds) / 1e9)
        }
    }
}
