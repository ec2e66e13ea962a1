internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// Takes a PROXY header off the front of a connection, from trusted sources only.
final class ProxyProtocolHandler: ChannelInboundHandler, RemovableChannelHandler, Deadlined {
    typealias InboundIn = ByteBuffer

    private let start: ConnectionStart
    private var facts: ConnectionFacts
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
        let settings = start.listener.configured.proxyProtocol
        let buffer = seen
        let isTrusted = settings.from.contains { $0.contains(facts.peer) }
        switch isTrusted ? ProxyHeader.read(buffer.readableBytesUInt8Span) : .absent {
        case .needsMore: return
        case .malformed(let reason): refuse(context, reason)
        case .absent where settings.use == .require:
            refuse(context, isTrusted ? "no PROXY header" : "PROXY header is required and the source is not trusted")
        case .absent: proceed(context)
        case .local(let length):
            seen.moveReaderIndex(forwardBy: length)
            proceed(context)
        case .proxied(let source, let length):
            seen.moveReaderIndex(forwardBy: length)
            facts.peerPort = source.port
            if let peer = IPAddress(bytes: source.address) { facts.peer = peer }
            proceed(context)
        }
    }

    private func proceed(_ context: ChannelHandlerContext) {
        let rest = seen
        seen = ByteBuffer()
        isDone = true
        do {
            try start.startSecurity(context.channel, facts)
            if rest.readableBytes > 0 {
                context.fireChannelRead(NIOAny(rest))
                context.fireChannelReadComplete()
            }
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    private func refuse(_ context: ChannelHandlerContext, _ reason: String) {
        start.house.emit("listener", "proxy_protocol", .medium, reason, [("client", facts.peer.description)])
        context.close(promise: nil)
    }
}

extension IPAddress {
    /// The address of 4 or 16 bytes in network order.
    init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.init(v4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16: self.init(v6: bytes.reduce(0) { $0 << 8 | UInt128($1) })
        default: return nil
        }
    }
}
