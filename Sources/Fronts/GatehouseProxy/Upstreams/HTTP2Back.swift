internal import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire
internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// One HTTP/2 connection to a backend, shared by the exchanges of its event loop.
final class HTTP2Back {
    private let channel: any Channel
    private let pool: UpstreamPool
    private var multiplexer: NIOHTTP2Handler.StreamMultiplexer?
    private var streams = 0
    private var mostStreams = 100
    private var isRetired = false

    init(channel: any Channel, pool: UpstreamPool) throws {
        self.channel = channel
        self.pool = pool
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0), HTTP2Setting(parameter: .initialWindowSize, value: 1 << 20),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 65536),
        ]
        connection.targetWindowSize = 4 << 20
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = 1 << 20
        stream.outboundBufferSizeHighWatermark = 64 * 1024
        stream.outboundBufferSizeLowWatermark = 32 * 1024
        multiplexer = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .client, connectionConfiguration: connection, streamConfiguration: stream
        ) { $0.close() }
        try channel.pipeline.syncOperations.addHandler(HTTP2BackWatcher(self))
    }

    /// True when one more stream can be opened.
    var hasRoom: Bool { !isRetired && streams < mostStreams && channel.isActive }

    /// Opens a stream for an exchange.
    func open(_ lease: Lease) {
        streams += 1
        let bound = NIOLoopBound((self, lease), eventLoop: channel.eventLoop)
        multiplexer?.createStreamChannel { stream in
            stream.eventLoop.makeCompletedFuture {
                let (connection, _) = bound.value
                try stream.pipeline.syncOperations.addHandler(HTTP2BackStream(connection))
            }
        }.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let stream):
                if let handler = try? stream.pipeline.syncOperations.handler(type: HTTP2BackStream.self) { lease.start(handler) }
            case .failure(let error):
                self.streamEnded()
                lease.fail(BackFailure(kind: .connect, reason: "no stream to `\(self.pool.member.name)`: \(error)"))
            }
        }
    }

    /// Takes no more streams, and ends when the open ones have ended.
    func retire() {
        isRetired = true
        if streams == 0 { channel.close(promise: nil) }
    }

    func streamEnded() {
        streams -= 1
        if isRetired, streams == 0 { return channel.close(promise: nil) }
        pool.streamClosed(on: self)
    }

    func settingsChanged(_ settings: HTTP2Settings) {
        if let most = settings.last(where: { $0.parameter == .maxConcurrentStreams })?.value { mostStreams = most }
    }

    func goAway() { isRetired = true }

    func closed() {
        isRetired = true
        multiplexer = nil
        pool.connectionClosed(self)
    }

    /// The scheme of requests on this connection.
    var scheme: String { pool.member.url.scheme.isEncrypted ? "https" : "http" }

    /// The limits for answers.
    var responseLimits: WireLimits { pool.context.house.responseLimits }
}

/// Watches the frames of the connection itself.
private final class HTTP2BackWatcher: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let back: HTTP2Back

    init(_ back: HTTP2Back) { self.back = back }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).payload {
        case .settings(.settings(let settings)): back.settingsChanged(settings)
        case .goAway: back.goAway()
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        back.closed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// One exchange on a shared connection.
final class HTTP2BackStream: ChannelDuplexHandler, BackStream {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let connection: HTTP2Back
    private var context: ChannelHandlerContext?
    private var reader: (any BackReader)?
    private var isReading = true
    private var hasHeldRead = false
    private var hasHead = false
    private var isEnded = false
    private var isReported = false

    init(_ connection: HTTP2Back) { self.connection = connection }

    func begin(_ reader: any BackReader) { self.reader = reader }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ head: RequestHead) {
        var headers = HPACKHeaders()
        headers.add(name: ":method", value: head.method.name)
        headers.add(name: ":scheme", value: connection.scheme)
        headers.add(name: ":authority", value: head.fields[.host] ?? head.authority)
        headers.add(name: ":path", value: head.targetText)
        HPACKWriter.add(head.fields, to: &headers, except: [.host, .connection, .upgrade])
        if case .length(let count) = head.framing, count > 0 { headers.add(name: "content-length", value: String(count)) }
        isEnded = head.framing == .none || head.framing == .length(0)
        write(.headers(.init(headers: headers, endStream: isEnded)))
    }

    func send(_ body: ByteBuffer) { write(.data(.init(data: .byteBuffer(body)))) }

    func end(trailers: FieldBlock?) {
        guard !isEnded else { return }
        isEnded = true
        guard let trailers else { return write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))) }
        var headers = HPACKHeaders()
        HPACKWriter.add(trailers, to: &headers)
        write(.headers(.init(headers: headers, endStream: true)))
    }

    func flush() { context?.flush() }

    func setReading(_ isReading: Bool) {
        self.isReading = isReading
        guard isReading, hasHeldRead else { return }
        hasHeldRead = false
        context?.read()
    }

    func cancel() {
        reader = nil
        context?.close(promise: nil)
    }

    // HTTP/2 has no 101, so there are no tunnels on it
    func startTunnel() {}
    func sendTunnel(_ bytes: ByteBuffer) {}
    func endTunnel() {}
    func recycle(_ head: consuming ResponseHead) {}

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func read(context: ChannelHandlerContext) {
        if isReading { context.read() } else { hasHeldRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let headers): readHeaders(headers)
        case .data(let data):
            if case .byteBuffer(let bytes) = data.data, bytes.readableBytes > 0 { reader?.backBody(bytes) }
            if data.endStream { finish(nil) }
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { reader?.backReadComplete() }

    func channelWritabilityChanged(context: ChannelHandlerContext) { if context.channel.isWritable { reader?.backWritable() } }

    func channelInactive(context: ChannelHandlerContext) {
        if !isReported {
            isReported = true
            connection.streamEnded()
        }
        fail(BackFailure(kind: hasHead ? .truncated : .reset, reason: "stream reset by the backend"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(BackFailure(kind: hasHead ? .truncated : .reset, reason: "stream broke: \(error)"))
        context.close(promise: nil)
    }

    private func readHeaders(_ headers: HTTP2Frame.FramePayload.Headers) {
        let fields = headers.headers.lazy.map { (name: $0.name, value: $0.value) }
        do throws(WireError) {
            if hasHead { return finish(try HTTP2ResponseBuilder.trailers(fields)) }
            let head = try HTTP2ResponseBuilder.head(fields, endsStream: headers.endStream)
            guard head.status != 101 else { throw WireError(.badStatusLine, "101 in HTTP/2") }
            if head.status < 200 {
                reader?.backInterim(head)
                return
            }
            hasHead = true
            reader?.backHead(head)
            if headers.endStream { finish(nil) }
        } catch {
            fail(BackFailure(kind: .malformed, reason: "\(error.code.rawValue): \(error.reason)"))
            context?.close(promise: nil)
        }
    }

    private func finish(_ trailers: FieldBlock?) {
        let finished = reader
        reader = nil
        finished?.backEnd(trailers)
        finished?.backReadComplete()
        if !isEnded { context?.close(promise: nil) }
    }

    private func fail(_ failure: BackFailure) {
        let failed = reader
        reader = nil
        failed?.backFailed(failure)
    }

    private func write(_ payload: HTTP2Frame.FramePayload) { context?.write(wrapOutboundOut(payload), promise: nil) }
}

/// Puts field lines into HPACK's form.
enum HPACKWriter {
    /// Adds every line but those of some names; values with secrets are never indexed.
    static func add(_ fields: FieldBlock, to headers: inout HPACKHeaders, except: KnownFieldSet = []) {
        for index in 0..<fields.count {
            let known = fields.known(at: index)
            if let known, except.contains(known) { continue }
            let isSecret = known == .authorization || known == .cookie || known == .setCookie
            headers.add(name: fields.name(at: index), value: fields.value(at: index), indexing: isSecret ? .neverIndexed : .indexable)
        }
    }
}
