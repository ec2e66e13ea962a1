internal import GatehouseCore
internal import HTTPWire
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The listener for operators, on loopback: health, readiness, metrics.
final class AdminServer: Sendable {
    private let endpoint: Endpoint
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel = Mutex<(any Channel)?>(nil)
    private let isReady = Mutex(true)

    init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    /// Opens the listener.
    func start(_ pages: AdminPages) async throws {
        let bound = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AdminHandler(pages: pages) { self.isReady.withLock { $0 } })
                }
            }
            .bind(host: endpoint.host, port: endpoint.port).get()
        channel.withLock { $0 = bound }
    }

    /// Says whether new requests are welcome.
    func setReady(_ ready: Bool) { isReady.withLock { $0 = ready } }

    /// Closes the listener.
    func stop() async {
        try? await channel.withLock { $0 }?.close()
        try? await group.shutdownGracefully()
    }
}

/// One connection to the admin listener: one request, one answer.
private final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let pages: AdminPages
    private let isReady: () -> Bool
    private var requests = HTTP1RequestReader()
    private var input = ByteBuffer()
    private var isAnswered = false

    init(pages: AdminPages, isReady: @escaping () -> Bool) {
        self.pages = pages
        self.isReady = isReady
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        guard !isAnswered, input.readableBytes < 65536 else { return context.close(promise: nil) }
        let buffer = input
        var position = 0
        do throws(WireError) {
            let event = try requests.next(buffer.readableBytesUInt8Span, &position)
            input.moveReaderIndex(forwardBy: position)
            if event == .head { answer(context) }
        } catch {
            send(AdminPages.Page(status: 400, mediaType: "text/plain", body: error.reason + "\n"), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ context: ChannelHandlerContext) {
        isAnswered = true
        guard requests.head.method == .get || requests.head.method == .head else {
            return send(AdminPages.Page(status: 405, mediaType: "text/plain", body: "only GET is offered\n"), context)
        }
        let path = requests.head.path
        let ready = isReady()
        let pages = self.pages
        let promise = context.eventLoop.makePromise(of: AdminPages.Page.self)
        promise.completeWithTask { await pages.page(path, isReady: ready) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        promise.futureResult.whenSuccess { page in
            let (handler, context) = bound.value
            handler.send(page, context)
        }
    }

    private func send(_ page: AdminPages.Page, _ context: ChannelHandlerContext) {
        var out = ByteBuffer()
        out.writeString(
            "HTTP/1.1 \(page.status) \(page.status == 200 ? "OK" : "Error")\r\ncontent-type: \(page.mediaType)\r\n"
                + "content-length: \(page.body.utf8.count)\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
                + "connection: close\r\n\r\n")
        if requests.head.method != .head { out.writeString(page.body) }
        context.writeAndFlush(wrapOutboundOut(out), promise: nil)
        context.close(promise: nil)
    }
}
