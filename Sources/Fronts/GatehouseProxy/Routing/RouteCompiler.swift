internal import GatehouseConfiguration
internal import GatehouseGuards

/// Turns services and routes of a configuration into the router's entries.
struct RouteCompiler {
    let configuration: Configuration
    let guards: (GuardPlace) -> [GatehouseGuards.Route.Placement]

    func router(clusters: [Cluster]) -> Router {
        let entries = zip(configuration.services, clusters).flatMap { service, cluster in self.entries(of: service, cluster) }
        return Router(entries, unmatched: unmatched)
    }

    private func entries(of service: Service, _ cluster: Cluster) -> [Router.Entry] {
        let fallback = destination(service, nil, cluster)
        let routes = service.routes.map { route in
            Router.RouteEntry(
                pattern: route.path, methods: route.methods.map(\.name), destination: destination(service, route, cluster))
        }
        let prefixes = service.paths.isEmpty ? [[]] : service.paths.map { Array($0.text.utf8) }
        return prefixes.map { Router.Entry(hosts: service.hosts, prefix: $0, routes: routes, fallback: fallback) }
    }

    private func destination(_ service: Service, _ route: GatehouseConfiguration.Route?, _ cluster: Cluster) -> Destination {
        let place = GuardPlace(service: service.name, route: route?.name ?? "", settings: route?.guards ?? service.guards)
        let limits = route?.limits ?? service.limits
        return Destination(
            route: compiled(place, limits), cluster: cluster, timeouts: route?.timeouts ?? service.timeouts, limits: limits,
            preservesHost: service.preservesHost, strippedPrefix: Array((service.stripPrefix?.text ?? "").utf8))
    }

    private var unmatched: Destination {
        let place = GuardPlace(service: "", route: "", settings: configuration.guards)
        return Destination(
            route: compiled(place, configuration.limits.request), cluster: nil, timeouts: configuration.timeouts.request,
            limits: configuration.limits.request)
    }

    private func compiled(_ place: GuardPlace, _ limits: RouteLimits) -> GatehouseGuards.Route {
        GatehouseGuards.Route(
            service: place.service, name: place.route, guards: guards(place), bodyLimit: limits.bodyBytes.bytes)
    }
}
