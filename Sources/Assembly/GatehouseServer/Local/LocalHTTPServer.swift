internal import GatehouseCore
internal import HTTPWire
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A request as small local servers see it, with its whole body.
struct LocalRequest: Sendable {
    var head: RequestHead
    var body: [UInt8]
}

/// An answer of a small local server.
struct LocalResponse: Sendable {
    var status = 200
    var fields: [(name: String, value: String)]
    var body: String

    init(status: Int = 200, mediaType: String = "text/plain; charset=utf-8", fields: [(name: String, value: String)] = [], _ body: String) {
        self.status = status
        self.fields = [("content-type", mediaType)] + fields
        self.body = body
    }
}

/// A small HTTP/1.1 server on loopback, for the admin pages and the demo's backend: no TLS, bodies up to 1 MiB, no streaming.
final class LocalHTTPServer: Sendable {
    private let endpoint: Endpoint
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel = Mutex<(any Channel)?>(nil)

    init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    /// Opens the listener.
    func start(_ answer: @escaping @Sendable (LocalRequest) async -> LocalResponse) async throws {
        let bound = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(LocalHTTPHandler(answer))
                }
            }
            .bind(host: endpoint.host, port: endpoint.port).get()
        channel.withLock { $0 = bound }
    }

    /// The port that was bound.
    var port: Int { channel.withLock { $0?.localAddress?.port } ?? endpoint.port }

    /// Closes the listener and its connections.
    func stop() async {
        try? await channel.withLock { $0 }?.close()
        try? await group.shutdownGracefully()
    }
}

private final class LocalHTTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: @Sendable (LocalRequest) async -> LocalResponse
    private var requests: HTTP1RequestReader
    private var input = ByteBuffer()
    private var head: RequestHead?
    private var body: [UInt8] = []
    private var isAnswering = false

    init(_ answer: @escaping @Sendable (LocalRequest) async -> LocalResponse) {
        self.answer = answer
        var limits = WireLimits()
        limits.bodyBytes = 1 << 20
        requests = HTTP1RequestReader(limits: limits)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        parse(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func parse(_ context: ChannelHandlerContext) {
        while !isAnswering {
            let buffer = input
            var position = 0
            do throws(WireError) {
                let event = try requests.next(buffer.readableBytesUInt8Span, &position)
                take(event, buffer, context)
                input.moveReaderIndex(forwardBy: position)
                if event == .needsMore { return }
            } catch {
                return send(LocalResponse(status: error.status, error.reason + "\n"), isLast: true, context)
            }
        }
    }

    private func take(_ event: HTTP1RequestReader.Event, _ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        switch event {
        case .needsMore: break
        case .head: head = requests.takeHead()
        case .body(let range):
            body += buffer.getBytes(at: buffer.readerIndex + range.lowerBound, length: range.count) ?? []
        case .end:
            guard let head else { return }
            isAnswering = true
            ask(LocalRequest(head: head, body: body), context)
        }
    }

    private func ask(_ request: LocalRequest, _ context: ChannelHandlerContext) {
        let answer = self.answer
        let promise = context.eventLoop.makePromise(of: LocalResponse.self)
        promise.completeWithTask { await answer(request) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        promise.futureResult.whenSuccess { response in
            let (handler, context) = bound.value
            handler.answered(response, context)
        }
    }

    private func answered(_ response: LocalResponse, _ context: ChannelHandlerContext) {
        let isLast = head.map { ConnectionOptions.wantsClose($0.fields, version: $0.version) } ?? true
        send(response, isLast: isLast, context)
        guard !isLast else { return }
        head = nil
        body = []
        isAnswering = false
        requests.startNext()
        parse(context)
    }

    private func send(_ response: LocalResponse, isLast: Bool, _ context: ChannelHandlerContext) {
        var out = ByteBuffer()
        out.writeString("HTTP/1.1 \(response.status) \(Problem.phrase(for: response.status))\r\n")
        for field in response.fields { out.writeString("\(field.name): \(field.value)\r\n") }
        out.writeString("content-length: \(response.body.utf8.count)\r\n")
        out.writeString(isLast ? "connection: close\r\n\r\n" : "\r\n")
        if head?.method != .head { out.writeString(response.body) }
        context.writeAndFlush(wrapOutboundOut(out), promise: nil)
        if isLast { context.close(promise: nil) }
    }
}
