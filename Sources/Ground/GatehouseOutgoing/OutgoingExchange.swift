internal import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// One request and its answer on a connection of their own.
final class OutgoingExchange: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: OutgoingRequest
    private let promise: EventLoopPromise<OutgoingAnswer>
    private var reader: HTTP1ResponseReader
    private var pending: [UInt8] = []
    private var body: [UInt8] = []
    private var isSent = false
    private var isDone = false

    init(_ request: OutgoingRequest, _ promise: EventLoopPromise<OutgoingAnswer>) {
        self.request = request
        self.promise = promise
        reader = HTTP1ResponseReader()
        reader.start(for: request.method)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        if context.channel.isActive, !request.address.isSecure { send(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        if !request.address.isSecure { send(context) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            guard isExpectedPeer(context) else {
                fail(OutgoingError(.connection, "the certificate of `\(request.address.origin)` is for another name"))
                return context.close(promise: nil)
            }
            send(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        pending.append(contentsOf: bytes.readableBytesView)
        read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if reader.close() { succeed() } else { fail(OutgoingError(.cutOff, "`\(request.address.origin)` ended the connection too early")) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(OutgoingError(.connection, "connection to `\(request.address.origin)` failed: \(error)"))
        context.close(promise: nil)
    }

    /// An address has no name to ask for; the TLS library compares it with the certificate.
    private func isExpectedPeer(_ context: ChannelHandlerContext) -> Bool {
        guard IPAddress(text: request.address.host) == nil else { return true }
        guard let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate() else { return false }
        return PeerName(request.address.host).isFulfilled(by: certificate)
    }

    private func send(_ context: ChannelHandlerContext) {
        guard !isSent else { return }
        isSent = true
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: request.wire)), promise: nil)
    }

    private func read() {
        guard !isDone else { return }
        let input = pending
        var position = 0
        do {
            while true {
                switch try reader.next(input.span, &position) {
                case .needsMore:
                    pending = Array(input[position...])
                    return
                case .interim, .head: continue
                case .body(let range): try take(input[range])
                case .end: return succeed()
                }
            }
        } catch let error as WireError {
            fail(OutgoingError(.malformed, "`\(request.address.origin)` answers with broken HTTP: \(error.reason)"))
        } catch {
            fail(error)
        }
    }

    private func take(_ part: ArraySlice<UInt8>) throws {
        guard body.count + part.count <= request.answerLimit else {
            throw OutgoingError(.tooLong, "the answer of `\(request.address.origin)` is longer than \(request.answerLimit) bytes")
        }
        body.append(contentsOf: part)
    }

    private func succeed() {
        guard !isDone else { return }
        isDone = true
        promise.succeed(OutgoingAnswer(head: reader.head, body: body))
    }

    private func fail(_ error: any Error) {
        guard !isDone else { return }
        isDone = true
        promise.fail(error)
    }
}
