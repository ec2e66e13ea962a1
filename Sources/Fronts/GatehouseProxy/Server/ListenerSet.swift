internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The open listeners of the data plane. A reload opens and closes them and changes their settings; connections that are there stay.
final class ListenerSet: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let loops: [LoopHandle]
    private let shared: SharedState
    private let dataFolder: String
    private let bufferBytes: Int
    private let open = Mutex<[OpenListener]>([])

    /// One listener that is open.
    fileprivate struct OpenListener: Sendable {
        var address: Endpoint
        var channel: any Channel
        var state: ListenerState
    }

    init(group: MultiThreadedEventLoopGroup, loops: [LoopHandle], shared: SharedState, dataFolder: String, bufferBytes: Int) {
        self.group = group
        self.loops = loops
        self.shared = shared
        self.dataFolder = dataFolder
        self.bufferBytes = bufferBytes
    }

    /// Addresses that are listened on, as bound.
    var addresses: [SocketAddress] { open.withLock { $0.compactMap(\.channel.localAddress) } }

    /// What has been made ready for a configuration and can be put in force without a further failure.
    struct Change: Sendable {
        fileprivate var kept: [(state: ListenerState, settings: ListenerState.Settings)] = []
        fileprivate var opened: [OpenListener] = []
        fileprivate var closed: [OpenListener] = []
    }

    /// Reads certificates and opens what is new; it is in force at once for the new addresses, and not for the others.
    ///
    /// - Throws: what the system says of an address, or what is wrong with certificates; then everything is as it was.
    func prepare(_ configuration: Configuration) async throws -> Change {
        let present = open.withLock { $0 }
        var change = Change()
        change.closed = present.filter { old in !configuration.listeners.contains { $0.address == old.address } }
        let redirectPort = configuration.listeners.first { $0.tls != nil }?.address.port
        do {
            for listener in configuration.listeners {
                let old = present.first { $0.address == listener.address }?.state
                let settings = try settings(of: listener, redirectPort: redirectPort, old: old?.settings)
                if let old {
                    change.kept.append((old, settings))
                } else {
                    change.opened.append(try await bind(listener.address, ListenerState(settings)))
                }
            }
        } catch {
            for listener in change.opened { listener.channel.close(promise: nil) }
            throw error
        }
        return change
    }

    /// Puts a change in force: new connections follow it.
    func apply(_ change: Change) async {
        for (state, settings) in change.kept { state.settings = settings }
        let closed = change.closed.map(\.address)
        open.withLock { listeners in
            listeners.removeAll { closed.contains($0.address) }
            listeners += change.opened
        }
        for listener in change.closed { try? await listener.channel.close() }
    }

    /// Takes no more connections.
    func close() async {
        let all = open.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        for listener in all { try? await listener.channel.close() }
    }

    private func settings(
        of listener: Listener, redirectPort: Int?, old: ListenerState.Settings?
    ) throws -> ListenerState.Settings {
        let redirectPort = listener.redirectsToHTTPS ? redirectPort : nil
        let keepsTLS = old != nil && old?.configured.tls == listener.tls && listener.tls?.reload == false
        let tls = keepsTLS ? old?.tls : try listener.tls.map { try makeTLS($0, listener) }
        return ListenerState.Settings(configured: listener, tls: tls, redirectPort: redirectPort)
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

    private func bind(_ address: Endpoint, _ state: ListenerState) async throws -> OpenListener {
        let loops = self.loops
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: bufferBytes / 2, high: bufferBytes))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let handle = loops.first(where: { $0.loop === channel.eventLoop }) else { throw ChannelError.ioOnClosedChannel }
                    let port = channel.localAddress?.port ?? address.port
                    let start = ConnectionStart(house: handle.context.value, listener: state.settings, port: port)
                    try start.start(channel)
                }
            }
        do {
            let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
            return OpenListener(address: address, channel: channel, state: state)
        } catch {
            throw ListenFailure(address: address, reason: "\(error)")
        }
    }
}

/// An address that cannot be listened on.
struct ListenFailure: Error, CustomStringConvertible {
    var address: Endpoint
    var reason: String

    var description: String { "cannot listen on `\(address)`: \(reason)" }
}

/// How a listener treats new connections, exchanged at a reload.
final class ListenerState: Sendable {
    /// The settings of a listener, with its certificates read.
    struct Settings: Sendable {
        /// Its part of the configuration.
        var configured: Listener
        /// Its certificates; `nil` for a plain listener.
        var tls: ListenerTLSContext?
        /// The port of the listener that plain requests are redirected to, where this one redirects.
        var redirectPort: Int?
    }

    private let current: Mutex<Settings>

    init(_ settings: Settings) { current = Mutex(settings) }

    /// What holds for new connections.
    var settings: Settings {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}
