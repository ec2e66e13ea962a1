internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// One HTTP/2 stream of a client: one exchange.
final class HTTP2Front: ChannelDuplexHandler, FrontStream, Deadlined {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let house: LoopContext
    private let facts: ConnectionFacts
    private let startedAt: Int64
    private var context: ChannelHandlerContext?
    private var runner: ExchangeRunner?
    private var isReading = true
    private var hasHeldRead = false
    private var bodyBytes = 0
    private var isRequestWhole = false
    private var isEnded = false
    private var left: Int?
    private var bodyDeadline: Int64 = 0
    private var writeStalledAt: Int64 = 0

    init(_ house: LoopContext, _ facts: ConnectionFacts) {
        self.house = house
        self.facts = facts
        startedAt = house.now
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        house.watch(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        house.unwatch(self)
    }

    func read(context: ChannelHandlerContext) {
        if isReading { context.read() } else { hasHeldRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let headers) where runner == nil: begin(headers)
        case .headers(let headers): readTrailers(headers)
        case .data(let data): readBody(data)
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { runner?.requestReadComplete() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeStalledAt = context.channel.isWritable ? 0 : house.now
        if context.channel.isWritable { runner?.frontWritable() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        runner?.frontClosed("client reset the stream")
        runner = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: Reading the request

    private func begin(_ headers: HTTP2Frame.FramePayload.Headers) {
        var builder = HTTP2RequestBuilder(limits: house.house.wireLimits)
        do throws(WireError) {
            for header in headers.headers { try builder.add(header.name, header.value) }
            start(try builder.finish(endsStream: headers.endStream), endsStream: headers.endStream)
        } catch {
            var head = RequestHead()
            head.version = .http2
            let runner = ExchangeStart.runner(head, on: self, facts, startedAt: startedAt, house)
            self.runner = runner
            runner.startRefused(error)
        }
    }

    private func start(_ head: consuming RequestHead, endsStream: Bool) {
        let runner = ExchangeStart.runner(head, on: self, facts, startedAt: startedAt, house)
        self.runner = runner
        isRequestWhole = endsStream
        runner.isRequestWhole = endsStream
        if !endsStream { bodyDeadline = house.now + runner.destination.waits.requestBodyIdle }
        let most = runner.destination.limits.bodyBytes.bytes
        if case .length(let count) = runner.exchange.request.framing, count > most {
            return runner.startRefused(WireError(.bodyTooLong, "body of \(count) bytes"))
        }
        runner.start()
    }

    private func readBody(_ data: HTTP2Frame.FramePayload.Data) {
        guard case .byteBuffer(let bytes) = data.data, let runner else { return }
        bodyBytes += bytes.readableBytes
        bodyDeadline = house.now + runner.destination.waits.requestBodyIdle
        let most = runner.destination.limits.bodyBytes.bytes
        guard bodyBytes <= most else {
            return runner.requestFailed(WireError(.bodyTooLong, "body of more than \(most) bytes"))
        }
        if bytes.readableBytes > 0 { runner.requestBody(bytes) }
        if data.endStream { requestEnded(nil) }
    }

    private func readTrailers(_ headers: HTTP2Frame.FramePayload.Headers) {
        do throws(WireError) {
            requestEnded(try HTTP2ResponseBuilder.trailers(headers.headers.lazy.map { (name: $0.name, value: $0.value) }))
        } catch {
            runner?.requestFailed(error)
        }
    }

    private func requestEnded(_ trailers: FieldBlock?) {
        guard !isRequestWhole else { return }
        isRequestWhole = true
        bodyDeadline = 0
        runner?.requestEnd(trailers)
    }

    // MARK: FrontStream

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func sendInterim(_ head: ResponseHead) {
        write(.headers(.init(headers: headers(of: head), endStream: false)))
        flush()
    }

    func send(_ head: ResponseHead, _ body: OutgoingBody) {
        var headers = headers(of: head)
        switch body {
        case .none: isEnded = true
        case .length(let count):
            headers.add(name: "content-length", value: String(count))
            left = count
            isEnded = count == 0
        case .stream: left = nil
        }
        write(.headers(.init(headers: headers, endStream: isEnded)))
    }

    func send(_ body: ByteBuffer) {
        if let left {
            self.left = left - body.readableBytes
            isEnded = left == body.readableBytes
        }
        write(.data(.init(data: .byteBuffer(body), endStream: isEnded)))
    }

    func end(trailers: FieldBlock?) {
        guard !isEnded else { return }
        isEnded = true
        guard let trailers else { return write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))) }
        var headers = HPACKHeaders()
        HPACKWriter.add(trailers, to: &headers)
        write(.headers(.init(headers: headers, endStream: true)))
    }

    func flush() { context?.flush() }

    func cut() {
        runner = nil
        context?.flush()
        context?.close(promise: nil)
    }

    func setReading(_ isReading: Bool) {
        self.isReading = isReading
        guard isReading, hasHeldRead else { return }
        hasHeldRead = false
        context?.read()
    }

    // a stream ends with its answer, so nothing else has to be closed
    func closeAfterAnswer() {}
    func startTunnel() {}
    func sendTunnel(_ bytes: ByteBuffer) {}
    func endTunnel() {}

    func exchangeEnded(_ request: consuming RequestHead) {
        runner = nil
        if !isRequestWhole { context?.close(promise: nil) }
    }

    private func headers(of head: ResponseHead) -> HPACKHeaders {
        var headers = HPACKHeaders()
        headers.add(name: ":status", value: String(head.status))
        HPACKWriter.add(head.fields, to: &headers)
        return headers
    }

    private func write(_ payload: HTTP2Frame.FramePayload) { context?.write(wrapOutboundOut(payload), promise: nil) }

    // MARK: Deadlined

    var deadline: Int64 {
        let writeIdle = runner?.destination.waits.writeIdle ?? 30_000_000_000
        let stalled = writeStalledAt == 0 ? 0 : writeStalledAt + writeIdle
        return earliest(earliest(isReading ? bodyDeadline : 0, runner?.deadline ?? 0), stalled)
    }

    func deadlinePassed() {
        let now = house.now
        guard let runner else { return }
        if runner.deadline > 0, runner.deadline <= now { return runner.waitedTooLong() }
        if bodyDeadline > 0, bodyDeadline <= now {
            bodyDeadline = 0
            return runner.bodyTooSlow()
        }
        runner.breakOff("client took no bytes for too long")
    }
}
