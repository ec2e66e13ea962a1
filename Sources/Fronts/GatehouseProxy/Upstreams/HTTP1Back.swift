internal import GatehouseCore
internal import HTTPWire
internal import NIOCore

/// One HTTP/1.1 connection to a backend: carries one exchange at a time and then waits in its pool.
final class HTTP1Back: ChannelDuplexHandler, BackStream, Deadlined {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case idle
        case exchange
        case tunnel
        case closed
    }

    private var state = State.idle
    private var context: ChannelHandlerContext?
    private var responses: HTTP1ResponseReader
    private var out = ByteBuffer()
    private var pendingInput: ByteBuffer?
    private var isReading = true
    private var hasHeldRead = false
    private var isRequestEnded = false
    private var isChunked = false
    private var receivedBytes = false
    private var reader: (any BackReader)?
    private let pool: UpstreamPool

    /// When the pool closes an idle connection; 0 for never.
    var deadline: Int64 = 0
    /// Exchanges that it has carried.
    private(set) var uses = 0

    init(pool: UpstreamPool, limits: WireLimits) {
        self.pool = pool
        responses = HTTP1ResponseReader(limits: limits)
    }

    private(set) var isWritable = true

    /// Starts an exchange on an idle connection.
    func begin(_ reader: any BackReader) {
        self.reader = reader
        state = .exchange
        uses += 1
        deadline = 0
        isRequestEnded = false
        receivedBytes = false
        setReading(true)
    }

    func send(_ head: RequestHead) {
        responses.start(for: head.method)
        isChunked = head.framing == .chunked
        makeRoom()
        HeadWriter.write(head, to: &out)
    }

    func send(_ body: ByteBuffer) {
        makeRoom()
        BodyWriter.write(body, chunked: isChunked, to: &out) { [context] in context?.write(wrapOutboundOut($0), promise: nil) }
    }

    func end(trailers: FieldBlock?) {
        if isChunked {
            makeRoom()
            BodyWriter.writeEnd(trailers, to: &out)
        }
        isRequestEnded = true
    }

    func flush() {
        guard let context else { return }
        guard out.readableBytes > 0 else { return context.flush() }
        var written = ByteBuffer()
        swap(&written, &out)
        context.writeAndFlush(wrapOutboundOut(written), promise: nil)
        pool.context.spareBuffers.giveBack(written)
    }

    /// Makes sure that there is memory to write in.
    private func makeRoom() { if out.capacity == 0 { out = pool.context.spareBuffers.take() } }

    func setReading(_ isReading: Bool) {
        self.isReading = isReading
        guard isReading, let context else { return }
        if let input = pendingInput {
            pendingInput = nil
            read(input, context)
        }
        if self.isReading, hasHeldRead {
            hasHeldRead = false
            context.read()
        }
    }

    func cancel() {
        reader = nil
        guard state != .closed else { return }
        state = .closed
        context?.close(promise: nil)
    }

    func startTunnel() { state = .tunnel }

    func sendTunnel(_ bytes: ByteBuffer) { context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil) }

    func endTunnel() { context?.close(mode: .output, promise: nil) }

    func recycle(_ head: consuming ResponseHead) { responses.recycle(head) }

    /// Closes an idle connection whose time is over.
    func deadlinePassed() { close() }

    /// Closes the connection; an exchange on it fails.
    func close() { context?.close(promise: nil) }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        pool.context.watch(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        isWritable = false
        pool.context.unwatch(self)
    }

    func read(context: ChannelHandlerContext) {
        if isReading { context.read() } else { hasHeldRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        read(unwrapInboundIn(data), context)
    }

    func channelReadComplete(context: ChannelHandlerContext) { reader?.backReadComplete() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        if isWritable { reader?.backWritable() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let wasIdle = state == .idle
        let mayEnd = state == .exchange && responses.close()
        state = .closed
        pool.connectionClosed(self, wasIdle: wasIdle)
        guard let reader else { return }
        self.reader = nil
        if mayEnd {
            reader.backEnd(nil)
        } else {
            reader.backFailed(
                BackFailure(kind: receivedBytes ? .truncated : .reset, reason: "connection closed by the backend"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: Reading

    private func read(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        switch state {
        case .idle, .closed:
            // nothing was asked: the backend breaks the protocol, or says goodbye with a 408
            context.close(promise: nil)
        case .tunnel:
            reader?.backTunnel(bytes)
        case .exchange:
            receivedBytes = true
            var input = bytes
            if var earlier = pendingInput {
                pendingInput = nil
                earlier.writeBuffer(&input)
                input = earlier
            }
            parse(input, context)
        }
    }

    private func parse(_ input: ByteBuffer, _ context: ChannelHandlerContext) {
        var position = 0
        do throws(WireError) {
            while state == .exchange {
                let event = try responses.next(input.readableBytesUInt8Span, &position)
                switch event {
                case .needsMore: return keep(input, from: position)
                case .interim: reader?.backInterim(responses.head)
                case .head: reader?.backHead(responses.takeHead())
                case .body(let range): deliver(input, range)
                case .end: return finish(input, position, context)
                }
            }
            if state == .tunnel { tunnelRest(input, position) }
        } catch {
            fail(BackFailure(kind: .malformed, reason: "\(error.code.rawValue): \(error.reason)"), context)
        }
    }

    private func deliver(_ input: ByteBuffer, _ range: Range<Int>) {
        guard let slice = input.getSlice(at: input.readerIndex + range.lowerBound, length: range.count) else { return }
        reader?.backBody(slice)
    }

    private func keep(_ input: ByteBuffer, from position: Int) {
        guard position < input.readableBytes else { return }
        var rest = input
        rest.moveReaderIndex(forwardBy: position)
        pendingInput = rest
    }

    private func tunnelRest(_ input: ByteBuffer, _ position: Int) {
        guard let rest = input.getSlice(at: input.readerIndex + position, length: input.readableBytes - position),
            rest.readableBytes > 0
        else { return }
        reader?.backTunnel(rest)
    }

    private func finish(_ input: ByteBuffer, _ position: Int, _ context: ChannelHandlerContext) {
        let trailers = responses.trailers.count > 0 ? responses.trailers : nil
        let finished = reader
        reader = nil
        let isReusable =
            isRequestEnded && position == input.readableBytes && !responses.closesConnection && context.channel.isActive
        state = isReusable ? .idle : .closed
        if isReusable { pool.giveBack(self) } else { context.close(promise: nil) }
        finished?.backEnd(trailers)
        finished?.backReadComplete()
    }

    private func fail(_ failure: BackFailure, _ context: ChannelHandlerContext) {
        let failed = reader
        reader = nil
        state = .closed
        context.close(promise: nil)
        failed?.backFailed(failure)
    }
}
