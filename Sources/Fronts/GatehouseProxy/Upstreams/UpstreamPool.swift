internal import Atomics
internal import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire
internal import NIOCore

/// The connections of one event loop to one backend.
///
/// Hands out idle connections newest first, opens more up to the circuit breaker's bounds, and lets a bounded number of
/// exchanges wait beyond them.
final class UpstreamPool {
    let member: Member
    let cluster: Cluster
    unowned let context: LoopContext

    private var idle: [HTTP1Back] = []
    private var waiting: CircularBuffer<Lease> = []
    private var multiplexed: [HTTP2Back] = []
    private var isConnecting = false
    private var isRetired = false

    /// Idle connections are closed after this long, before most backends do it.
    private static let idleTime: Int64 = 50_000_000_000

    init(member: Member, cluster: Cluster, context: LoopContext) {
        self.member = member
        self.cluster = cluster
        self.context = context
    }

    /// An idle connection of HTTP/1, which is the usual case; `nil` when there is none or streams can be shared.
    func takeIdle() -> HTTP1Back? { multiplexed.isEmpty ? idle.popLast() : nil }

    /// Gives a stream for an exchange, at once or when a connection is there.
    func lease(_ lease: Lease) {
        if !lease.needsHTTP1, let stream = multiplexed.first(where: { $0.hasRoom }) { return stream.open(lease) }
        if let connection = idle.popLast() { return lease.start(connection) }
        let breaker = cluster.settings.circuitBreaker
        if isConnecting, expectsMultiplexing, !lease.needsHTTP1 { return wait(lease) }
        guard member.connections.load(ordering: .relaxed) < breaker.maxConnections else { return wait(lease) }
        connect(for: lease)
    }

    /// Takes back a connection whose exchange is over.
    func giveBack(_ connection: HTTP1Back) {
        guard !isRetired else { return connection.close() }
        if let next = nextWaiting() { return next.start(connection) }
        connection.deadline = context.now + Self.idleTime
        idle.append(connection)
    }

    /// Forgets a connection that ended.
    func connectionClosed(_ connection: HTTP1Back, wasIdle: Bool) {
        member.connections.wrappingDecrement(ordering: .relaxed)
        if wasIdle { idle.removeAll { $0 === connection } }
        serveWaiting()
    }

    /// Forgets a connection of HTTP/2 that ended or must not take more streams.
    func connectionClosed(_ connection: HTTP2Back) {
        multiplexed.removeAll { $0 === connection }
        member.connections.wrappingDecrement(ordering: .relaxed)
        serveWaiting()
    }

    /// Lets waiting exchanges use streams that became free.
    func streamClosed(on connection: HTTP2Back) {
        while connection.hasRoom, let next = nextWaiting(where: { !$0.needsHTTP1 }) { connection.open(next) }
    }

    /// Ends idle connections now and busy ones after their exchange.
    func retire() {
        isRetired = true
        for connection in idle { connection.close() }
        for connection in multiplexed { connection.retire() }
    }

    private var expectsMultiplexing: Bool { member.url.scheme == .h2 || member.url.scheme == .h2c }

    private func wait(_ lease: Lease) {
        guard cluster.pending.load(ordering: .relaxed) < cluster.settings.circuitBreaker.maxPending else {
            context.emit(
                "upstream", "circuit_open", .medium, "too many requests wait for a connection", [("upstream", member.name)])
            return lease.fail(BackFailure(kind: .overload, reason: "too many requests wait for `\(member.name)`"))
        }
        cluster.pending.wrappingIncrement(ordering: .relaxed)
        waiting.append(lease)
    }

    private func nextWaiting(where fits: (Lease) -> Bool = { _ in true }) -> Lease? {
        var index = waiting.startIndex
        while index < waiting.endIndex {
            guard waiting[index].isCancelled || fits(waiting[index]) else {
                index = waiting.index(after: index)
                continue
            }
            let lease = waiting.remove(at: index)
            cluster.pending.wrappingDecrement(ordering: .relaxed)
            if !lease.isCancelled { return lease }
        }
        return nil
    }

    private func serveWaiting() {
        guard !waiting.isEmpty, member.connections.load(ordering: .relaxed) < cluster.settings.circuitBreaker.maxConnections,
            let next = nextWaiting()
        else { return }
        connect(for: next)
    }

    private func connect(for lease: Lease) {
        member.connections.wrappingIncrement(ordering: .relaxed)
        isConnecting = true
        UpstreamConnector(pool: self, timeout: lease.connectTimeout, needsHTTP1: lease.needsHTTP1).connect { [self] result in
            isConnecting = false
            switch result {
            case .success(.http1(let connection)):
                if lease.isCancelled { giveBack(connection) } else { lease.start(connection) }
            case .success(.http2(let connection)):
                multiplexed.append(connection)
                if !lease.isCancelled { connection.open(lease) }
                streamClosed(on: connection)
            case .failure(let failure):
                member.connections.wrappingDecrement(ordering: .relaxed)
                lease.fail(failure)
                failWaiting(failure)
            }
        }
    }

    /// A backend that cannot be reached fails those who wait for it too, so that they can try another.
    private func failWaiting(_ failure: BackFailure) {
        guard member.connections.load(ordering: .relaxed) == 0 else { return serveWaiting() }
        while let lease = nextWaiting() { lease.fail(failure) }
    }
}

/// An exchange's wish for a stream to a backend.
final class Lease {
    /// Longest wait for a new connection.
    let connectTimeout: TimeAmount
    /// True for a request to change the protocol, which HTTP/2 has no means for.
    let needsHTTP1: Bool
    private var onStream: ((any BackStream) -> Void)?
    private var onFailure: ((BackFailure) -> Void)?
    private weak var reader: (any BackReader)?

    init(
        connectTimeout: TimeAmount, needsHTTP1: Bool = false, reader: any BackReader, onStream: @escaping (any BackStream) -> Void,
        onFailure: @escaping (BackFailure) -> Void
    ) {
        self.connectTimeout = connectTimeout
        self.needsHTTP1 = needsHTTP1
        self.reader = reader
        self.onStream = onStream
        self.onFailure = onFailure
    }

    /// True when the exchange does not want it any more.
    var isCancelled: Bool { onStream == nil || reader == nil }

    /// Takes the wish back.
    func cancel() {
        onStream = nil
        onFailure = nil
    }

    /// Fulfils the wish with an idle connection.
    func start(_ connection: HTTP1Back) {
        guard let onStream, let reader else { return connection.close() }
        cancel()
        connection.begin(reader)
        onStream(connection)
    }

    /// Fulfils the wish with a stream of a shared connection.
    func start(_ stream: HTTP2BackStream) {
        guard let onStream, let reader else { return stream.cancel() }
        cancel()
        stream.begin(reader)
        onStream(stream)
    }

    /// Disappoints the wish.
    func fail(_ failure: BackFailure) {
        let handler = onFailure
        cancel()
        handler?(failure)
    }
}
