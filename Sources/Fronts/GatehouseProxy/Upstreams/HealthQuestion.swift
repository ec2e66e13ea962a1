internal import Atomics
internal import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire
internal import NIOCore

/// One question to one backend whether it is well, asked as requests are: over the same TLS and the protocol that it speaks.
///
/// Has a connection of its own, so that a backend that takes no new connections is not taken for a healthy one. Lives until it
/// is answered or its time is over.
final class HealthQuestion: BackReader {
    private let member: Member
    private let cluster: Cluster
    private let pool: UpstreamPool
    private let answer: EventLoopPromise<String?>
    private var connection: UpstreamConnector.Connection?
    private var stream: (any BackStream)?
    private var isAnswered = false

    init(member: Member, cluster: Cluster, context: LoopContext) {
        self.member = member
        self.cluster = cluster
        pool = UpstreamPool(member: member, cluster: cluster, context: context)
        answer = context.loop.makePromise()
    }

    /// What is wrong; `nil` when all is well.
    func ask() -> EventLoopFuture<String?> {
        let health = cluster.settings.health
        let loop = pool.context.loop
        let bound = NIOLoopBound(self, eventLoop: loop)
        let timeout = loop.scheduleTask(in: TimeAmount(health.timeout)) { bound.value.finish("no answer within \(health.timeout)") }
        answer.futureResult.whenComplete { _ in timeout.cancel() }
        member.connections.wrappingIncrement(ordering: .relaxed)
        UpstreamConnector(pool: pool, timeout: TimeAmount(health.timeout)).connect { result in
            switch result {
            case .success(let connection): self.use(connection)
            case .failure(let failure):
                self.member.connections.wrappingDecrement(ordering: .relaxed)
                self.finish(failure.reason)
            }
        }
        return answer.futureResult
    }

    private func use(_ connection: UpstreamConnector.Connection) {
        self.connection = connection
        guard !isAnswered else { return end() }
        switch connection {
        case .http1(let back):
            back.begin(self)
            send(on: back)
        case .http2(let back):
            back.open(
                Lease(
                    connectTimeout: .zero, reader: self, onStream: { [self] in send(on: $0) }, onFailure: { [self] in finish($0.reason) }))
        }
    }

    private func send(on stream: any BackStream) {
        guard !isAnswered else { return stream.cancel() }
        self.stream = stream
        var head = RequestHead()
        head.setTarget((cluster.settings.health.path ?? "/").utf8)
        head.authority = cluster.settings.tls.serverName ?? member.url.endpoint.description
        head.fields.append(.host, head.authority)
        head.fields.append(.userAgent, "gatehouse-health")
        stream.send(head)
        stream.end(trailers: nil)
        stream.flush()
    }

    private func finish(_ failure: String?) {
        guard !isAnswered else { return }
        isAnswered = true
        answer.succeed(failure)
        end()
    }

    private func end() {
        stream?.cancel()
        stream = nil
        switch connection {
        case .http1(let back): back.close()
        case .http2(let back): back.retire()
        case nil: break
        }
        connection = nil
    }

    // MARK: The answer

    func backHead(_ head: ResponseHead) { finish(head.status < 400 ? nil : "status \(head.status)") }

    func backFailed(_ reason: BackFailure) { finish(reason.reason) }

    func backInterim(_ head: ResponseHead) {}

    func backBody(_ bytes: ByteBuffer) {}

    func backEnd(_ trailers: FieldBlock?) {}

    func backReadComplete() {}

    func backWritable() {}

    func backTunnel(_ bytes: ByteBuffer) {}
}
