import Envelope
public import GatehouseStore
import StrictJSON

extension IdentityTables {
    /// What is sealed, for ``KeyKeeper/open(_:root:formerRoots:tables:clock:)``.
    public static let sealed: [SealedTable] = [
        SealedTable("identity_signing_keys", row: "id", columns: [.record("sealed", purpose: "identity.signing")]),
        SealedTable(
            "identity_users", row: "id",
            columns: [
                .record("profile", purpose: "identity.profile"), .record("password", purpose: "identity.password"),
                .index("name_index", of: "profile", purpose: "identity.profile", normalize: lookupForm),
            ]),
        SealedTable("identity_authenticators", row: "user_id", columns: [.record("secret", purpose: "identity.authenticator")]),
        SealedTable("identity_sessions", row: "id", columns: [.record("agent", purpose: "identity.session")]),
        SealedTable("identity_links", row: "id", columns: [.record("content", purpose: "identity.profile")]),
        SealedTable("identity_events", row: "id", columns: [.record("content", purpose: "identity.profile")]),
        SealedTable("identity_api_keys", row: "id", columns: [.record("name", purpose: "identity.profile")]),
    ]

    /// From a profile to what its name is looked up by.
    @Sendable private static func lookupForm(_ profile: [UInt8]) -> [UInt8] {
        User.lookupForm((try? JSONValue(parsing: profile))?["name"]?.string ?? "")
    }
}

/// Seals with the keys of the house.
public struct KeptSealer: IdentitySealer {
    private let keeper: KeyKeeper

    /// A sealer over a keeper that was opened with ``IdentityTables/sealed`` among its tables.
    public init(_ keeper: KeyKeeper) { self.keeper = keeper }

    /// The value, sealed for this place.
    public func seal(_ value: [UInt8], table: String, column: String, row: String, in transaction: Transaction) throws -> [UInt8] {
        try keeper.seal(value, at: Self.place(table, column, row), in: transaction)
    }

    /// What was sealed at this place.
    ///
    /// - Throws: where it was sealed for another place or was changed.
    public func open(_ sealed: [UInt8], table: String, column: String, row: String, in transaction: Transaction) throws -> [UInt8] {
        try keeper.open(sealed, at: Self.place(table, column, row), in: transaction)
    }

    /// The blind index of a value.
    public func index(_ value: [UInt8], table: String, column: String, in transaction: Transaction) throws -> [UInt8] {
        try keeper.index(value, at: Self.place(table, column, ""), in: transaction)
    }

    /// Every form under which an index may stand: one per version of the key.
    public func indexForms(of value: [UInt8], table: String, column: String, in transaction: Transaction) throws -> [[UInt8]] {
        try keeper.indexForms(of: value, at: Self.place(table, column, ""), in: transaction)
    }

    /// 32 bytes that all nodes share, from which ``AuthorizationServer`` makes nonces for DPoP.
    public func proofSecret(in store: Store) async throws -> [UInt8] {
        try await store.write { transaction in
            try keeper.material(KeyName(.index, purpose: "identity.dpop"), in: transaction).material.withBytes { $0 }
        }
    }

    private static func place(_ table: String, _ column: String, _ row: String) throws -> Place {
        guard let sealed = IdentityTables.sealed.first(where: { $0.name == table }),
            let known = sealed.columns.first(where: { $0.name == column })
        else { throw OAuthError(.serverError, "`\(table).\(column)` is not sealed") }
        return sealed.place(known, row: row)
    }
}
