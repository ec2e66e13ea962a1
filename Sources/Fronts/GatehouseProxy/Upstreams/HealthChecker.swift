internal import Atomics
internal import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Asks the backends of a house on a clock whether they are well: GET of the configured path, a status below 400 is good.
///
/// Runs on one event loop, with a connection of its own for each question.
final class HealthChecker {
    private let loop: any EventLoop
    private let emit: (String, Severity, String, [(name: String, value: String)]) -> Void
    private var tasks: [RepeatedTask] = []
    private var runs: [Int: Run] = [:]

    private struct Run {
        var good = 0
        var bad = 0
    }

    init(loop: any EventLoop, emit: @escaping (String, Severity, String, [(name: String, value: String)]) -> Void) {
        self.loop = loop
        self.emit = emit
    }

    /// Checks the clusters of a house from now on, and no others.
    func watch(_ clusters: [Cluster]) {
        for task in tasks { task.cancel() }
        tasks = []
        for cluster in clusters where cluster.settings.health.path != nil {
            for member in cluster.members { schedule(member, cluster) }
        }
    }

    private func schedule(_ member: Member, _ cluster: Cluster) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let task = loop.scheduleRepeatedAsyncTask(
            initialDelay: .zero, delay: TimeAmount(cluster.settings.health.interval)
        ) { _ in
            bound.value.check(member, cluster)
        }
        tasks.append(task)
    }

    private func check(_ member: Member, _ cluster: Cluster) -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let answer = HealthQuestion(member: member, cluster: cluster).ask(on: loop)
        return answer.map { bound.value.note($0, member, cluster) }
    }

    private func note(_ failure: String?, _ member: Member, _ cluster: Cluster) {
        var run = runs[member.id, default: Run()]
        run = failure == nil ? Run(good: run.good + 1) : Run(bad: run.bad + 1)
        runs[member.id] = run
        let isHealthy = member.isHealthy.load(ordering: .relaxed)
        let facts = [("service", cluster.name), ("upstream", member.name)]
        if isHealthy, let failure, run.bad >= cluster.settings.health.unhealthyAfter {
            member.isHealthy.store(false, ordering: .relaxed)
            emit("down", .high, "backend does not answer well: \(failure)", facts)
        } else if !isHealthy, run.good >= cluster.settings.health.healthyAfter {
            member.isHealthy.store(true, ordering: .relaxed)
            emit("up", .informational, "backend answers well again", facts)
        }
    }
}

/// One question to one backend.
private struct HealthQuestion: Sendable {
    let member: Member
    let cluster: Cluster

    /// What is wrong; `nil` when all is well.
    func ask(on loop: any EventLoop) -> EventLoopFuture<String?> {
        let health = cluster.settings.health
        let promise = loop.makePromise(of: String?.self)
        let timeout = loop.scheduleTask(in: TimeAmount(health.timeout)) { promise.succeed("no answer within \(health.timeout)") }
        let endpoint = member.url.endpoint
        let connection = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(health.timeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel, promise) }
            }
            .connect(host: endpoint.host, port: endpoint.port)
        connection.whenFailure { promise.succeed("\($0)") }
        promise.futureResult.whenComplete { _ in
            timeout.cancel()
            connection.whenSuccess { $0.close(promise: nil) }
        }
        return promise.futureResult
    }

    private func prepare(_ channel: any Channel, _ promise: EventLoopPromise<String?>) throws {
        guard member.url.scheme == .http || member.url.scheme == .https else {
            return try channel.pipeline.syncOperations.addHandler(ConnectIsEnough(promise: promise))
        }
        if let tls = cluster.tls, member.url.scheme == .https {
            let name = cluster.settings.tls.serverName ?? (member.url.endpoint.address == nil ? member.url.endpoint.host : nil)
            try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
        }
        let request =
            "GET \(cluster.settings.health.path ?? "/") HTTP/1.1\r\nhost: \(member.url.endpoint)\r\nuser-agent: gatehouse-health\r\n"
            + "connection: close\r\n\r\n"
        try channel.pipeline.syncOperations.addHandler(HealthHandler(request: request, promise: promise))
    }
}

/// For backends that speak only HTTP/2: being able to connect is taken for health.
private final class ConnectIsEnough: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<String?>

    init(promise: EventLoopPromise<String?>) { self.promise = promise }

    func channelActive(context: ChannelHandlerContext) { promise.succeed(nil) }
}

private final class HealthHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    private let promise: EventLoopPromise<String?>
    private var answers = HTTP1ResponseReader()
    private var input = ByteBuffer()

    init(request: String, promise: EventLoopPromise<String?>) {
        self.request = request
        self.promise = promise
        answers.start(for: .get)
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        let buffer = input
        var position = 0
        do throws(WireError) {
            guard try answers.next(buffer.readableBytesUInt8Span, &position) == .head else {
                return input.moveReaderIndex(forwardBy: position)
            }
            promise.succeed(answers.head.status < 400 ? nil : "status \(answers.head.status)")
        } catch {
            promise.succeed("answer that is no HTTP: \(error.reason)")
        }
    }

    func channelInactive(context: ChannelHandlerContext) { promise.succeed("connection closed without an answer") }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.succeed("\(error)")
        context.close(promise: nil)
    }
}
