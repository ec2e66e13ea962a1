internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseOutgoing
internal import HTTPWire
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

/// Opens a connection to a backend and finds out which protocol it speaks.
struct UpstreamConnector {
    /// A connection that is ready.
    enum Connection {
        case http1(HTTP1Back)
        case http2(HTTP2Back)
    }

    let pool: UpstreamPool
    let timeout: TimeAmount
    /// Offers a TLS backend HTTP/1.1 alone.
    var needsHTTP1 = false

    /// Connects; the completion runs on the pool's loop, exactly once.
    func connect(_ completion: @escaping (Result<Connection, BackFailure>) -> Void) {
        let url = pool.member.url
        let loop = pool.context.loop
        let bound = NIOLoopBound(self, eventLoop: loop)
        let buffer = pool.context.house.configuration.limits.bufferBytes.bytes
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.writeBufferWaterMark, value: .init(low: buffer / 2, high: buffer))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.prepare(channel) }
            }
        let connected = bootstrap.connect(host: url.endpoint.host, port: url.endpoint.port)
        connected.flatMap { channel in bound.value.negotiate(channel) }.assumeIsolated().whenComplete { result in
            completion(Result { try protocolHandlers(result.get()) }.mapError { failure(of: $0) })
        }
    }

    /// Puts the handlers of the agreed protocol on a connection.
    private func protocolHandlers(_ agreed: Agreed) throws -> Connection {
        do {
            return agreed.isHTTP2 ? .http2(try HTTP2Back(channel: agreed.channel, pool: pool)) : try http1(agreed.channel)
        } catch {
            agreed.channel.close(promise: nil)
            throw error
        }
    }

    /// A connection and what it speaks.
    private struct Agreed: Sendable {
        var channel: any Channel
        var isHTTP2: Bool
    }

    private func prepare(_ channel: any Channel) throws {
        guard let tls = needsHTTP1 ? pool.cluster.tls?.http1 : pool.cluster.tls?.any,
            pool.member.url.scheme == .https || pool.member.url.scheme == .h2
        else { return }
        let settings = pool.cluster.settings.tls
        let endpoint = pool.member.url.endpoint
        let name = settings.serverName ?? (endpoint.address == nil ? endpoint.host : nil)
        let handler = try NIOSSLClientHandler(context: tls, serverHostname: name)
        let waiter = ProtocolWaiter(promise: channel.eventLoop.makePromise(), peer: settings.verify ? name.map(PeerName.init) : nil)
        try channel.pipeline.syncOperations.addHandlers([handler, waiter])
    }

    private func negotiate(_ channel: any Channel) -> EventLoopFuture<Agreed> {
        let scheme = pool.member.url.scheme
        guard scheme == .https || scheme == .h2 else {
            return channel.eventLoop.makeSucceededFuture(Agreed(channel: channel, isHTTP2: scheme == .h2c))
        }
        do {
            let waiter = try channel.pipeline.syncOperations.handler(type: ProtocolWaiter.self)
            return waiter.promise.futureResult.flatMapThrowing { name in
                guard name == "h2" || scheme == .https else {
                    channel.close(promise: nil)
                    throw BackFailure(kind: .connect, reason: "backend does not offer HTTP/2")
                }
                return Agreed(channel: channel, isHTTP2: name == "h2")
            }
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private func http1(_ channel: any Channel) throws -> Connection {
        let handler = HTTP1Back(pool: pool, limits: pool.context.house.responseLimits)
        try channel.pipeline.syncOperations.addHandler(handler)
        return .http1(handler)
    }

    private func failure(of error: any Error) -> BackFailure {
        if let failure = error as? BackFailure { return failure }
        return BackFailure(kind: .connect, reason: "no connection to `\(pool.member.name)`: \(error)")
    }
}

/// Waits for the end of the TLS handshake, checks the backend's name and tells which protocol was agreed on.
private final class ProtocolWaiter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    let promise: EventLoopPromise<String?>
    private let peer: PeerName?
    private var isDone = false

    init(promise: EventLoopPromise<String?>, peer: PeerName?) {
        self.promise = promise
        self.peer = peer
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted(let name) = event else { return context.fireUserInboundEventTriggered(event) }
        guard isExpectedPeer(context) else {
            finish(.failure(BackFailure(kind: .connect, reason: "the backend's certificate is for another name")))
            return context.close(promise: nil)
        }
        finish(.success(name))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(BackFailure(kind: .connect, reason: "TLS with the backend failed: \(error)")))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(BackFailure(kind: .connect, reason: "backend closed the connection in the TLS handshake")))
        context.fireChannelInactive()
    }

    private func isExpectedPeer(_ context: ChannelHandlerContext) -> Bool {
        guard let peer else { return true }
        guard let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate() else { return false }
        return peer.isFulfilled(by: certificate)
    }

    private func finish(_ result: Result<String?, any Error>) {
        guard !isDone else { return }
        isDone = true
        promise.completeWith(result)
    }
}
