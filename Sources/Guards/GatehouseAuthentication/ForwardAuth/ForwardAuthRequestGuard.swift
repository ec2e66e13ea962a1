public import GatehouseGuards
internal import HTTPWire

/// Turns the question of another proxy into the request that it is about, so that all guards judge that one.
///
/// Method, address and host come from `X-Forwarded-Method`, `X-Forwarded-Uri` and `X-Forwarded-Host` (Traefik, Caddy), or from
/// `X-Original-Method` and `X-Original-URI` (nginx).
/// Assumes: only whoever asks uses the answer, so that a question with other facts fools nobody else.
public struct ForwardAuthRequestGuard: Guard {
    /// The name in events.
    public let name = "forward_auth"
    /// The phases that it wants.
    public let phases: GuardPhases = .requestHead

    /// A guard for services that answer other proxies.
    public init() {}

    /// Makes the exchange's request the one that is asked about.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        let fields = exchange.request.fields
        let method = fields["x-forwarded-method"] ?? fields["x-original-method"]
        let target = fields["x-forwarded-uri"] ?? fields["x-original-uri"]
        if let method { exchange.request.method = HTTPMethod(method) }
        if let target, target.hasPrefix("/"), target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            exchange.request.setTarget(target.utf8)
        }
        if let host = fields[.xForwardedHost], !host.isEmpty, !host.contains(",") { exchange.request.authority = host.lowercased() }
        if let scheme = fields[.xForwardedProto] { exchange.isSecure = scheme == "https" }
        return .pass
    }
}
