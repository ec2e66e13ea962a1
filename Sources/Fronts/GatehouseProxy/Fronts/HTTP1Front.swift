internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// One HTTP/1 connection of a client: reads requests one after the other, and writes their answers.
final class HTTP1Front: ChannelDuplexHandler, FrontStream, FrontConnection, Deadlined {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// Between requests, or in the middle of a head.
        case reading
        /// An exchange is under way.
        case exchange
        /// Raw bytes, both ways.
        case tunnel
        /// Our half is closed; what still comes is thrown away.
        case lingering
        case closed
    }

    private let house: LoopContext
    private let facts: ConnectionFacts
    private let redirectPort: Int?
    private var state = State.reading
    private var context: ChannelHandlerContext?
    private var requests: HTTP1RequestReader
    private var input = ByteBuffer()
    private var out = ByteBuffer()
    private var runner: ExchangeRunner?
    private var isReading = true
    private var hasHeldRead = false
    private var isParsing = false
    private var isRequestWhole = false
    private var isClosing = false
    private var isChunked = false
    private var isInputClosed = false
    private var requestCount = 0
    private var lingered = 0
    private var headStartedAt: Int64 = 0
    /// How many bytes of the head that is being read came before those in `input`.
    private var keptBytes = 0
    private var ownDeadline: Int64 = 0
    private var writeStalledAt: Int64 = 0

    init(_ house: LoopContext, _ facts: ConnectionFacts, redirectsTo redirectPort: Int?) {
        self.house = house
        self.facts = facts
        self.redirectPort = redirectPort
        requests = HTTP1RequestReader(limits: house.house.wireLimits)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        house.add(self)
        house.watch(self)
        ownDeadline = house.now + house.house.waits.requestHead
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        isWritable = false
        house.remove(self)
        house.unwatch(self)
    }

    func read(context: ChannelHandlerContext) {
        if isReading { context.read() } else { hasHeldRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch state {
        case .reading, .exchange:
            if input.readableBytes == 0 { input = bytes } else { input.writeBuffer(&bytes) }
            parse()
        case .tunnel: runner?.frontTunnel(bytes)
        case .lingering: linger(bytes.readableBytes)
        case .closed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if state == .exchange { runner?.requestReadComplete() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        writeStalledAt = isWritable ? 0 : house.now
        if isWritable { runner?.frontWritable() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closed
        runner?.frontClosed("client closed the connection")
        runner = nil
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        isInputClosed = true
        switch state {
        case .reading where headStartedAt > 0: refuse(WireError(.truncated, "the head ends in the middle"))
        case .reading, .lingering, .closed: close()
        case .tunnel: runner?.frontTunnelEnded()
        case .exchange: if isRequestWhole { isClosing = true } else { close() }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

    // MARK: Reading requests

    private func parse() {
        guard !isParsing else { return }
        isParsing = true
        defer { isParsing = false }
        while state == .reading || (state == .exchange && !isRequestWhole) {
            do throws(WireError) {
                guard try step() else { break }
            } catch {
                refuse(error)
                break
            }
        }
        if input.readableBytes == 0 { input = ByteBuffer() } else if input.readableBytes > 64 * 1024, isRequestWhole { setReading(false) }
    }

    /// Reads on; false when more bytes are needed.
    private func step() throws(WireError) -> Bool {
        if state == .reading, headStartedAt == 0, input.readableBytes > 0 { headBegins() }
        var position = 0
        let bytes = input
        keptBytes = requests.head.wire.count
        let event = try requests.next(bytes.readableBytesUInt8Span, &position)
        switch event {
        case .needsMore:
            input.moveReaderIndex(forwardBy: position)
            return false
        case .head:
            input.moveReaderIndex(forwardBy: position)
            beginExchange()
        case .body(let range):
            let slice = input.getSlice(at: input.readerIndex + range.lowerBound, length: range.count)
            input.moveReaderIndex(forwardBy: position)
            if let runner, let slice {
                waitForBody(runner)
                runner.requestBody(slice)
            }
        case .end:
            input.moveReaderIndex(forwardBy: position)
            isRequestWhole = true
            ownDeadline = 0
            runner?.requestEnd(requests.trailers.count > 0 ? requests.trailers : nil)
        }
        return true
    }

    private func headBegins() {
        headStartedAt = house.now
        if requestCount > 0 { ownDeadline = headStartedAt + house.house.waits.requestHead }
    }

    private func beginExchange() {
        requestCount += 1
        state = .exchange
        isRequestWhole = false
        ownDeadline = 0
        let head = requests.takeHead()
        if ConnectionOptions.wantsClose(head.fields, version: head.version) || head.hadBothLengths || house.isDraining
            || requestCount >= house.house.configuration.limits.requestsPerConnection
        {
            isClosing = true
        }
        let bodyless = head.framing == .none || head.framing == .length(0)
        let runner = ExchangeStart.runner(head, on: self, facts, startedAt: headStartedAt, house)
        requests.limits.bodyBytes = runner.destination.limits.bodyBytes.bytes
        self.runner = runner
        if bodyless {
            isRequestWhole = true
            runner.isRequestWhole = true
        } else if case .length(let count) = runner.exchange.request.framing, count > runner.destination.limits.bodyBytes.bytes {
            return runner.startRefused(WireError(.bodyTooLong, "body of \(count) bytes"))
        } else {
            waitForBody(runner)
        }
        if let redirectPort, runner.exchange.connection.tls == nil { return runner.redirect(toPort: redirectPort) }
        runner.start()
    }

    private func waitForBody(_ runner: ExchangeRunner) {
        ownDeadline = house.now + runner.destination.waits.requestBodyIdle
    }

    private func refuse(_ error: WireError) {
        isClosing = true
        if let runner, state == .exchange { return runner.requestFailed(error) }
        state = .exchange
        if headStartedAt == 0 { headStartedAt = house.now }
        let head = requests.takeHead()
        var bytes = ByteBuffer(bytes: head.wire.prefix(keptBytes))
        bytes.writeBytes(input.readableBytesView.prefix(64 * 1024))
        let runner = ExchangeStart.runner(head, on: self, facts, startedAt: headStartedAt, house)
        self.runner = runner
        runner.startRefused(error, bytes: bytes)
    }

    // MARK: FrontStream

    private(set) var isWritable = true

    func sendInterim(_ head: ResponseHead) {
        makeRoom()
        HeadWriter.writeOpen(head, to: &out)
        out.writeStaticString("\r\n")
        flush()
    }

    func send(_ head: ResponseHead, _ body: OutgoingBody) {
        let version = runner?.exchange.request.version ?? .http11
        makeRoom()
        HeadWriter.writeOpen(head, to: &out)
        isChunked = false
        switch body {
        case .none: break
        case .length(let count): HeadWriter.writeLength(count, to: &out)
        case .stream:
            if version == .http11 {
                isChunked = true
                out.writeStaticString("transfer-encoding: chunked\r\n")
            } else {
                isClosing = true
            }
        }
        if head.status != 101 {
            if isClosing {
                out.writeStaticString("connection: close\r\n")
            } else if version == .http10 {
                out.writeStaticString("connection: keep-alive\r\n")
            }
        }
        out.writeStaticString("\r\n")
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
        isChunked = false
    }

    func flush() {
        guard let context else { return }
        guard out.readableBytes > 0 else { return context.flush() }
        var written = ByteBuffer()
        swap(&written, &out)
        context.writeAndFlush(wrapOutboundOut(written), promise: nil)
        house.spareBuffers.giveBack(written)
    }

    /// Makes sure that there is memory to write in.
    private func makeRoom() { if out.capacity == 0 { out = house.spareBuffers.take() } }

    func cut() {
        flush()
        close()
    }

    func setReading(_ isReading: Bool) {
        self.isReading = isReading
        guard isReading, hasHeldRead else { return }
        hasHeldRead = false
        context?.read()
    }

    func closeAfterAnswer() { isClosing = true }

    func startTunnel() { state = .tunnel }

    func sendTunnel(_ bytes: ByteBuffer) { context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil) }

    func endTunnel() { context?.close(mode: .output, promise: nil) }

    func exchangeEnded(_ request: consuming RequestHead) {
        runner = nil
        guard state == .exchange else { return }
        if isClosing { return startLingering() }
        requests.recycle(consume request)
        requests.startNext()
        state = .reading
        isRequestWhole = false
        headStartedAt = 0
        ownDeadline = house.now + house.house.waits.idleKeepAlive
        setReading(true)
        parse()
    }

    // MARK: Ending

    /// Closes our half and reads on for a moment, so that the answer is not lost to a reset.
    private func startLingering() {
        guard !isInputClosed, input.readableBytes > 0 || !isRequestWhole else { return close() }
        state = .lingering
        ownDeadline = house.now + 2_000_000_000
        context?.close(mode: .output, promise: nil)
        setReading(true)
    }

    private func linger(_ count: Int) {
        lingered += count
        if lingered > 256 * 1024 { close() }
    }

    func drain() {
        isClosing = true
        if state == .reading, headStartedAt == 0 { close() }
    }

    func close() { context?.close(promise: nil) }

    // MARK: Deadlined

    var deadline: Int64 {
        let writeIdle = runner?.destination.waits.writeIdle ?? 30_000_000_000
        let stalled = writeStalledAt == 0 ? 0 : writeStalledAt + writeIdle
        return earliest(earliest(isReading ? ownDeadline : 0, runner?.deadline ?? 0), stalled)
    }

    func deadlinePassed() {
        let now = house.now
        if let runner, runner.deadline > 0, runner.deadline <= now { return runner.waitedTooLong() }
        if isReading, ownDeadline > 0, ownDeadline <= now { return readTooSlow() }
        house.emit("listener", "slow_reader", .low, "client took no bytes for too long", [("client", facts.peer.description)])
        runner?.breakOff("client took no bytes for too long")
        close()
    }

    private func readTooSlow() {
        ownDeadline = 0
        if let runner, state == .exchange { return runner.bodyTooSlow() }
        guard state == .reading, headStartedAt > 0 else { return close() }
        house.emit("listener", "slow_writer", .low, "head not whole in time", [("client", facts.peer.description)])
        state = .exchange
        isClosing = true
        let runner = ExchangeStart.runner(requests.takeHead(), on: self, facts, startedAt: headStartedAt, house)
        self.runner = runner
        runner.refuse(Problem(status: 408), closing: true)
    }
}
