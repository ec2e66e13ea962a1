internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// Everything that one event loop owns, so that requests need no lock.
///
/// Confined to its loop; handlers get it when their connection is made.
final class LoopContext {
    /// The loop.
    let loop: any EventLoop
    /// What all loops share.
    let shared: SharedState
    /// The configuration in force for new requests.
    var house: House
    /// Identifiers for exchanges and spans.
    var identifiers = IdentifierGenerator()
    /// What this loop has counted.
    let metrics = LoopMetrics()
    /// True when the program is about to end and connections should not be kept.
    private(set) var isDraining = false

    /// Memory for what is written next.
    var spareBuffers = SpareBuffers()

    private var pools: [Int: UpstreamPool] = [:]
    private var recentPool: UpstreamPool?
    private var watched: [ObjectIdentifier: any Deadlined] = [:]
    private var fronts: [ObjectIdentifier: any FrontConnection] = [:]
    private var ticker: RepeatedTask?
    private var health: HealthChecker?

    init(loop: any EventLoop, shared: SharedState, house: House) {
        self.loop = loop
        self.shared = shared
        services = ExchangeServices(clock: shared.services.clock, events: shared.services.events.local())
        self.house = house
    }

    /// The services that guards may use, with a sink for events that no other loop uses.
    let services: ExchangeServices

    /// Monotonic nanoseconds.
    var now: Int64 { services.clock.monotonic }

    /// The line `date` for answers that have none, up to half a second old.
    private(set) lazy var dateLine = makeDateLine()

    // MARK: Backends

    /// This loop's connections to a backend.
    func pool(for member: Member, of cluster: Cluster) -> UpstreamPool {
        if let recentPool, recentPool.member === member { return recentPool }
        if let pool = pools[member.id] {
            recentPool = pool
            return pool
        }
        let pool = UpstreamPool(member: member, cluster: cluster, context: self)
        pools[member.id] = pool
        return pool
    }

    /// Puts another configuration in force; connections to backends that it does not name end when they are idle.
    func use(_ house: House) {
        self.house = house
        recentPool = nil
        metrics.forgetRoutes()
        health?.watch(house.clusters)
        let named = Set(house.clusters.flatMap { $0.members.map(\.id) })
        for (id, pool) in pools where !named.contains(id) {
            pool.retire()
            pools[id] = nil
        }
    }

    /// Lets this loop, and no other, ask the backends whether they are well.
    func startHealthChecks() {
        health = HealthChecker(self) { [unowned self] in emit("upstream", $0, $1, $2, $3) }
        health?.watch(house.clusters)
    }

    // MARK: Deadlines

    /// Starts looking at an object's deadline.
    func watch(_ object: any Deadlined) { watched[ObjectIdentifier(object)] = object }

    /// Stops looking at an object's deadline.
    func unwatch(_ object: any Deadlined) { watched[ObjectIdentifier(object)] = nil }

    /// Starts the clockwork: deadlines are looked at twice a second, so they pass up to half a second late.
    func startTicking() {
        let bound = NIOLoopBound(self, eventLoop: loop)
        ticker = loop.scheduleRepeatedTask(initialDelay: .milliseconds(500), delay: .milliseconds(500)) { _ in bound.value.tick() }
    }

    private func tick() {
        let now = self.now
        dateLine = makeDateLine()
        let late = watched.values.filter { $0.deadline != 0 && $0.deadline <= now }
        for object in late { object.deadlinePassed() }
    }

    private func makeDateLine() -> FieldBlock {
        var line = FieldBlock()
        line.append(.date, HTTPDate.text(shared.services.clock.wall / 1_000_000_000))
        return line
    }

    // MARK: Clients

    /// Remembers a client's connection.
    func add(_ front: any FrontConnection) { fronts[ObjectIdentifier(front)] = front }

    /// Forgets a client's connection.
    func remove(_ front: any FrontConnection) { fronts[ObjectIdentifier(front)] = nil }

    /// How many clients' connections are open.
    var frontCount: Int { fronts.count }

    /// Asks every client's connection to end when its exchange is over.
    func drain() {
        isDraining = true
        for front in Array(fronts.values) { front.drain() }
    }

    /// Ends everything at once.
    func stop() {
        ticker?.cancel()
        health?.watch([])
        for front in Array(fronts.values) { front.close() }
        for pool in pools.values { pool.retire() }
        pools.removeAll()
        recentPool = nil
    }

    // MARK: Events

    /// Emits an event about the house itself.
    func emit(
        _ component: String, _ name: String, _ severity: Severity, _ message: String, _ facts: [(name: String, value: String)] = []
    ) {
        services.events.emit(
            .system(
                SystemRecord(
                    time: services.clock.wall, component: component, name: name, severity: severity, message: message, facts: facts)))
    }
}

/// Something that must not last longer than a deadline.
protocol Deadlined: AnyObject {
    /// Monotonic nanoseconds; 0 for none.
    var deadline: Int64 { get }
    /// The deadline is over.
    func deadlinePassed()
}

/// The earlier of two deadlines; 0 stands for none.
func earliest(_ one: Int64, _ other: Int64) -> Int64 {
    if one == 0 || other == 0 { return max(one, other) }
    return min(one, other)
}

/// A client's connection, as seen when the program ends.
protocol FrontConnection: AnyObject {
    /// No new exchanges; ends when the running ones are over.
    func drain()
    /// Ends at once.
    func close()
}
