internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire

/// Makes a request ready for the next hop: hop-by-hop fields go, facts about the client come.
enum ForwardedFields {
    /// Finds the true client: behind trusted proxies the last address that none of them vouches for.
    static func resolveClient(_ exchange: Exchange, trusted: [CIDRBlock]) {
        guard !trusted.isEmpty, isTrusted(exchange.client, trusted) else { return }
        let hops = ForwardedReader.hops(exchange.request.fields)
        for hop in hops.reversed() {
            guard let address = hop.address else { break }
            exchange.client = address
            exchange.isSecure = hop.scheme.map { $0 == "https" } ?? exchange.isSecure
            guard isTrusted(address, trusted) else { break }
        }
    }

    /// Rewrites a request's fields for the backend.
    static func prepare(_ exchange: Exchange, _ destination: Destination) {
        let upgrade = exchange.request.fields.contains(.upgrade) ? upgrade(exchange.request) : nil
        let takesTrailers = exchange.request.fields.lists(.te, "trailers")
        ConnectionOptions.strip(&exchange.request.fields, and: claims)
        if let upgrade {
            exchange.request.fields.append(.connection, "upgrade")
            exchange.request.fields.append(.upgrade, upgrade)
        } else if takesTrailers {
            exchange.request.fields.append(.connection, "te")
            exchange.request.fields.append(.te, "trailers")
        }
        stripPrefix(exchange, destination)
        addFacts(exchange, client: exchange.clientText, scheme: exchange.isSecure ? "https" : "http")
        addBackendFields(exchange)
    }

    /// What guards tell the backend takes the place of what the client said under the same names.
    private static func addBackendFields(_ exchange: Exchange) {
        guard exchange.backendFields.count > 0 else { return }
        for index in 0..<exchange.backendFields.count where exchange.backendFields.known(at: index) != .gatehouseIdentity {
            exchange.request.fields.remove(named: exchange.backendFields.name(at: index))
        }
        exchange.request.fields.append(contentsOf: exchange.backendFields)
    }

    /// The protocol that the client asks for, to be asked of the backend; clear-text HTTP/2 is not, since it would pass every guard:
    /// such a request is answered as it is (RFC 9110, section 7.8).
    private static func upgrade(_ request: RequestHead) -> String? {
        guard request.version == .http11, request.fields.lists(.connection, "upgrade"), request.fields.contains(.upgrade),
            !request.fields.lists(.upgrade, "h2c")
        else { return nil }
        return request.fields[.upgrade]
    }

    private static func addFacts(_ exchange: Exchange, client: String, scheme: String) {
        let host = exchange.request.authority
        exchange.request.fields.append(.xForwardedFor, client)
        exchange.request.fields.append(.xForwardedProto, scheme)
        exchange.request.fields.append(.xForwardedHost, host)
        exchange.request.fields.append(.forwarded, room: client.utf8.count + host.utf8.count + 40) {
            writeForwarded(client, scheme, host, to: &$0)
        }
        let trace = exchange.trace
        exchange.request.fields.append(.traceparent, room: TraceContext.traceparentLength) { trace.writeTraceparent(to: &$0) }
        let incident = exchange.incident
        exchange.request.fields.append(.xRequestID, room: 32) { incident.write(to: &$0) }
    }

    /// Fields that are ours to set; the length is written from the framing.
    private static let claims: KnownFieldSet = [
        .forwarded, .xForwardedFor, .xForwardedHost, .xForwardedPort, .xForwardedProto, .xRealIP, .traceparent, .xRequestID,
        .gatehouseIdentity, .proxyAuthorization, .contentLength,
    ]

    /// Makes Host what the client asked for, or the backend's own name where the service wants that.
    static func setHost(_ exchange: Exchange, _ destination: Destination, _ member: Member) {
        let host =
            destination.preservesHost && !exchange.request.authority.isEmpty
            ? exchange.request.authority : member.url.endpoint.description
        guard let index = exchange.request.fields.firstIndex(of: .host), exchange.request.fields.hasValue(host, at: index) else {
            return exchange.request.fields.set(.host, host)
        }
    }

    private static func stripPrefix(_ exchange: Exchange, _ destination: Destination) {
        let prefix = destination.strippedPrefix
        guard !prefix.isEmpty, exchange.request.pathBytes.starts(with: prefix) else { return }
        let rest = exchange.request.target[prefix.count...]
        guard rest.isEmpty || rest.first == UInt8(ascii: "/") || rest.first == UInt8(ascii: "?") else { return }
        exchange.request.setTarget(rest.first == UInt8(ascii: "/") ? Array(rest) : [UInt8(ascii: "/")] + rest)
    }

    /// One element of RFC 7239, section 4.
    private static func writeForwarded(_ client: String, _ scheme: String, _ host: String, to out: inout OutputSpan<UInt8>) {
        let isIPv6 = client.utf8.contains(UInt8(ascii: ":"))
        out.append(literal: isIPv6 ? "for=\"[" : "for=")
        out.append(text: client)
        out.append(literal: isIPv6 ? "]\";proto=" : ";proto=")
        out.append(text: scheme)
        out.append(literal: ";host=\"")
        out.append(text: host)
        out.append(UInt8(ascii: "\""))
    }

    private static func isTrusted(_ address: IPAddress, _ trusted: [CIDRBlock]) -> Bool {
        trusted.contains { $0.contains(address) }
    }
}
