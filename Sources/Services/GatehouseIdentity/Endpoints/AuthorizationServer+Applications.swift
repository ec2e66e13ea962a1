import GatehouseCore
import GatehouseStore
import StrictJSON

/// What a user has allowed a client.
public struct AllowedApplication: Sendable, Equatable {
    /// The client's id.
    public let clientID: String
    /// The client's name.
    public let name: String
    /// Scopes that the user allowed.
    public let scopes: [String]
    /// When the user did so last.
    public let given: Int64
}

extension AuthorizationServer {
    /// A client by its id; nil where there is none or it is off.
    public func client(_ id: String) async throws -> Client? {
        try await store.read { try ClientStore.client(id, in: $0) }.flatMap { $0.isDisabled ? nil : $0 }
    }

    /// The clients that a user has allowed something.
    public func applications(of userID: String) async throws -> [AllowedApplication] {
        try await store.read { transaction in
            try transaction.rows("SELECT * FROM identity_consents WHERE user_id = \(userID) ORDER BY given DESC").map { row in
                let id = try row.text("client_id")
                let client = try ClientStore.client(id, in: transaction)
                return AllowedApplication(
                    clientID: id, name: client?.metadata.name ?? id, scopes: try row.text("scope").words, given: try row.integer("given"))
            }
        }
    }

    /// Takes back what a user allowed a client: every grant ends, with its tokens.
    public func forbid(_ clientID: String, of userID: String) async throws {
        let now = now
        let count = try await store.write { transaction in
            try transaction.run("DELETE FROM identity_consents WHERE user_id = \(userID) AND client_id = \(clientID)")
            return try transaction.run(
                """
                UPDATE identity_grants SET ended = \(now), reason = 'withdrawn'
                WHERE user_id = \(userID) AND client_id = \(clientID) AND ended IS NULL
                """)
        }
        emit(
            "consent_withdrawn", .low, "a user took back what a client was allowed",
            [("user", userID), ("client", clientID), ("grants", "\(count)")])
    }
}
