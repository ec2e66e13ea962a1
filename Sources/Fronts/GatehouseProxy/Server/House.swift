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
    let responseLimits: WireLimits
    /// Renders our own errors.
    let problems: any ProblemWriter

    /// Makes a configuration ready.
    ///
    /// - Parameters:
    ///   - guards: gives the guards of one place in the configuration, in the order of the request's life.
    ///   - problems: renders our own errors.
    ///   - previous: the house in force, whose unchanged clusters keep their state.
    /// - Throws: what TLS files are wrong.
    public init(
        _ configuration: Configuration, guards: (GuardPlace) -> [Route.Placement], problems: any ProblemWriter,
        previous: House?
    ) throws {
        self.configuration = configuration
        self.problems = problems
        trustedProxies = configuration.trustedProxies
        wireLimits = WireLimits(configuration.limits.request)
        var responseLimits = WireLimits()
        responseLimits.headBytes = configuration.limits.request.responseHeaderBytes.bytes
        responseLimits.fieldCount = 256
        self.responseLimits = responseLimits
        clusters = try configuration.services.map { service in
            try previous?.clusters.first { $0.settings.usesSameBackends(as: service) }
                ?? Cluster(service, tls: UpstreamTLSContext.make(service))
        }
        destinations = DestinationTable(configuration, clusters: clusters, guards: guards)
    }
}

/// One place in the configuration that has guards of its own.
public struct GuardPlace: Sendable {
    /// The service's name; empty for requests that match none.
    public let service: String
    /// The route's name; empty for the service's own.
    public let route: String
    /// The settings in force there.
    public let settings: Guards
}

/// Renders an error of ours for the caller.
public protocol ProblemWriter: Sendable {
    /// The body for a refusal, and its media type.
    func write(_ problem: Problem, for exchange: Exchange) -> (mediaType: String, body: [UInt8])
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
