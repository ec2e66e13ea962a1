public import GatehouseConfiguration
public import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// Answers for the well-known documents of the house: keys of `Gatehouse-Identity`, and metadata of protected resources (RFC 9728).
///
/// Stands before authentication on every place of the house, so that no route takes the documents away.
public struct WellKnownGuard: Guard {
    /// The name in events.
    public let name = "authentication"
    /// The phases that it wants.
    public let phases: GuardPhases
    /// Documents by path, then by authority; the empty authority stands for every one.
    private let documents: [String: [String: [UInt8]]]

    /// The documents of a configuration.
    ///
    /// - Parameter signer: whose keys are published.
    public init(_ configuration: Configuration, signer: IdentitySigner) {
        var documents: [String: [String: [UInt8]]] = [:]
        let places = configuration.services.flatMap { service in
            [service.guards.authentication] + service.routes.map(\.guards.authentication)
        }
        let active = places.filter { $0.require != .off }
        if active.contains(where: \.identity.sendsToken) || configuration.services.contains(where: { $0.builtin == .decisions }) {
            documents[IdentitySigner.keysPath] = ["": signer.published]
        }
        var resources: [HTTPAddress: ResourceMetadata] = [:]
        for settings in active {
            if let resource = settings.resource { resources[resource, default: ResourceMetadata(resource)].add(settings) }
        }
        for (resource, metadata) in resources {
            documents[ResourceMetadata.path(of: resource), default: [:]][resource.authority] = metadata.document
        }
        self.documents = documents
        phases = documents.isEmpty ? [] : .requestHead
    }

    /// True when there are no documents.
    public var isEmpty: Bool { documents.isEmpty }

    /// Answers for a document.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        guard exchange.request.pathBytes.starts(with: Self.prefix), let byHost = documents[exchange.request.path],
            let document = byHost[exchange.request.authority] ?? byHost[""]
        else { return .pass }
        guard exchange.request.method == .get || exchange.request.method == .head else {
            return .respond(LocalAnswer(status: 405, fields: [("allow", "GET, HEAD")]))
        }
        return .respond(
            LocalAnswer(
                status: 200,
                fields: [
                    ("content-type", "application/json"), ("cache-control", "public, max-age=300"), ("access-control-allow-origin", "*"),
                ],
                body: ByteBuffer(bytes: document)))
    }

    private static let prefix = Array("/.well-known/".utf8)
}
