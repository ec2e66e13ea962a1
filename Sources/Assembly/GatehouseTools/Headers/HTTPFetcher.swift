internal import HTTPWire
internal import HeaderGrade
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Asks one address once, over HTTP/1.1 on a connection of its own.
///
/// Limits: ten seconds, 64 KiB of head, 4 MiB of body of which the rest is left unread.
struct HTTPFetcher: Sendable {
    private let group: any EventLoopGroup
    private let trustRoots: NIOSSLTrustRoots
    private let timeout = TimeAmount.seconds(10)

    /// A fetcher.
    ///
    /// - Parameter authorities: certificates that are trusted beside the system's.
    init(group: any EventLoopGroup, authorities: [NIOSSLCertificate] = []) {
        self.group = group
        trustRoots = authorities.isEmpty ? .default : .certificates(authorities)
    }

    /// The answer to a request. A certificate that does not verify is noted in the answer and otherwise overlooked.
    ///
    /// - Returns: `nil` when nothing answers, or not in HTTP.
    func fetch(_ url: GradedURL, method: String = "GET", fields: [(name: String, value: String)] = []) async -> CapturedResponse? {
        if let answer = try? await send(url, method, fields, verifies: true) { return answer }
        guard url.scheme == "https" else { return nil }
        var answer = try? await send(url, method, fields, verifies: false)
        answer?.isVerified = false
        return answer
    }

    private func send(
        _ url: GradedURL, _ method: String, _ fields: [(name: String, value: String)], verifies: Bool
    ) async throws -> CapturedResponse {
        let loop = group.next()
        let answer = loop.makePromise(of: FetchedAnswer.self)
        let timer = loop.scheduleTask(in: timeout) { answer.fail(ChannelError.connectTimeout(timeout)) }
        let tls = url.scheme == "https" ? try tlsContext(verifies) : nil
        let host = url.host.hasPrefix("[") ? String(url.host.dropFirst().dropLast()) : url.host
        let request = Self.text(url, method, fields)
        let connection = ClientBootstrap(group: loop).connectTimeout(timeout).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls {
                    let isName = host.contains { $0.isLetter } && !host.contains(":")
                    try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isName ? host : nil))
                }
                try channel.pipeline.syncOperations.addHandler(AnswerReader(method: HTTPMethod(method), request: request, answer: answer))
            }
        }.connect(host: host, port: url.port)
        connection.whenFailure { answer.fail($0) }
        answer.futureResult.whenComplete { _ in
            timer.cancel()
            connection.whenSuccess { $0.close(promise: nil) }
        }
        let fetched = try await answer.futureResult.get()
        return CapturedResponse(
            url: url, status: fetched.status, fields: fetched.fields.map { (name: $0.name, value: $0.value) },
            body: String(decoding: fetched.body, as: UTF8.self))
    }

    private func tlsContext(_ verifies: Bool) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.trustRoots = trustRoots
        if !verifies { configuration.certificateVerification = .none }
        return try NIOSSLContext(configuration: configuration)
    }

    private static func text(_ url: GradedURL, _ method: String, _ fields: [(name: String, value: String)]) -> String {
        let isDefault = url.port == (url.scheme == "https" ? 443 : 80)
        let lines = [
            "\(method) \(url.target) HTTP/1.1", "host: \(url.host)\(isDefault ? "" : ":\(url.port)")", "user-agent: gatehouse-headers",
            "accept-encoding: identity", "connection: close",
        ]
        return (lines + fields.map { "\($0.name): \($0.value)" }).joined(separator: "\r\n") + "\r\n\r\n"
    }
}

/// An answer as it was read.
struct FetchedAnswer: Sendable {
    var status = 0
    var fields: [Field] = []
    var body: [UInt8] = []

    /// One line.
    struct Field: Sendable {
        var name: String
        var value: String
    }
}

/// Sends a request and reads the answer to it.
private final class AnswerReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let bodyLimit = 4 << 20
    private let request: String
    private let answer: EventLoopPromise<FetchedAnswer>
    private var reader: HTTP1ResponseReader
    private var unread: [UInt8] = []
    private var fetched = FetchedAnswer()

    init(method: HTTPMethod, request: String, answer: EventLoopPromise<FetchedAnswer>) {
        self.request = request
        self.answer = answer
        var limits = WireLimits()
        limits.headBytes = 64 * 1024
        limits.fieldCount = 256
        reader = HTTP1ResponseReader(limits: limits)
        reader.start(for: method)
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: request)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unread += Array(unwrapInboundIn(data).readableBytesView)
        do throws(WireError) { try readOn() } catch { answer.fail(error) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if reader.close() { answer.succeed(fetched) } else { answer.fail(WireError(.truncated, "connection closed")) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // many servers close TLS without saying so
        if reader.close() { answer.succeed(fetched) } else { answer.fail(error) }
        context.close(promise: nil)
    }

    private func readOn() throws(WireError) {
        var position = 0
        defer { unread.removeFirst(position) }
        while true {
            let bytes = unread
            switch try reader.next(bytes.span, &position) {
            case .needsMore: return
            case .interim: continue
            case .head:
                fetched.status = reader.head.status
                fetched.fields = (0..<reader.head.fields.count).map {
                    FetchedAnswer.Field(name: reader.head.fields.name(at: $0), value: reader.head.fields.value(at: $0))
                }
            case .body(let range):
                fetched.body += unread[range]
                if fetched.body.count >= Self.bodyLimit { return answer.succeed(fetched) }
            case .end: return answer.succeed(fetched)
            }
        }
    }
}
