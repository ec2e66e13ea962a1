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
    private let listeners = Mutex<[BoundListener]>([])
    private let dataFolder: String
    private let bufferBytes: Int

    /// One listener that is open.
    private struct BoundListener {
        var settings: Listener
        var channels: [any Channel]
        var tls: TLSBox?
    }

    /// Starts event loops with a house; nothing listens yet.
    public init(_ house: House, services: ExchangeServices, workers: Int, dataFolder: String) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: workers)
        shared = SharedState(services: services)
        self.dataFolder = dataFolder
        bufferBytes = house.configuration.limits.bufferBytes.bytes
        let shared = self.shared
        loops = group.makeIterator().map { loop in
            LoopHandle(loop, .makeBoxSendingValue(LoopContext(loop: loop, shared: shared, house: house), eventLoop: loop))
        }
        for handle in loops { handle.loop.execute { handle.context.value.startTicking() } }
        if let first = loops.first { first.loop.execute { first.context.value.startHealthChecks() } }
    }

    /// Opens the listeners of a configuration.
    ///
    /// - Throws: what the system says of an address, or what is wrong with certificates.
    public func listen(_ configuration: Configuration) async throws {
        let redirectPort = configuration.listeners.first { $0.tls != nil }?.address.port
        for listener in configuration.listeners {
            let tls = try listener.tls.map { try TLSBox(makeTLS($0, listener)) }
            let channel = try await bind(listener, tls: tls, redirectPort: redirectPort)
            listeners.withLock { $0.append(BoundListener(settings: listener, channels: [channel], tls: tls)) }
        }
    }

    /// Addresses that are listened on, as bound.
    public var addresses: [SocketAddress] {
        listeners.withLock { $0.flatMap { $0.channels.compactMap(\.localAddress) } }
    }

    /// Puts another house in force for all new requests; certificates are read again.
    ///
    /// - Throws: what is wrong with certificates; then nothing has changed.
    public func use(_ house: House) async throws {
        try listeners.withLock { bound in
            let contexts = try bound.map { listener in
                try listener.settings.tls.flatMap { settings -> ListenerTLSContext? in
                    guard settings.reload else { return nil }
                    let wanted = house.configuration.listeners.first { $0.address == listener.settings.address }?.tls
                    return try makeTLS(wanted ?? settings, listener.settings)
                }
            }
            for (listener, context) in zip(bound, contexts) { if let context { listener.tls?.set(context) } }
        }
        for handle in loops { try await handle.loop.submit { handle.context.value.use(house) }.get() }
    }

    /// Takes no more connections, lets the running requests end, and stops.
    ///
    /// - Returns: how many connections were still open when the time was over.
    public func drain(within limit: Duration) async -> Int {
        let channels = listeners.withLock { bound in
            defer { bound = [] }
            return bound.flatMap(\.channels)
        }
        for channel in channels { try? await channel.close() }
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

    private func makeTLS(_ settings: ListenerTLS, _ listener: Listener) throws -> ListenerTLSContext {
        try ListenerTLSContext(settings, http2: listener.http2) {
            let made = try DevelopmentCertificate(folder: dataFolder, now: Date())
            shared.services.events.emit(
                .system(
                    SystemRecord(
                        time: shared.services.clock.wall, component: "listener", name: "development_certificate", severity: .low,
                        message: "a development certificate serves `\(listener.address)`; trust `\(made.authorityPath)` to use it")))
            return made
        }
    }

    private func bind(_ listener: Listener, tls: TLSBox?, redirectPort: Int?) async throws -> any Channel {
        let loops = self.loops
        let buffer = bufferBytes
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: buffer / 2, high: buffer))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let handle = loops.first(where: { $0.loop === channel.eventLoop }) else { throw ChannelError.ioOnClosedChannel }
                    let settings = ListenerSettings(
                        port: channel.localAddress?.port ?? listener.address.port, tls: tls.map { box in { box.get() } },
                        proxyProtocol: listener.proxyProtocol, redirectPort: listener.redirectsToHTTPS ? redirectPort : nil,
                        http2: listener.http2)
                    try ConnectionStart(house: handle.context.value, listener: settings).start(channel)
                }
            }
            .bind(host: listener.address.host, port: listener.address.port).get()
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

/// The TLS context of a listener, exchanged at a reload.
final class TLSBox: Sendable {
    private let context: Mutex<ListenerTLSContext>

    init(_ context: ListenerTLSContext) { self.context = Mutex(context) }

    func get() -> ListenerTLSContext { context.withLock { $0 } }

    func set(_ new: ListenerTLSContext) { context.withLock { $0 = new } }
}
