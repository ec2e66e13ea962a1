public import GatehouseConfiguration
internal import GatehouseCore
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Sends requests of the house to other parties: keys of issuers, tokens, notices.
///
/// One connection for each request, on one thread of its own, so that a slow party never takes from the data plane. Names are
/// verified against the certificate, redirects are not followed, every request has a limit on time and on the answer's size. The thread
/// begins with the first request.
public final class OutgoingClient: Sendable {
    private let state = Mutex(State())

    private struct State {
        var group: MultiThreadedEventLoopGroup?
        var contexts: [String: NIOSSLContext] = [:]
    }

    /// A client.
    public init() {}

    deinit {
        state.withLock { $0.group }?.shutdownGracefully { _ in }
    }

    /// Sends a request and reads the whole answer.
    ///
    /// - Parameter authorities: a PEM file of CA certificates to trust in place of the system's.
    /// - Throws: ``OutgoingError``.
    public func send(_ request: OutgoingRequest, authorities: FilePath? = nil) async throws(OutgoingError) -> OutgoingAnswer {
        do {
            return try await exchange(request, authorities).get()
        } catch let error as OutgoingError {
            throw error
        } catch {
            throw OutgoingError(.connection, "no connection to `\(request.address.origin)`: \(error)")
        }
    }

    private func exchange(_ request: OutgoingRequest, _ authorities: FilePath?) throws -> EventLoopFuture<OutgoingAnswer> {
        let context = request.address.isSecure ? try context(authorities) : nil
        let group = group()
        let loop = group.any()
        let promise = loop.makePromise(of: OutgoingAnswer.self)
        let limit = TimeAmount.nanoseconds(request.timeout.nanoseconds)
        ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context { try channel.pipeline.syncOperations.addHandler(Self.handler(context, request.address)) }
                    try channel.pipeline.syncOperations.addHandler(OutgoingExchange(request, promise))
                }
            }
            .connect(host: request.address.host, port: request.address.port)
            .whenFailure { promise.fail($0) }
        let timer = loop.scheduleTask(in: limit) {
            promise.fail(OutgoingError(.timeout, "`\(request.address.origin)` gave no whole answer in \(request.timeout.text)"))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }

    /// The name is checked against the certificate; an address has no name to ask for.
    private static func handler(_ context: NIOSSLContext, _ address: HTTPAddress) throws -> NIOSSLClientHandler {
        let isName = IPAddress(text: address.host) == nil
        return try NIOSSLClientHandler(context: context, serverHostname: isName ? address.host : nil)
    }

    private func group() -> MultiThreadedEventLoopGroup {
        state.withLock { state in
            if let group = state.group { return group }
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            state.group = group
            return group
        }
    }

    private func context(_ authorities: FilePath?) throws -> NIOSSLContext {
        let name = authorities?.path ?? ""
        if let known = state.withLock({ $0.contexts[name] }) { return known }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let authorities { configuration.trustRoots = .file(authorities.path) }
        let context = try NIOSSLContext(configuration: configuration)
        state.withLock { $0.contexts[name] = context }
        return context
    }
}
