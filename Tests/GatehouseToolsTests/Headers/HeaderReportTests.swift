import NIOCore
import NIOPosix
import Testing

@testable import GatehouseTools

@Suite struct HeaderReportTests {
    @Test func aSiteIsAskedAndGraded() async throws {
        let server = try await CannedServer.start([
            "/": "HTTP/1.1 302 Found\r\nlocation: /shop\r\nset-cookie: a=1\r\ncontent-length: 0\r\n\r\n",
            "/shop": "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nx-content-type-options: nosniff\r\ntransfer-encoding: chunked\r\n\r\n"
                + "1d\r\n<script src=//x.test></script\r\n1\r\n>\r\n0\r\n\r\n",
        ])
        let report = try await HeaderReport(of: "http://127.0.0.1:\(server.port)/", time: 1_700_000_000)
        try await server.stop()
        #expect(report.score == 0)
        #expect(report.json.contains("{\"test\":\"cookies\",\"result\":\"cookies-without-secure-flag\",\"points\":-20,"))
        #expect(report.json.contains("\"result\":\"sri-not-implemented-and-external-scripts-not-loaded-securely\""))
        #expect(report.json.contains("\"result\":\"x-content-type-options-nosniff\""))
        #expect(report.json.contains("\"result\":\"redirection-not-to-https\""))
        #expect(report.table.contains("score 0, grade F"))
    }

    @Test(arguments: ["ftp://x.example/", "http://", "https://x:99999/"]) func whatIsNoAddressIsRefused(text: String) async {
        await #expect(throws: HeaderReport.Failure.self) { try await HeaderReport(of: text, time: 0) }
    }

    @Test func whereNothingAnswersThereIsNoGrade() async throws {
        let server = try await CannedServer.start([:])
        try await server.stop()
        await #expect(throws: HeaderReport.Failure.self) { try await HeaderReport(of: "http://127.0.0.1:\(server.port)/", time: 0) }
    }
}

/// Answers each path with a text and closes; other paths with 404.
private struct CannedServer {
    let channel: any Channel

    var port: Int { channel.localAddress?.port ?? 0 }

    static func start(_ answers: [String: String]) async throws -> CannedServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(CannedHandler(answers)) }
            }.bind(host: "127.0.0.1", port: 0).get()
        return CannedServer(channel: channel)
    }

    func stop() async throws { try await channel.close() }
}

private final class CannedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answers: [String: String]

    init(_ answers: [String: String]) { self.answers = answers }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let request = String(buffer: unwrapInboundIn(data))
        let words = request.split(separator: " ", maxSplits: 2).map(String.init)
        let answer = words.first == "GET" ? answers[words[1]] : nil
        let buffer = context.channel.allocator.buffer(string: answer ?? "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
}
