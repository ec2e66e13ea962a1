internal import Atomics
internal import GatehouseConfiguration
internal import GatehouseCore

/// One backend of a cluster, with what all event loops know of it.
final class Member: Sendable {
    /// Unique in the program's life; pools are found by it.
    let id: Int
    /// Scheme, host and port.
    let url: UpstreamURL
    /// Its share of requests.
    let weight: Int
    /// The address as events and metrics name it.
    let name: String

    /// False when active checks say that it is down.
    let isHealthy = ManagedAtomic(true)
    /// Monotonic nanoseconds until which passive checks keep it out.
    let ejectedUntil = ManagedAtomic<Int64>(0)
    /// Requests under way.
    let activeRequests = ManagedAtomic(0)
    /// Connections open or opening.
    let connections = ManagedAtomic(0)
    private let failures = ManagedAtomic(0)
    private let windowStart = ManagedAtomic<Int64>(0)

    private static let ids = ManagedAtomic(0)

    init(_ upstream: Upstream) {
        id = Self.ids.loadThenWrappingIncrement(ordering: .relaxed)
        url = upstream.url
        weight = upstream.weight
        name = "\(upstream.url.scheme.rawValue)://\(upstream.url.endpoint)"
    }

    /// True when requests may be sent to it.
    func isAvailable(at now: Int64) -> Bool {
        isHealthy.load(ordering: .relaxed) && ejectedUntil.load(ordering: .relaxed) <= now
    }

    /// Counts a request that went well.
    func noteSuccess() { if failures.load(ordering: .relaxed) > 0 { failures.store(0, ordering: .relaxed) } }

    /// Counts a failed request.
    ///
    /// - Returns: true when the failure took it out.
    func noteFailure(at now: Int64, _ settings: PassiveHealth) -> Bool {
        let window = settings.window.nanoseconds
        if now - windowStart.load(ordering: .relaxed) > window {
            windowStart.store(now, ordering: .relaxed)
            failures.store(0, ordering: .relaxed)
        }
        let count = failures.wrappingIncrementThenLoad(ordering: .relaxed)
        guard settings.failures > 0, count >= settings.failures else { return false }
        failures.store(0, ordering: .relaxed)
        ejectedUntil.store(now + settings.ejection.nanoseconds, ordering: .relaxed)
        return true
    }
}
