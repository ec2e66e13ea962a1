internal import GatehouseConfiguration
internal import GatehouseGuards

/// Where a matched request goes and under which limits; made once when a configuration is loaded.
final class Destination: Sendable {
    /// The service's and route's names and guards.
    let route: Route
    /// The backends; `nil` where the house answers itself or no service matches.
    let cluster: Cluster?
    /// The part of the house that answers in a backend's place.
    let builtin: (any BuiltinService)?
    /// Longest waits.
    let timeouts: RouteTimeouts
    /// Longest waits, in nanoseconds.
    let waits: RouteWaits
    /// Longest messages.
    let limits: RouteLimits
    /// Sends the client's Host on, or the upstream's own.
    let preservesHost: Bool
    /// Bytes that are cut off the front of the path.
    let strippedPrefix: [UInt8]

    init(
        route: Route, cluster: Cluster?, builtin: (any BuiltinService)? = nil, timeouts: RouteTimeouts, limits: RouteLimits,
        preservesHost: Bool = true, strippedPrefix: [UInt8] = []
    ) {
        self.route = route
        self.cluster = cluster
        self.builtin = builtin
        self.timeouts = timeouts
        waits = RouteWaits(timeouts)
        self.limits = limits
        self.preservesHost = preservesHost
        self.strippedPrefix = strippedPrefix
    }
}
