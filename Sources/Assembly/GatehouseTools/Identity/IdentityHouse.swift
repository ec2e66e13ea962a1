import Foundation
import GatehouseConfiguration
import GatehouseCore
import GatehouseIdentity
import GatehouseIdentitySite
import GatehouseOutgoing
import GatehouseStore
import Passwords
import StrictJSON

/// The provider's store as commands work on it, while the house runs or not.
public struct IdentityHouse: Sendable {
    let settings: Identity
    let store: GatehouseStore.Store
    let accounts: AccountService
    let server: AuthorizationServer
    let sessions: SessionStore
    let apiKeys: APIKeyStore
    let collected = CollectedEvents()
    private let outbox: EventOutbox
    let clock = SystemClock()

    var now: Int64 { clock.wall / 1_000_000_000 }
    var users: UserStore { accounts.users }

    /// Opens the store of a configuration.
    ///
    /// - Throws: where the configuration has no section `identity`, or the store cannot be opened.
    init(_ folder: DataFolder, _ settings: Identity) async throws {
        self.settings = settings
        store = try await folder.openStore()
        let sealer = KeptSealer(try await folder.openKeeper(store))
        try await store.migrate([IdentityTables.migrations])
        let configuration = settings.identityConfiguration
        accounts = AccountService(
            store: store, sealer: sealer, hasher: try settings.hasher(), rules: try settings.passwordRules(), policy: settings.signInPolicy,
            mfa: settings.mfaPolicy, configuration: configuration, cores: 1, clock: clock, events: collected)
        server = AuthorizationServer(
            configuration, store: store, sealer: sealer, users: accounts.users, proofSecret: try await sealer.proofSecret(in: store),
            clock: clock, events: collected)
        sessions = SessionStore(store: store, sealer: sealer)
        apiKeys = APIKeyStore(store: store, sealer: sealer)
        outbox = EventOutbox(store: store, sealer: sealer)
        try await server.maintain()
    }

    /// Leaves what happened for the running house to tell.
    func finish() async throws { try await outbox.put(collected.take()) }

    func tell(_ name: String, _ severity: Severity, _ message: String, _ facts: [(name: String, value: String)] = []) {
        collected.emit(
            .system(
                SystemRecord(
                    time: clock.wall, component: "identity", name: name, severity: severity, message: message,
                    facts: facts + [("by", "command")])))
    }

    /// A user by name or id.
    func user(_ text: String) async throws -> User {
        if let user = try await users.user(named: text) { return user }
        if let user = try await users.user(text) { return user }
        throw IdentityFailure(reason: "there is no user `\(text)`")
    }

    /// Ends a session with all its grants, and tells the clients.
    func end(_ session: String, of user: String) async throws {
        let login = LoginSession(id: session, userID: user, authentication: .init(time: now, context: "", methods: []))
        let notices = try await server.notices(for: login)
        guard try await sessions.end(session, of: user, at: now) else { throw IdentityFailure(reason: "there is no session `\(session)`") }
        try await server.endSession(session, includingOffline: true)
        let poster = NoticePoster(client: OutgoingClient(), events: collected, clock: clock)
        for notice in notices { await poster.post(notice) }
        tell("session_ended", .medium, "a session was ended", [("user", user), ("session", session)])
    }
}

/// Where commands find the provider, and how they print.
public struct IdentityTool: Sendable {
    private let config: String
    let isJSON: Bool

    /// A tool for a configuration file.
    ///
    /// - Parameter isJSON: one JSON object a line in place of a table.
    public init(config: String?, isJSON: Bool = false) {
        self.config = config ?? "gatehouse.yaml"
        self.isJSON = isJSON
    }

    /// Runs a command's work and leaves its events behind.
    func work(_ body: (IdentityHouse) async throws -> String) async -> ToolResult {
        await toolResult {
            let configuration: Configuration
            do {
                configuration = try ConfigurationLoader(file: config).load().configuration
            } catch let failure as ConfigurationFailure {
                return ToolResult(complaint: failure.report + "\n", status: 2)
            }
            guard let settings = configuration.identity else {
                return ToolResult(complaint: "`\(config)` has no section `identity`\n", status: 2)
            }
            let folder = DataFolder(
                path: configuration.data.path, store: configuration.store.address, root: configuration.rootKey.setting,
                audit: configuration.auditFolder)
            let house = try await IdentityHouse(folder, settings)
            do {
                let output = try await body(house)
                try await house.finish()
                return ToolResult(output: output)
            } catch {
                try? await house.finish()
                throw error
            }
        }
    }

    /// Rows as a table, or as JSON lines.
    func print(_ columns: [String], _ rows: [[String]]) -> String {
        if isJSON {
            return rows.map { row in
                JSONValue.object(JSONObject(zip(columns, row).map { ($0.replacing(" ", with: "_"), JSONValue.string($1)) })).serialized()
                    + "\n"
            }.joined()
        }
        let all = [columns] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            return line + "\n"
        }.joined()
    }

    /// A moment as ISO 8601 in UTC; `-` for none.
    static func moment(_ seconds: Int64?) -> String {
        guard let seconds else { return "-" }
        return ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: Double(seconds)))
    }
}
