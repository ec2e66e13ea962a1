public import GatehouseConfiguration
public import GatehouseCore
public import GatehouseGuards
internal import HTTPWire
internal import NIOSSL

/// A configuration made ready for the data plane: immutable, shared by all loops, exchanged as a whole at a reload.
public final class House: Sendable {
    /// The configuration that it was made from.
    public let configuration: Configuration
    let destinations: DestinationTable
    let clusters: [Cluster]
    let trustedProxies: [CIDRBlock]
    let wireLimits: WireLimits
    let waits: HouseWaits
    let responseLimits: WireLimits
    /// Renders our own errors.
    let problems: any ProblemWriter

    /// Makes a configuration ready.
    ///
    /// - Parameters:
    ///   - fittings: gives guards and builtin services.
    ///   - previous: the house in force, whose unchanged clusters keep their state.
    /// - Throws: what TLS files are wrong, or what a guard or builtin service cannot be made from.
    public init(_ configuration: Configuration, fittings: any HouseFittings, previous: House?) throws {
        self.configuration = configuration
        problems = fittings.problems
        trustedProxies = configuration.trustedProxies
        var wireLimits = WireLimits(configuration.limits.request)
        wireLimits.keepsWire = configuration.usesFirewall
        wireLimits.prefersTransferEncoding = configuration.guards.protocol.mode == .report
        self.wireLimits = wireLimits
        waits = HouseWaits(configuration.timeouts)
        var responseLimits = WireLimits()
        responseLimits.headBytes = configuration.limits.request.responseHeaderBytes.bytes
        responseLimits.fieldCount = 256
        self.responseLimits = responseLimits
        let backends = try configuration.services.map { service in
            if let kind = service.builtin { return Backend.builtin(try fittings.builtin(kind, of: service)) }
            return .cluster(
                try previous?.clusters.first { $0.settings.usesSameBackends(as: service) }
                    ?? Cluster(service, tls: UpstreamTLSContext.make(service)))
        }
        clusters = backends.compactMap(\.cluster)
        destinations = try DestinationTable(configuration, backends: backends, fittings: fittings)
    }
}

/// Makes what a house stands on from its configuration; called off the event loops, whenever one is loaded.
public protocol HouseFittings: Sendable {
    /// The guards of one place, in the order of a request's life.
    ///
    /// - Throws: why a guard cannot be made; the configuration is then not used.
    func guards(_ place: GuardPlace) throws -> [Route.Placement]

    /// The part of the house that a service with `builtin` stands for.
    ///
    /// - Throws: why it cannot be made; the configuration is then not used.
    func builtin(_ kind: Builtin, of service: Service) throws -> any BuiltinService

    /// Renders our own errors.
    var problems: any ProblemWriter { get }
}

/// One place in the configuration that has guards of its own.
public struct GuardPlace: Sendable {
    /// The service; `nil` for requests that match none.
    public let service: Service?
    /// The route; `nil` for the service's own guards.
    public let route: RouteSettings?
    /// The settings in force there.
    public let settings: Guards

    /// Names a place.
    public init(service: Service?, route: RouteSettings?, settings: Guards) {
        self.service = service
        self.route = route
        self.settings = settings
    }

    /// The service's name; empty for requests that match none.
    public var serviceName: String { service?.name ?? "" }
    /// The route's name; empty for the service's own guards.
    public var routeName: String { route?.name ?? "" }
}

/// Renders an error of ours for the caller.
public protocol ProblemWriter: Sendable {
    /// The body for a refusal, and its fields.
    func write(_ problem: Problem, for exchange: Exchange) -> RenderedProblem
}

extension WireLimits {
    init(_ limits: RouteLimits) {
        self.init()
        targetBytes = limits.uriBytes.bytes
        headBytes = limits.headerBytes.bytes
        fieldCount = limits.headerCount
    }
}

extension Service {
    /// True when a reload can keep the cluster of the other: everything but guards, limits and routes is the same.
    func usesSameBackends(as other: Service) -> Bool {
        name == other.name && upstreams == other.upstreams && balance == other.balance && tls == other.tls
            && health == other.health && retries == other.retries && circuitBreaker == other.circuitBreaker
    }
}
