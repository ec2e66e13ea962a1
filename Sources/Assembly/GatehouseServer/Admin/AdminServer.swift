internal import GatehouseCore
internal import HTTPWire
internal import Synchronization

/// The listener for operators, on loopback: health, readiness, metrics.
final class AdminServer: Sendable {
    private let server: LocalHTTPServer
    private let isReady = Mutex(true)

    init(_ endpoint: Endpoint) { server = LocalHTTPServer(endpoint) }

    /// Opens the listener.
    func start(_ pages: AdminPages) async throws {
        try await server.start { request in
            guard request.head.method == .get || request.head.method == .head else {
                return LocalResponse(status: 405, fields: [("allow", "GET, HEAD")], "only GET is offered\n")
            }
            return await pages.page(request.head.path, isReady: self.isReady.withLock { $0 })
        }
    }

    /// Says whether new requests are welcome.
    func setReady(_ ready: Bool) { isReady.withLock { $0 = ready } }

    /// Closes the listener.
    func stop() async { await server.stop() }
}
