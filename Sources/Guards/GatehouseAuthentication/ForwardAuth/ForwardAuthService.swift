public import GatehouseGuards
internal import HTTPWire
public import NIOCore

/// Answers another proxy whether a request may pass (nginx `auth_request`, Traefik `ForwardAuth`, Caddy `forward_auth`).
///
/// It stands behind the guards of its service, which have refused already what may not pass; what is left is 200 with the fields
/// that the other proxy should copy to the backend.
public struct ForwardAuthService: BuiltinService {
    /// A service.
    public init() {}

    /// Says yes, and who the caller is.
    public func answer(_ exchange: Exchange, body: ByteBuffer, on loop: any EventLoop) -> EventLoopFuture<LocalAnswer> {
        var fields: [(name: String, value: String)] = [("cache-control", "no-store")]
        for index in 0..<exchange.backendFields.count {
            fields.append((exchange.backendFields.name(at: index), exchange.backendFields.value(at: index)))
        }
        return loop.makeSucceededFuture(LocalAnswer(status: 200, fields: fields))
    }
}
