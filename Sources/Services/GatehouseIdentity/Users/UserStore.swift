import Foundation
public import GatehouseStore
public import Passwords
public import StrictJSON

/// The users' table. Names, claims and password hashes are sealed; a name is found by a blind index.
public struct UserStore: UserDirectory {
    let store: Store
    let sealer: any IdentitySealer

    /// The users of a store.
    public init(store: Store, sealer: any IdentitySealer) {
        self.store = store
        self.sealer = sealer
    }

    private static let table = "identity_users"

    /// Adds a user.
    ///
    /// - Parameter password: A hash already made; nil for a user who signs in otherwise.
    /// - Returns: false where the name is taken.
    public func insert(_ user: User, password: PHCString?, at now: Int64) async throws -> Bool {
        try await store.write { try insert(user, password: password, at: now, in: $0) }
    }

    func insert(_ user: User, password: PHCString?, at now: Int64, in transaction: Transaction) throws -> Bool {
        guard try find(name: user.name, in: transaction) == nil else { return false }
        let index = try sealer.index(User.lookupForm(user.name), table: Self.table, column: "name_index", in: transaction)
        let profile = try seal(user, in: transaction)
        let hash = try password.map { try seal($0, user.id, in: transaction) }
        return try transaction.run(
            """
            INSERT INTO identity_users (id, name_index, profile, password, failures, created)
            VALUES (\(user.id), \(index), \(profile), \(hash), 0, \(now)) ON CONFLICT (name_index) DO NOTHING
            """) == 1
    }

    /// A user by id.
    public func user(_ id: String) async throws -> User? {
        try await store.read { transaction in
            try transaction.row("SELECT * FROM identity_users WHERE id = \(id)").map { try self.user($0, in: transaction) }
        }
    }

    /// The claims about a user that the scopes ask for (OpenID Connect Core, section 5.4); `nil` for an unknown user.
    public func claims(of userID: String, scopes: Set<String>) async throws -> JSONObject? {
        guard let user = try await user(userID), !user.isDisabled else { return nil }
        let names = scopes.flatMap(User.claims)
        return JSONObject(user.claims.filter { names.contains($0.key) }.map { ($0.key, $0.value) })
    }

    /// Switches a user off: every session and grant of the user ends in the same write.
    ///
    /// - Returns: false where there is no such user, or the user was off already.
    public func disable(_ id: String, at now: Int64) async throws -> Bool {
        try await store.write { transaction in
            guard try transaction.run("UPDATE identity_users SET disabled = \(now) WHERE id = \(id) AND disabled IS NULL") == 1 else {
                return false
            }
            try Self.endAll(of: id, reason: "user_disabled", at: now, in: transaction)
            return true
        }
    }

    /// Lets a user sign in again.
    ///
    /// - Returns: false where there is no such user, or the user was not off.
    public func enable(_ id: String) async throws -> Bool {
        try await store.run("UPDATE identity_users SET disabled = NULL, failures = 0 WHERE id = \(id) AND disabled IS NOT NULL") == 1
    }

    /// A user by the name that is typed at sign-in.
    public func user(named name: String) async throws -> User? { try await account(name: name)?.user }

    /// Users in the order of their making.
    ///
    /// - Parameter after: the last user of the page before, empty for the first page.
    public func list(after: String = "", limit: Int = 100) async throws -> [User] {
        try await store.read { transaction in
            let start = try transaction.row("SELECT created FROM identity_users WHERE id = \(after)")?.integer("created") ?? -1
            return try transaction.rows(
                """
                SELECT * FROM identity_users WHERE created > \(start) OR (created = \(start) AND id > \(after)) ORDER BY created, id LIMIT \(limit)
                """
            ).map { try self.user($0, in: transaction) }
        }
    }

    /// Replaces what is known about a user, but for the name.
    ///
    /// - Returns: false where there is no such user.
    public func update(_ id: String, _ change: @escaping @Sendable (inout JSONObject) -> Void) async throws -> Bool {
        try await store.write { transaction in
            guard
                var user = try transaction.row("SELECT * FROM identity_users WHERE id = \(id)").map({ try self.user($0, in: transaction) })
            else { return false }
            change(&user.claims)
            let profile = try seal(user, in: transaction)
            return try transaction.run("UPDATE identity_users SET profile = \(profile) WHERE id = \(id)") == 1
        }
    }

    /// Sets a new password. Every session and grant of the user ends in the same write, since the old one may have been stolen.
    public func setPassword(_ hash: PHCString, of id: String, at now: Int64) async throws {
        try await store.write { try setPassword(hash, of: id, at: now, in: $0) }
    }

    func setPassword(_ hash: PHCString, of id: String, at now: Int64, in transaction: Transaction) throws {
        let sealed = try seal(hash, id, in: transaction)
        try transaction.run("UPDATE identity_users SET password = \(sealed), failures = 0 WHERE id = \(id)")
        try Self.endAll(of: id, reason: "password_changed", at: now, in: transaction)
    }

    static func endAll(of id: String, reason: String, at now: Int64, in transaction: Transaction) throws {
        try transaction.run("UPDATE identity_sessions SET ended = \(now) WHERE user_id = \(id) AND ended IS NULL")
        try transaction.run("UPDATE identity_grants SET ended = \(now), reason = \(reason) WHERE user_id = \(id) AND ended IS NULL")
        try transaction.run("DELETE FROM identity_devices WHERE user_id = \(id)")
    }

    // MARK: For signing in

    /// What signing in needs to know of a user.
    struct Account: Sendable {
        let user: User
        let password: PHCString?
        let failures: Int64
    }

    func account(name: String) async throws -> Account? {
        try await store.read { transaction in
            guard let row = try self.find(name: name, in: transaction) else { return nil }
            let user = try self.user(row, in: transaction)
            let password = try row.optionalBlob("password").flatMap { sealed in
                PHCString(
                    String(
                        decoding: try sealer.open(sealed, table: Self.table, column: "password", row: user.id, in: transaction),
                        as: UTF8.self))
            }
            return Account(user: user, password: password, failures: try row.integer("failures"))
        }
    }

    /// Stores a hash of today's cost in place of the one that was just verified; not if the password has changed meanwhile.
    func renew(_ hash: PHCString, in place: PHCString, of id: String) async throws {
        try await store.write { transaction in
            guard let row = try transaction.row("SELECT password FROM identity_users WHERE id = \(id)"),
                let sealed = try row.optionalBlob("password"),
                try sealer.open(sealed, table: Self.table, column: "password", row: id, in: transaction) == Array(place.text.utf8)
            else { return }
            let renewed = try seal(hash, id, in: transaction)
            try transaction.run("UPDATE identity_users SET password = \(renewed) WHERE id = \(id)")
        }
    }

    private func find(name: String, in transaction: Transaction) throws -> Row? {
        let forms = try sealer.indexForms(of: User.lookupForm(name), table: Self.table, column: "name_index", in: transaction)
        guard !forms.isEmpty else { return nil }
        return try transaction.row("SELECT * FROM identity_users WHERE name_index IN (\(list: forms))")
    }

    private func user(_ row: Row, in transaction: Transaction) throws -> User {
        let id = try row.text("id")
        let text = try sealer.open(row.blob("profile"), table: Self.table, column: "profile", row: id, in: transaction)
        let profile = try JSONValue(parsing: text)
        return User(
            id: id, name: profile["name"]?.string ?? "", claims: profile["claims"]?.object ?? [:],
            isDisabled: try row.optionalInteger("disabled") != nil, created: try row.integer("created"))
    }

    private func seal(_ user: User, in transaction: Transaction) throws -> [UInt8] {
        let profile: JSONValue = ["name": .string(user.name), "claims": .object(user.claims)]
        return try sealer.seal(profile.bytes(), table: Self.table, column: "profile", row: user.id, in: transaction)
    }

    private func seal(_ hash: PHCString, _ id: String, in transaction: Transaction) throws -> [UInt8] {
        try sealer.seal(Array(hash.text.utf8), table: Self.table, column: "password", row: id, in: transaction)
    }
}
