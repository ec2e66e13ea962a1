internal import GatehouseFirewall
internal import HTTPWire
internal import NIOCore
internal import NIOPosix

/// The backend of regression tests on a port of its own; see `EchoBackend` for what it answers.
final class EchoServer: Sendable {
    private let channel: any Channel

    /// Listens on a free port of loopback.
    init(knowsFewPaths: Bool) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoHandler(knowsFewPaths: knowsFewPaths))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func close() async { try? await channel.close() }
}

/// Reads requests and answers them, one after the other.
private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let knowsFewPaths: Bool
    private var reader: HTTP1RequestReader
    private var input = ByteBuffer()
    private var request = RawRequest([])

    init(knowsFewPaths: Bool) {
        self.knowsFewPaths = knowsFewPaths
        var limits = WireLimits()
        (limits.targetBytes, limits.headBytes, limits.fieldCount) = (1 << 20, 1 << 20, 1000)
        reader = HTTP1RequestReader(limits: limits)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        do throws(WireError) {
            while try step(context) {}
        } catch {
            context.close(promise: nil)
        }
    }

    private func step(_ context: ChannelHandlerContext) throws(WireError) -> Bool {
        var position = 0
        let bytes = input
        let event = try reader.next(bytes.readableBytesUInt8Span, &position)
        defer { input.moveReaderIndex(forwardBy: position) }
        switch event {
        case .needsMore: return false
        case .head:
            let head = reader.takeHead()
            request = RawRequest([])
            request.method = Array(head.method.name.utf8)
            request.target = head.target
        case .body(let range):
            request.body += Array(bytes.readableBytesView[(bytes.readerIndex + range.lowerBound)..<(bytes.readerIndex + range.upperBound)])
        case .end:
            reader.startNext()
            answer(EchoBackend.answer(to: request, knowsFewPaths: knowsFewPaths), context)
        }
        return true
    }

    private func answer(_ answer: WafRunner.Answer, _ context: ChannelHandlerContext) {
        var text = "HTTP/1.1 \(answer.status) Answer\r\n"
        for (name, value) in answer.headers where !["content-length", "transfer-encoding", "connection"].contains(name.lowercased()) {
            text += "\(name): \(value)\r\n"
        }
        var out = ByteBuffer(string: text + "Content-Length: \(answer.body.count)\r\n\r\n")
        if request.method != Array("HEAD".utf8) { out.writeBytes(answer.body) }
        context.writeAndFlush(wrapOutboundOut(out), promise: nil)
    }
}
