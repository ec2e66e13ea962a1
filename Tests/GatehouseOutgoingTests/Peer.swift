import GatehouseConfiguration
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A server on loopback that answers every connection with the same bytes and ends it; with none, it stays silent.
final class Peer: Sendable {
    let channel: any Channel
    let port: Int
    private let seen = Recorder()

    init(_ answer: String) async throws {
        let seen = self.seen
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Answerer(answer, seen)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = try #require(channel.localAddress?.port)
    }

    var requests: [String] { seen.texts.withLock { $0 } }

    func address(_ path: String) throws -> HTTPAddress { try #require(HTTPAddress("http://127.0.0.1:\(port)\(path)")) }

    final class Recorder: Sendable {
        let texts = Mutex<[String]>([])
    }
}

private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: String
    private let seen: Peer.Recorder

    init(_ answer: String, _ seen: Peer.Recorder) {
        self.answer = answer
        self.seen = seen
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        seen.texts.withLock { $0.append(String(buffer: unwrapInboundIn(data))) }
        guard !answer.isEmpty else { return }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer))).whenComplete { _ in channel.close(promise: nil) }
    }
}
