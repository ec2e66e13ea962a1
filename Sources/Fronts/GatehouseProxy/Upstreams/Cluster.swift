internal import Atomics
internal import GatehouseConfiguration
internal import GatehouseGuards

/// The backends of one service, and the rules by which they are used.
final class Cluster: Sendable {
    /// The service's name.
    let name: String
    /// The backends.
    let members: [Member]
    /// Chooses one of them.
    let balancer: Balancer
    /// The settings it was made from, for comparing at a reload.
    let settings: Service
    /// TLS towards the backends; `nil` where none speaks it.
    let tls: UpstreamTLSContext?
    /// Requests that wait for a connection.
    let pending = ManagedAtomic(0)
    /// Requests under way.
    let active = ManagedAtomic(0)
    /// Requests that may be repeated.
    let retryBudget: RetryBudget

    init(_ service: Service, tls: UpstreamTLSContext?) {
        name = service.name
        members = service.upstreams.map(Member.init)
        balancer = Balancer(members, service.balance)
        settings = service
        self.tls = tls
        retryBudget = RetryBudget(percent: service.retries.budget)
    }

    /// A backend for a request; `nil` when all are down.
    func pick(for exchange: Exchange, excluding tried: [Int], now: Int64) -> Member? {
        balancer.pick(for: exchange, excluding: tried, now: now)
    }

    /// Counts a failure of a member; a cluster of one never takes its only member out.
    ///
    /// - Returns: true when the failure took it out.
    func noteFailure(of member: Member, at now: Int64) -> Bool {
        members.count > 1 && member.noteFailure(at: now, settings.health.passive)
    }
}

/// Lets repeated requests be at most a share of all requests, so that retries never multiply an overload.
final class RetryBudget: Sendable {
    private let hundredths = ManagedAtomic(1000)
    private let percent: Int

    init(percent: Int) { self.percent = percent }

    /// Counts a first attempt.
    func deposit() {
        if hundredths.load(ordering: .relaxed) < 10_000 { hundredths.wrappingIncrement(by: percent, ordering: .relaxed) }
    }

    /// True when one more attempt is allowed, which is then counted.
    func withdraw() -> Bool {
        guard hundredths.load(ordering: .relaxed) >= 100 else { return false }
        hundredths.wrappingDecrement(by: 100, ordering: .relaxed)
        return true
    }
}
