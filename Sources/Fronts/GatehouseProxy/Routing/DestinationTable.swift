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
        let host = HostName.utf8(of: head.authority)
        let method = Array(head.method.name.utf8)
        // the target of CONNECT names no path (RFC 9110, section 9.3.6); where guards let it through, it is any other request
        if head.method == .connect { return find(host, [UInt8(ascii: "/")].span, method) }
        let path = head.pathBytes
        if PathNormalizer.needsWork(path) {
            return find(host, PathNormalizer.normalized(path).span, method)
        }
        return find(host, path.span, method)
    }

    private func find(_ host: [UInt8], _ path: Span<UInt8>, _ method: [UInt8]) -> Destination {
        guard let match = router.match(host: host.span, path: path, method: method.span) else { return unmatched }
        let service = services[match.service]
        return match.route.map { service.routes[$0] } ?? service.fallback
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
        var bytes = Array(authority.utf8)
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")), bytes.last != UInt8(ascii: "]") { bytes.removeSubrange(colon...) }
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") { return Array(bytes.dropFirst().dropLast()) }
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        return bytes
    }
}
