internal import GatehouseConfiguration
internal import GatehouseCore

/// The time limits of a route in nanoseconds, worked out once.
struct RouteWaits: Sendable {
    let requestBodyIdle: Int64
    let responseHead: Int64
    let responseBodyIdle: Int64
    let writeIdle: Int64
    let upgradeIdle: Int64

    init(_ timeouts: RouteTimeouts) {
        requestBodyIdle = timeouts.requestBodyIdle.nanoseconds
        responseHead = timeouts.responseHead.nanoseconds
        responseBodyIdle = timeouts.responseBodyIdle.nanoseconds
        writeIdle = timeouts.writeIdle.nanoseconds
        upgradeIdle = timeouts.upgradeIdle.nanoseconds
    }
}

/// The time limits of clients' connections in nanoseconds, worked out once.
struct HouseWaits: Sendable {
    let requestHead: Int64
    let idleKeepAlive: Int64

    init(_ timeouts: Timeouts) {
        requestHead = timeouts.requestHead.nanoseconds
        idleKeepAlive = timeouts.idleKeepAlive.nanoseconds
    }
}
