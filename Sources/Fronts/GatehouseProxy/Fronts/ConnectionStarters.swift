internal import Crypto
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import NIOHTTP2
internal import NIOSSL
internal import NIOTLS

/// Waits for the end of the TLS handshake and installs the protocol that was agreed on.
final class HandshakeWaiter: ChannelInboundHandler, RemovableChannelHandler, Deadlined {
    typealias InboundIn = ByteBuffer

    private let start: ConnectionStart
    private var facts: ConnectionFacts
    private var channel: (any Channel)?
    private(set) var deadline: Int64
    /// The name that the client asks for by SNI.
    var serverName = ""

    init(_ start: ConnectionStart, _ facts: ConnectionFacts) {
        self.start = start
        self.facts = facts
        deadline = start.house.now + start.house.house.waits.requestHead
    }

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
        start.house.watch(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { start.house.unwatch(self) }

    func deadlinePassed() {
        start.house.emit("listener", "slow_handshake", .low, "TLS handshake not whole in time", [("client", facts.peer.description)])
        channel?.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted(let name) = event else { return context.fireUserInboundEventTriggered(event) }
        facts.tls = tlsFacts(of: context.channel)
        do {
            if name == "h2" { try start.speakHTTP2(context.channel, facts) } else { try start.speakHTTP1(context.channel, facts) }
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func tlsFacts(of channel: any Channel) -> TLSFacts {
        let handler = try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
        let version =
            switch handler?.tlsVersion {
            case .tlsv13: "TLSv1.3"
            case .tlsv12: "TLSv1.2"
            default: "TLS"
            }
        let certificate = (try? handler?.peerCertificate?.toDERBytes()) ?? []
        return TLSFacts(
            version: version, serverName: serverName, clientCertificate: certificate,
            clientCertificateHash: certificate.isEmpty ? [] : [UInt8](SHA256.hash(data: certificate)))
    }
}

/// Looks at the first bytes of a plain connection: HTTP/2 by prior knowledge (RFC 9113, section 3.3), or HTTP/1.
final class PlainStarter: ChannelInboundHandler, RemovableChannelHandler, Deadlined {
    typealias InboundIn = ByteBuffer

    private static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    private let start: ConnectionStart
    private let facts: ConnectionFacts
    private var seen = ByteBuffer()
    private var isDone = false
    private var channel: (any Channel)?
    private(set) var deadline: Int64

    init(_ start: ConnectionStart, _ facts: ConnectionFacts) {
        self.start = start
        self.facts = facts
        deadline = start.house.now + start.house.house.waits.requestHead
    }

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
        start.house.watch(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { start.house.unwatch(self) }

    func deadlinePassed() { channel?.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return context.fireChannelRead(data) }
        var bytes = unwrapInboundIn(data)
        if seen.readableBytes == 0 { seen = bytes } else { seen.writeBuffer(&bytes) }
        let isPrefix = Self.preface.withUTF8Buffer { preface in
            unsafe seen.readableBytesView.prefix(preface.count).elementsEqual(preface.prefix(seen.readableBytes))
        }
        if isPrefix, start.listener.configured.http2 {
            guard seen.readableBytes >= Self.preface.utf8CodeUnitCount else { return }
            install(context) { try start.speakHTTP2($0, facts) }
        } else {
            install(context) { try start.speakHTTP1($0, facts) }
        }
    }

    private func install(_ context: ChannelHandlerContext, _ body: (any Channel) throws -> Void) {
        let first = seen
        seen = ByteBuffer()
        isDone = true
        do {
            try body(context.channel)
            context.fireChannelRead(NIOAny(first))
            context.fireChannelReadComplete()
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }
}

/// Ends an HTTP/2 connection of a client when the program ends, and tells of connections that break the rules.
final class HTTP2ConnectionFront: ChannelInboundHandler, FrontConnection {
    typealias InboundIn = HTTP2Frame

    private let house: LoopContext
    private let facts: ConnectionFacts
    private let management: NIOHTTP2ServerConnectionManagementHandler
    private var context: ChannelHandlerContext?

    init(_ house: LoopContext, _ facts: ConnectionFacts, _ management: NIOHTTP2ServerConnectionManagementHandler) {
        self.house = house
        self.facts = facts
        self.management = management
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        house.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        house.remove(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is any NIOHTTP2Error {
            house.emit(
                "listener", "http2_violation", .medium, "HTTP/2 connection ended: \(error)", [("client", facts.peer.description)])
        }
        context.close(promise: nil)
    }

    func drain() { context?.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }

    func close() { context?.close(promise: nil) }
}
