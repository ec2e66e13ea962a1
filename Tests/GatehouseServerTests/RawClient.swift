import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A client that sends bytes as they are and collects what comes back.
final class RawClient: Sendable {
    private let channel: any Channel
    private let collected: Collector

    init(port: Int) async throws {
        let collector = Collector()
        collected = collector
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(CollectingHandler(collector)) }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    func closeOutput() async throws { try await channel.close(mode: .output) }

    func close() async throws { try await channel.close() }

    /// Waits until what came fits, or the connection is closed, or a minute has passed; gives all that came.
    func receive(until isEnough: (String) -> Bool = { _ in false }) async throws -> String {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let (text, isClosed) = collected.state
            if isEnough(text) || isClosed { return text }
            try await Task.sleep(for: .milliseconds(5))
        }
        return collected.state.text + "\n[nothing more in a minute]"
    }

    /// Sends a request and gives everything up to the end of the connection.
    static func exchange(_ text: String, port: Int) async throws -> String {
        let client = try await RawClient(port: port)
        try await client.send(text)
        let answer = try await client.receive()
        try? await client.close()
        return answer
    }
}

final class Collector: Sendable {
    private let inner = Mutex<(bytes: [UInt8], isClosed: Bool)>(([], false))

    var state: (text: String, isClosed: Bool) { inner.withLock { (String(decoding: $0.bytes, as: UTF8.self), $0.isClosed) } }

    func add(_ bytes: [UInt8]) { inner.withLock { $0.bytes += bytes } }

    func close() { inner.withLock { $0.isClosed = true } }
}

private final class CollectingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let collector: Collector

    init(_ collector: Collector) { self.collector = collector }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        collector.add(bytes.getBytes(at: bytes.readerIndex, length: bytes.readableBytes) ?? [])
    }

    func channelInactive(context: ChannelHandlerContext) { collector.close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        collector.close()
        context.close(promise: nil)
    }
}
