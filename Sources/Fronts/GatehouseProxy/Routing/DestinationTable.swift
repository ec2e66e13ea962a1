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

    /// Makes the destinations; clusters stand in the order of the services.
    init(_ configuration: Configuration, clusters: [Cluster], guards: (GuardPlace) -> [Route.Placement]) {
        router = Router(configuration.services)
        services = zip(configuration.services, clusters).map { service, cluster in
            ServiceDestinations(
                fallback: Self.destination(service, nil, cluster, guards),
                routes: service.routes.map { Self.destination(service, $0, cluster, guards) })
        }
        let place = GuardPlace(service: "", route: "", settings: configuration.guards)
        unmatched = Destination(
            route: Route(service: "", name: "", guards: guards(place), bodyLimit: configuration.limits.request.bodyBytes.bytes),
            cluster: nil, timeouts: configuration.timeouts.request, limits: configuration.limits.request)
    }

    /// The destination of a request; the one without cluster when nothing matches. Paths are compared in their normal form.
    func destination(for head: borrowing RequestHead) -> Destination {
        let host = HostName.utf8(of: head.authority)
        let method = Array(head.method.name.utf8)
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
        _ service: Service, _ route: RouteSettings?, _ cluster: Cluster, _ guards: (GuardPlace) -> [Route.Placement]
    ) -> Destination {
        let place = GuardPlace(service: service.name, route: route?.name ?? "", settings: route?.guards ?? service.guards)
        let limits = route?.limits ?? service.limits
        return Destination(
            route: Route(service: service.name, name: place.route, guards: guards(place), bodyLimit: limits.bodyBytes.bytes),
            cluster: cluster, timeouts: route?.timeouts ?? service.timeouts, limits: limits,
            preservesHost: service.preservesHost, strippedPrefix: Array((service.stripPrefix?.text ?? "").utf8))
    }
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
