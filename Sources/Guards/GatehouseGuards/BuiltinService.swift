public import NIOCore

/// A service of the house itself, which answers in a backend's place on the routes that the configuration gives it.
///
/// It stands behind all guards as a backend does. Shared by all event loops.
public protocol BuiltinService: Sendable {
    /// Longest request body in bytes that it reads; a longer one is refused with 413.
    var bodyLimit: Int { get }

    /// Answers a request whose whole body is there.
    ///
    /// - Parameter loop: the exchange's event loop: it is where the answer must come, and it must not be blocked.
    func answer(_ exchange: Exchange, body: ByteBuffer, on loop: any EventLoop) -> EventLoopFuture<LocalAnswer>
}

extension BuiltinService {
    /// 64 KiB.
    public var bodyLimit: Int { 64 * 1024 }
}
