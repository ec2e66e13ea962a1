import GatehouseIdentity
import HTTPWire
import NIOCore
import NIOPosix

/// Listens on this machine for logout tokens, as a client's back channel does.
final class LogoutListener {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private var channel: (any Channel)?

    func start(port: Int, into inbox: LogoutInbox) async throws {
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(LogoutHandler(inbox)) }
            }
            .bind(host: "127.0.0.1", port: port).get()
    }

    func stop() async {
        try? await channel?.close()
        try? await group.shutdownGracefully()
    }
}

private final class LogoutHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let inbox: LogoutInbox
    private var reader = HTTP1RequestReader(limits: WireLimits())
    private var unread: [UInt8] = []
    private var body: [UInt8] = []

    init(_ inbox: LogoutInbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unread += Array(unwrapInboundIn(data).readableBytesView)
        var position = 0
        let bytes = unread
        do throws(WireError) {
            while true {
                switch try reader.next(bytes.span, &position) {
                case .needsMore:
                    unread.removeFirst(position)
                    return
                case .head: _ = reader.takeHead()
                case .body(let range): body += bytes[range]
                case .end: return answer(context)
                }
            }
        } catch {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ context: ChannelHandlerContext) {
        if let token = (try? FormParameters(parsing: body))?["logout_token"] { inbox.take(token) }
        let text = "HTTP/1.1 200 OK\r\ncache-control: no-store\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        context.close(promise: nil)
    }
}
