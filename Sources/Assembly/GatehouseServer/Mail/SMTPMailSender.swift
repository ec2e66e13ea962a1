internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseIdentitySite
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Hands mail over to a mail server, one connection for each message, in 30 seconds at most.
struct SMTPMailSender: MailSender {
    let settings: SMTPServer
    let from: String
    let group: any EventLoopGroup

    func send(_ mail: Mail) async throws {
        let message = try MailMessage(mail, from: from, date: Date(), identifier: UUID().uuidString)
        let plan = SMTPDialogue.Plan(
            message: message, host: ProcessInfo.processInfo.hostName.filter { $0.isASCII && !$0.isWhitespace },
            usesStartTLS: settings.security == .startTLS, user: settings.user, password: settings.password?.value.reveal())
        let context = settings.security == .none ? nil : try Self.context(settings)
        let name = settings.server.address == nil ? settings.server.host : nil
        let isEncryptedFirst = settings.security == .tls
        let loop = group.next()
        let promise = loop.makePromise(of: Void.self)
        let timer = loop.scheduleTask(in: .seconds(30)) { promise.fail(MailError(reason: "the mail server took too long")) }
        let connection = ClientBootstrap(group: loop).connectTimeout(.seconds(10)).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if isEncryptedFirst, let context {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                }
                try channel.pipeline.syncOperations.addHandler(SMTPHandler(SMTPDialogue(plan), context, name, promise))
            }
        }.connect(host: settings.server.host, port: settings.server.port)
        connection.whenFailure { promise.fail($0) }
        promise.futureResult.whenComplete { _ in
            timer.cancel()
            connection.whenSuccess { $0.close(promise: nil) }
        }
        try await promise.futureResult.get()
    }

    private static func context(_ settings: SMTPServer) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let ca = settings.ca { configuration.trustRoots = .file(ca.path) }
        return try NIOSSLContext(configuration: configuration)
    }
}

private final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var dialogue: SMTPDialogue
    private var reader = SMTPReplyReader()
    private let tls: NIOSSLContext?
    private let serverName: String?
    private let promise: EventLoopPromise<Void>

    init(_ dialogue: SMTPDialogue, _ tls: NIOSSLContext?, _ serverName: String?, _ promise: EventLoopPromise<Void>) {
        self.dialogue = dialogue
        self.tls = tls
        self.serverName = serverName
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            guard let reply = try reader.take(unwrapInboundIn(data).readableBytesView) else { return }
            act(dialogue.take(reply), context)
        } catch {
            promise.fail(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(MailError(reason: "the mail server hung up")) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }

    private func act(_ action: SMTPDialogue.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .send(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .done(let bytes):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            promise.succeed()
        case .fail(let reason): promise.fail(MailError(reason: reason))
        case .encrypt: encrypt(context)
        }
    }

    private func encrypt(_ context: ChannelHandlerContext) {
        guard let tls else { return promise.fail(MailError(reason: "no tls is set up")) }
        do {
            try context.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName), position: .first)
            reader = SMTPReplyReader()
            act(dialogue.encrypted(), context)
        } catch {
            promise.fail(error)
        }
    }
}
