internal import GatehouseCore

/// A backend: where its requests come in and where they go.
public struct Service: Sendable, Equatable {
    /// Its name in events and metrics; by default the first upstream's host and port. Unique.
    public var name = ""
    /// The hosts it answers for; empty: every host.
    public var hosts: [HostPattern] = []
    /// The path prefixes it answers for; empty: every path.
    public var paths: [PathPrefix] = []
    /// Its backends; empty in a loaded file only where `builtin` is set.
    public var upstreams: [Upstream] = []
    /// The part of the house that answers in an upstream's place.
    public var builtin: Builtin?
    /// How an upstream is chosen.
    public var balance = Balance.roundRobin
    /// TLS towards the upstreams.
    public var tls = UpstreamTLS()
    /// Health checks.
    public var health = Health()
    /// Retries of requests that may be repeated.
    public var retries = Retries()
    /// Bounds on what waits for the upstreams.
    public var circuitBreaker = CircuitBreaker()
    /// Sends the client's `Host` on (true) or the upstream's own name.
    public var preservesHost = true
    /// A prefix taken off the path before it is sent on.
    public var stripPrefix: PathPrefix?
    /// The guards of requests that no route of this service takes: the top's, overridden by the service's.
    public var guards = Guards()
    /// Limits of requests, merged likewise.
    public var limits = RouteLimits()
    /// Time limits, merged likewise.
    public var timeouts = RouteTimeouts()
    /// By which policies its requests are decided; nil: every request is let through to the service.
    public var authorization: Authorization?
    /// What `builtin: decisions` answers by.
    public var decisions = DecisionService()
    /// Parts of the service with settings of their own; the most specific one counts.
    public var routes: [RouteSettings] = []

    /// An empty service, to be filled in.
    public init() {}
}

extension Service: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "service" }
    /// What it is for.
    public static var about: String {
        "A backend. A request goes to the service whose host says most (a name, then the longest wildcard, then none), then whose path prefix is longest."
    }

    /// Its keys; what routes inherit is read before them.
    public static var keys: [ConfigurationKey<Service>] {
        [
            ConfigurationKey("upstream", "The one upstream, by its URL: the short form of `upstreams`.", form: UpstreamURL.form) {
                node, service, reader in
                guard let url = UpstreamURL.read(node, over: nil, with: &reader) else { return }
                service.upstreams = [Upstream(url: url)]
                if let why = UpstreamURL.clearTextRisk.reason(url) { reader.unsafe("\(url)", because: why, at: node) }
            },
            ConfigurationKey("upstreams", \.upstreams, "The backend servers, among which `balance` chooses.", defaultText: ""),
            ConfigurationKey(
                "builtin", \.builtin,
                "A part of the house that answers in an upstream's place: the OpenID `identity` provider, the AuthZEN `decisions` point, "
                    + "or `forward_auth` for other proxies."),
            ConfigurationKey(
                "name", \.name, "Its name in events and metrics; unique.",
                defaultText: "host and port of the first upstream, or the builtin's name"),
            ConfigurationKey(
                "hosts", \.hosts, "The hosts it answers for: names, or `*.example.com` for every name below.", defaultText: "every host"),
            ConfigurationKey("paths", \.paths, "The path prefixes it answers for.", defaultText: "every path"),
            ConfigurationKey(
                "balance", \.balance,
                "How an upstream is chosen: in turn, by the fewest running requests, or the same one for the same key."),
            ConfigurationKey("tls", \.tls, "TLS towards the upstreams (`https` and `h2`).", defaultText: ""),
            ConfigurationKey("health", \.health, "Health checks.", defaultText: ""),
            ConfigurationKey("retries", \.retries, "Retries of requests that may be repeated.", defaultText: ""),
            ConfigurationKey("circuit_breaker", \.circuitBreaker, "Bounds on what waits for an upstream.", defaultText: ""),
            ConfigurationKey("preserve_host", \.preservesHost, "Sends the client's `Host` on; `false` sends the upstream's own name."),
            ConfigurationKey("strip_prefix", \.stripPrefix, "A path prefix taken off before the request is sent on."),
            ConfigurationKey("guards", \.guards, "Overrides single keys of the guards at the top.", defaultText: "those at the top"),
            OpenAPIGuardSettings.key(
                in: \.guards, "What requests and answers may be: the path of an OpenAPI document, or `guards.openapi`."),
            ConfigurationKey("limits", \.limits, "Overrides limits of requests.", defaultText: "those at the top"),
            ConfigurationKey("timeouts", \.timeouts, "Overrides time limits of requests.", defaultText: "those at the top"),
            ConfigurationKey(
                "authorization", \.authorization, "By which policies its requests are decided.", defaultText: "none: all are let through"),
            ConfigurationKey("decisions", \.decisions, "What `builtin: decisions` answers by and to whom.", defaultText: ""),
            ConfigurationKey(
                "routes", "Parts of the service with settings of their own; the most specific one counts.", form: [RouteSettings].form,
                rows: { $0.routes.rows(at: $1) }
            ) { node, service, reader in
                let outer = reader.inherited
                reader.inherited = ConfigurationReader.Inherited(guards: service.guards, limits: service.limits, timeouts: service.timeouts)
                service.routes = [RouteSettings].read(node, over: nil, with: &reader) ?? []
                reader.inherited = outer
            },
        ]
    }

    /// What is set at the top.
    public static func start(with reader: ConfigurationReader) -> Service {
        var service = Service()
        (service.guards, service.limits, service.timeouts) = (reader.inherited.guards, reader.inherited.limits, reader.inherited.timeouts)
        return service
    }

    /// Checks the upstreams and routes together, and names the service.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if let place = node["decisions"], builtin != .decisions { reader.error("`decisions` needs `builtin: decisions`", at: place) }
        checkUpstreams(node, with: &reader)
        if name.isEmpty { name = upstreams.first?.url.endpoint.description ?? builtin?.rawValue ?? "" }
        checkRoutes(node["routes"]?.sequence ?? [], with: &reader)
    }

    private func checkUpstreams(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if builtin != nil {
            for key in ["upstream", "upstreams", "balance", "tls", "health", "retries", "circuit_breaker"] {
                if let other = node[key] { reader.error("`builtin` and `\(key)` exclude each other", at: other) }
            }
        } else if node["upstream"] != nil, let list = node["upstreams"] {
            reader.error("`upstream` and `upstreams` exclude each other", at: list)
        } else if upstreams.isEmpty {
            reader.error("the service has no upstream", at: node["upstreams"] ?? node, help: ["add `upstream: http://HOST:PORT`"])
        } else if !upstreams.contains(where: { $0.weight > 0 }) {
            reader.error("every upstream has weight 0", at: node["upstreams"] ?? node)
        }
        if let tls = node["tls"], !upstreams.contains(where: \.url.scheme.isEncrypted) {
            reader.warning("`tls` has no effect: no upstream is `https` or `h2`", at: tls)
        }
    }

    private func checkRoutes(_ nodes: [YAMLNode], with reader: inout ConfigurationReader) {
        guard nodes.count == routes.count else { return }
        for (index, route) in routes.enumerated() {
            if routes[..<index].contains(where: { $0.path.covers(same: route.path) && $0.overlaps(route) }) {
                reader.error("two routes take `\(route.path)`", at: nodes[index], help: ["tell them apart by `methods`"])
            }
            if !paths.isEmpty, !paths.contains(where: route.path.mayLieUnder) {
                reader.error(
                    "the route `\(route.path)` can never be reached: it lies outside the service's `paths`",
                    at: nodes[index]["path"] ?? nodes[index],
                    help: ["a route's path is the whole path, the service's prefix included"])
            }
        }
    }
}
