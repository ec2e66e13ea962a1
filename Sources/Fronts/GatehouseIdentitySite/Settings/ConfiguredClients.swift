internal import Foundation
public import GatehouseConfiguration
internal import GatehouseCore
public import GatehouseIdentity
internal import GatehouseStore
internal import JOSE
internal import StrictJSON

/// Brings the clients of the configuration into the store, and switches off those that it no longer names.
public struct ConfiguredClients: Sendable {
    private let clients: [IdentityClient]

    /// Clients of the configuration.
    public init(clients: [IdentityClient]) { self.clients = clients }

    /// Clients as the store has them.
    ///
    /// - Throws: what is wrong with one of them, by its id.
    public func registered() throws -> [Client] {
        try clients.map { settings in
            let client = try Self.client(settings)
            if let flaw = client.metadata.flaw { throw IdentityFailure(reason: "the client `\(settings.id)`: \(flaw)") }
            return client
        }
    }

    private static func client(_ settings: IdentityClient) throws -> Client {
        let method = settings.authentication.flatMap { Client.AuthenticationMethod(rawValue: $0.rawValue) } ?? .none
        var metadata = Client.Metadata(
            name: settings.name, authentication: method, redirectURIs: settings.redirectURIs,
            grantTypes: Set(settings.grantTypes.map { $0 == .device ? "urn:ietf:params:oauth:grant-type:device_code" : $0.rawValue }),
            scopes: Set(settings.scopes))
        metadata.postLogoutRedirectURIs = settings.postLogoutRedirectURIs
        metadata.backChannelLogoutURI = settings.backChannelLogoutURI
        metadata.idTokenAlgorithm = SignatureAlgorithm(rawValue: settings.algorithm.rawValue) ?? .rs256
        metadata.requiresPushedRequests = settings.requiresPushedRequests
        metadata.requiresProof = settings.requiresProof
        metadata.requiresPKCE = settings.requiresPKCE
        metadata.skipsConsent = !settings.asksConsent
        metadata.introspects = Set(settings.introspects)
        if let file = settings.keys {
            guard let data = FileManager.default.contents(atPath: file.path), let keys = try? JSONValue(parsing: [UInt8](data)) else {
                throw IdentityFailure(reason: "the client `\(settings.id)`: `\(file)` is no json")
            }
            metadata.keys = keys
        }
        return Client(id: settings.id, metadata: metadata, secretHash: settings.secret.map { ClientStore.hash(secret: $0.value.reveal()) })
    }
}
