internal import Atomics
internal import Foundation
public import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseGuards
public import NIOCore
internal import NIOPosix
internal import Synchronization

/// The data plane: listeners on event loops, and the house that they serve.
public final class ProxyServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let shared: SharedState
    private let loops: [LoopHandle]
    private let listeners: ListenerSet

    /// Starts event loops with a house; nothing listens yet.
    public init(_ house: House, services: ExchangeServices, workers: Int, dataFolder: String) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: workers)
        shared = SharedState(services: services)
        let shared = self.shared
        loops = group.makeIterator().map { loop in
            LoopHandle(loop, .makeBoxSendingValue(LoopContext(loop: loop, shared: shared, house: house), eventLoop: loop))
        }
        listeners = ListenerSet(
            group: group, loops: loops, shared: shared, dataFolder: dataFolder, bufferBytes: house.configuration.limits.bufferBytes.bytes)
        for handle in loops { handle.loop.execute { handle.context.value.startTicking() } }
        if let first = loops.first { first.loop.execute { first.context.value.startHealthChecks() } }
    }

    /// Opens the listeners of a configuration.
    ///
    /// - Throws: what the system says of an address, or what is wrong with certificates.
    public func listen(_ configuration: Configuration) async throws {
        await listeners.apply(try await listeners.prepare(configuration))
    }

    /// Addresses that are listened on, as bound.
    public var addresses: [SocketAddress] { listeners.addresses }

    /// Puts another house in force for all new requests: listeners are opened, closed and changed, certificates are read again.
    ///
    /// - Throws: what the system says of an address, or what is wrong with certificates; then nothing has changed.
    public func use(_ house: House) async throws {
        let change = try await listeners.prepare(house.configuration)
        for handle in loops { try await handle.loop.submit { handle.context.value.use(house) }.get() }
        await listeners.apply(change)
    }

    /// Takes no more connections, lets the running requests end, and stops.
    ///
    /// - Returns: how many connections were still open when the time was over.
    public func drain(within limit: Duration) async -> Int {
        await listeners.close()
        for handle in loops { handle.loop.execute { handle.context.value.drain() } }
        let end = ContinuousClock.now + limit
        var open = await openConnections()
        while open > 0, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(20))
            open = await openConnections()
        }
        for handle in loops { try? await handle.loop.submit { handle.context.value.stop() }.get() }
        try? await group.shutdownGracefully()
        return open
    }

    /// What the loops have counted, added up.
    public func snapshot() async -> ProxySnapshot {
        var snapshot = ProxySnapshot(connections: shared.connections.load(ordering: .relaxed))
        for handle in loops {
            if let routes = try? await handle.loop.submit({ handle.context.value.metrics.rows }).get() { snapshot.add(routes) }
            if let house = try? await handle.loop.submit({ handle.context.value.house }).get() { snapshot.house = house }
        }
        return snapshot
    }

    private func openConnections() async -> Int {
        var count = 0
        for handle in loops { count += (try? await handle.loop.submit { handle.context.value.frontCount }.get()) ?? 0 }
        return count
    }
}

/// An event loop and what it owns.
struct LoopHandle: Sendable {
    let loop: any EventLoop
    let context: NIOLoopBoundBox<LoopContext>

    init(_ loop: any EventLoop, _ context: NIOLoopBoundBox<LoopContext>) {
        self.loop = loop
        self.context = context
    }
}
