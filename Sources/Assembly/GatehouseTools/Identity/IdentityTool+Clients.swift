import Foundation
import GatehouseConfiguration
internal import GatehouseCore
import GatehouseIdentity
import GatehouseIdentitySite
import GatehouseStore
internal import Passwords

/// What a command says about a new client.
public struct NewClient: Sendable {
    /// Its id; nil for a random one.
    public var id: String?
    /// What users are shown.
    public var name: String
    /// True for programs that cannot keep a secret.
    public var isPublic = false
    /// Where users may be sent back to.
    public var redirectURIs: [String] = []
    /// Grant types.
    public var grantTypes: [String] = []
    /// Scopes.
    public var scopes: [String] = []
    /// Resources that it may ask about.
    public var introspects: [String] = []

    /// A new client.
    public init(name: String) { self.name = name }
}

extension IdentityTool {
    /// A table of clients.
    public func listClients() async -> ToolResult {
        await work { house in
            let clients = try await house.store.read { try ClientStore.all(in: $0) }
            let rows = clients.map { client in
                [
                    client.id, client.metadata.name, client.metadata.authentication.rawValue,
                    client.metadata.grantTypes.sorted().joined(separator: ","),
                    client.metadata.scopes.sorted().joined(separator: ","), client.isDisabled ? "disabled" : "active",
                ]
            }
            return print(["id", "name", "authentication", "grant types", "scopes", "state"], rows)
        }
    }

    /// Registers a client; its secret is shown once.
    public func createClient(_ new: NewClient) async -> ToolResult {
        await work { house in
            var metadata = Client.Metadata(
                name: new.name, authentication: new.isPublic ? .none : .basic, redirectURIs: new.redirectURIs,
                grantTypes: Set(new.grantTypes.isEmpty ? ["authorization_code", "refresh_token"] : new.grantTypes.map(Self.grantType)),
                scopes: Set(new.scopes.isEmpty ? ["openid"] : new.scopes))
            metadata.introspects = Set(new.introspects)
            if let unknown = metadata.scopes.subtracting(house.settings.identityConfiguration.knownScopes).first {
                throw IdentityFailure(reason: "the scope `\(unknown)` is not known: name it in the configuration")
            }
            var random = SystemRandomNumberGenerator()
            let secret = new.isPublic ? nil : SecretFormats.clientSecret.generate(using: &random)
            let id = new.id ?? newUserID()
            let client = Client(id: id, metadata: metadata, secretHash: secret?.hash)
            let now = house.now
            do {
                try await house.store.write { try ClientStore.insert(client, at: now, in: $0) }
            } catch let error as StoreError where error.code == .constraint {
                throw IdentityFailure(reason: "the client `\(id)` exists already")
            }
            house.tell("client_created", .medium, "a client was registered", [("client", id)])
            return print(["id", "secret"], [[id, secret?.text ?? "-"]])
        }
    }

    private static func grantType(_ word: String) -> String {
        word == "device_code" ? "urn:ietf:params:oauth:grant-type:device_code" : word
    }

    /// Switches a client off or on.
    public func setClient(_ id: String, isDisabled: Bool) async -> ToolResult {
        await work { house in
            let now = house.now
            let isDone = try await house.store.write { transaction in
                try isDisabled ? ClientStore.disable(id, at: now, in: transaction) : ClientStore.enable(id, in: transaction)
            }
            guard isDone else { throw IdentityFailure(reason: "there is no client `\(id)` that is \(isDisabled ? "active" : "disabled")") }
            house.tell(
                isDisabled ? "client_disabled" : "client_enabled", .medium,
                isDisabled ? "a client was switched off" : "a client was switched on", [("client", id)])
            return "\(id) is \(isDisabled ? "disabled: every token has ended" : "active")\n"
        }
    }

    /// Gives a client another secret; the former one is of no use from now on.
    public func renewSecret(_ id: String) async -> ToolResult {
        await work { house in
            var random = SystemRandomNumberGenerator()
            let secret = SecretFormats.clientSecret.generate(using: &random)
            let hash = secret.hash
            let count = try await house.store.run(
                "UPDATE identity_clients SET secret_hash = \(hash) WHERE id = \(id) AND secret_hash IS NOT NULL")
            guard count == 1 else { throw IdentityFailure(reason: "there is no client `\(id)` with a secret") }
            house.tell("client_secret_renewed", .medium, "a client got another secret", [("client", id)])
            return print(["id", "secret"], [[id, secret.text]])
        }
    }
}
