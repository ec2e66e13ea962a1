/// A backend: where its requests come in and where they go.
public struct Service: Sendable, Equatable {
    /// Its name in events and metrics; by default the first upstream's host and port. Unique.
    public var name = ""
    /// The hosts it answers for; empty: every host.
    public var hosts: [HostPattern] = []
    /// The path prefixes it answers for; empty: every path.
    public var paths: [PathPrefix] = []
    /// Its backends; never empty in a loaded file.
    public var upstreams: [Upstream] = []
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
    /// Parts of the service with settings of their own; the most specific one counts.
    public var routes: [RouteSettings] = []

    /// An empty service, to be filled in.
    public init() {}
}

/// A part of a service with settings of its own.
public struct RouteSettings: Sendable, Equatable {
    /// Its name in events; by default the path as written.
    public var name = ""
    /// Which paths it takes.
    public var path = PathPattern("/")
    /// Which methods it takes; empty: all.
    public var methods: [MethodName] = []
    /// Its guards: the service's, overridden by its own.
    public var guards = Guards()
    /// Limits of requests, merged likewise.
    public var limits = RouteLimits()
    /// Time limits, merged likewise.
    public var timeouts = RouteTimeouts()

    /// A route of every path.
    public init() {}
}
