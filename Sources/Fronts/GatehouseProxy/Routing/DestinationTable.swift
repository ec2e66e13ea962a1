internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire

/// The destinations of all services and routes of a configuration, and the router that tells them apart.
struct DestinationTable: Sendable {
    private let router: Router
    private let services: [ServiceDestinations]
    private let unmatched: Destination

    private struct ServiceDestinations: Sendable {
        var fallback: Destination
        var routes: [Destination]
    }

    /// Makes the destinations; backends stand in the order of the services.
    init(_ configuration: Configuration, backends: [Backend], fittings: any HouseFittings) throws {
        router = Router(configuration.services)
        services = try zip(configuration.services, backends).map { service, backend in
            ServiceDestinations(
                fallback: try Self.destination(service, nil, backend, fittings),
                routes: try service.routes.map { try Self.destination(service, $0, backend, fittings) })
        }
        let place = GuardPlace(service: nil, route: nil, settings: configuration.guards)
        unmatched = Destination(
            route: Route(
                service: "", name: "", guards: try fittings.guards(place), bodyLimit: configuration.limits.request.bodyBytes.bytes),
            cluster: nil, timeouts: configuration.timeouts.request, limits: configuration.limits.request)
    }

    /// The destination of a request; the one without cluster when nothing matches. Paths are compared in their normal form.
    func destination(for head: borrowing RequestHead) -> Destination {
        // the target of CONNECT names no path (RFC 9110, section 9.3.6); where guards let it through, it is any other request
        if head.method == .connect { return find(head.authority, [UInt8(ascii: "/")].span, head.method.name) }
        let path = head.pathBytes
        if PathNormalizer.needsWork(path.span) {
            return find(head.authority, PathNormalizer.normalized(path).span, head.method.name)
        }
        return find(head.authority, path.span, head.method.name)
    }

    private func find(_ authority: String, _ path: Span<UInt8>, _ method: String) -> Destination {
        let bytes = authority.utf8Span.span
        let host = bytes.extracting(HostName.range(in: bytes))
        guard let match = router.match(host: host, path: path, method: method.utf8Span.span) else { return unmatched }
        guard let route = match.route else { return services[match.service].fallback }
        return services[match.service].routes[route]
    }

    private static func destination(
        _ service: Service, _ route: RouteSettings?, _ backend: Backend, _ fittings: any HouseFittings
    ) throws -> Destination {
        let place = GuardPlace(service: service, route: route, settings: route?.guards ?? service.guards)
        let limits = route?.limits ?? service.limits
        return Destination(
            route: Route(
                service: place.serviceName, name: place.routeName, guards: try fittings.guards(place), bodyLimit: limits.bodyBytes.bytes),
            cluster: backend.cluster, builtin: backend.builtin, timeouts: route?.timeouts ?? service.timeouts, limits: limits,
            preservesHost: service.preservesHost, strippedPrefix: Array((service.stripPrefix?.text ?? "").utf8))
    }
}

/// What answers the requests of a service: a cluster of backends, or a part of the house.
enum Backend: Sendable {
    case cluster(Cluster)
    case builtin(any BuiltinService)

    var cluster: Cluster? { if case .cluster(let cluster) = self { cluster } else { nil } }
    var builtin: (any BuiltinService)? { if case .builtin(let builtin) = self { builtin } else { nil } }
}

/// The host of an authority: without port, brackets and closing dot.
enum HostName {
    static func utf8(of authority: String) -> [UInt8] {
        let bytes = Array(authority.utf8)
        return Array(bytes[range(in: bytes.span)])
    }

    /// Where the host stands in the bytes of an authority.
    static func range(in authority: Span<UInt8>) -> Range<Int> {
        var end = authority.count
        guard end > 0 else { return 0..<0 }
        if authority[end - 1] != UInt8(ascii: "]"), let colon = authority.indices.last(where: { authority[$0] == UInt8(ascii: ":") }) {
            end = colon
        }
        guard end > 0 else { return 0..<0 }
        if authority[0] == UInt8(ascii: "["), authority[end - 1] == UInt8(ascii: "]") { return 1..<max(end - 1, 1) }
        return 0..<(authority[end - 1] == UInt8(ascii: ".") ? end - 1 : end)
    }
}
