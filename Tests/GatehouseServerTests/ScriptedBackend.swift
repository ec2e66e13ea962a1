import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A backend that answers whatever its script says, well made or not.
final class ScriptedBackend: Sendable {
    /// What to do when a request head has come: bytes to send, and whether to close after them. `nil` to say nothing.
    typealias Script = @Sendable (_ request: String, _ number: Int) -> (bytes: String, closes: Bool)?

    private let channel: any Channel
    private let seen: Seen

    final class Seen: Sendable {
        private let requests = Mutex<[String]>([])
        private let connections = Mutex(0)
        func add(_ request: String) -> Int {
            requests.withLock { requests in
                requests.append(request)
                return requests.count
            }
        }
        func connect() { connections.withLock { $0 += 1 } }
        var all: [String] { requests.withLock { $0 } }
        var connectionCount: Int { connections.withLock { $0 } }
    }

    init(_ script: @escaping Script) async throws {
        let seen = Seen()
        self.seen = seen
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    seen.connect()
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(script, seen))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    /// The requests as they came: head, and the body as far as it had a length or chunks.
    var requests: [String] { seen.all }

    /// Connections that were made.
    var connectionCount: Int { seen.connectionCount }

    func close() async throws { try await channel.close() }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: ScriptedBackend.Script
    private let seen: ScriptedBackend.Seen
    private var text = ""
    private var isTunnel = false

    init(_ script: @escaping ScriptedBackend.Script, _ seen: ScriptedBackend.Seen) {
        self.script = script
        self.seen = seen
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
        if isTunnel {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "echo:" + text)), promise: nil)
            text = ""
            return
        }
        while let request = takeRequest() {
            let number = seen.add(request)
            guard let (bytes, closes) = script(request, number) else { continue }
            isTunnel = bytes.hasPrefix("HTTP/1.1 101")
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: bytes)), promise: nil)
            if closes { context.close(promise: nil) }
        }
    }

    private func takeRequest() -> String? {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let head = String(text[..<end.upperBound])
        var rest = String(text[end.upperBound...])
        var body = ""
        if let field = head.range(of: "content-length: ") {
            let count = Int(head[field.upperBound...].prefix { $0.isNumber }) ?? 0
            guard rest.utf8.count >= count else { return nil }
            body = String(rest.prefix(count))
            rest = String(rest.dropFirst(count))
        } else if head.contains("transfer-encoding: chunked") {
            guard let last = rest.range(of: "0\r\n\r\n") else { return nil }
            body = String(rest[..<last.upperBound])
            rest = String(rest[last.upperBound...])
        }
        text = rest
        return head + body
    }
}
