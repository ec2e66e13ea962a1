import Envelope
import Foundation
import GatehouseAudit
import GatehouseConfiguration
import GatehouseIdentity
import GatehouseKeys
import GatehouseStore
import TransparencyLog

/// Where a house keeps what it stores, as commands are told: the data folder, the store and the root key.
public struct DataFolder: Sendable {
    /// The folder, `data` by default; the audit log is in `audit` below it.
    public var path: String
    /// The store's setting; the folder itself by default.
    public var store: String?
    /// The root key's setting; `file:DATA/root.key` by default.
    public var root: String?

    /// The audit log's folder; `DATA/audit` by default.
    public var audit: String?

    /// A data folder with its settings.
    public init(path: String, store: String? = nil, root: String? = nil, audit: String? = nil) {
        self.path = path
        self.store = store
        self.root = root
        self.audit = audit
    }

    /// The data folder of a configuration file, or the one that is given.
    ///
    /// - Parameters:
    ///   - config: the file; nil for `gatehouse.yaml` where there is one.
    ///   - data: the folder, which goes before the file's.
    ///   - store: the store's setting, which goes before the file's.
    ///   - root: the root key's setting, which goes before the file's.
    /// - Throws: `ConfigurationFailure` for a file with errors.
    public static func found(config: String?, data: String?, store: String?, root: String?) throws -> DataFolder {
        let file = config ?? "gatehouse.yaml"
        guard config != nil || (data == nil && FileManager.default.fileExists(atPath: file)) else {
            return DataFolder(path: data ?? "data", store: store, root: root)
        }
        let configuration = try ConfigurationLoader(file: file).load().configuration
        guard let data else {
            return DataFolder(
                path: configuration.data.path, store: store ?? configuration.store.address, root: root ?? configuration.rootKey.setting,
                audit: configuration.auditFolder)
        }
        return DataFolder(path: data, store: store ?? configuration.store.address, root: root)
    }

    /// Sealed tables of every service, for commands that count or rewrap what is sealed. A service that has some adds them here.
    static let sealedTables = IdentityTables.sealed + [GatewayTables.sessions, AuditOutbox.sealed]

    var location: StoreLocation { StoreLocation(setting: store ?? path) }

    /// Opens the store that is there.
    ///
    /// Refuses: a file that is not there, which opening would make.
    func openStore() async throws -> GatehouseStore.Store {
        if case .file(let file) = location, !FileManager.default.fileExists(atPath: file) {
            throw StoreError(.unavailable, "no store at `\(file)`")
        }
        return try await GatehouseStore.Store.open(location, connections: 2)
    }

    func openKeeper(_ store: GatehouseStore.Store, former: String? = nil) async throws -> KeyKeeper {
        let source = try RootKeySource(setting: root ?? "file:\(path)/root.key", dataFolder: path)
        if case .file(let file) = source, !FileManager.default.fileExists(atPath: file) {
            throw EnvelopeError(.unavailable, "no root key at `\(file)`")
        }
        let formerRoots = try former.map { [try RootKeySource(setting: $0, dataFolder: path).open()] } ?? []
        return try await KeyKeeper.open(store, root: source.open(), formerRoots: formerRoots, tables: Self.sealedTables)
    }

    /// As ``openKeeper(_:former:)``, for commands that change something: what they do with keys goes into the audit log, by the house where it
    /// runs, else at its next start.
    func openRecordingKeeper(_ store: GatehouseStore.Store, former: String? = nil) async throws -> (keeper: KeyKeeper, outbox: AuditOutbox)
    {
        let keeper = try await openKeeper(store, former: former)
        let outbox = try await AuditOutbox.open(keeper)
        outbox.recordKeys(actor: Self.user)
        return (keeper, outbox)
    }

    /// Who runs the command, as the system knows them.
    static var user: String { "\(NSUserName()) (uid \(getuid()))" }

    var auditPath: String { audit ?? path + "/audit" }

    /// The log's public key: as given, else the one that lies with the log.
    func logKey(_ text: String?) throws -> NoteKey {
        if let text { return try NoteKey(text.trimmingCharacters(in: .whitespacesAndNewlines)) }
        guard let data = FileManager.default.contents(atPath: auditPath + "/log.vkey") else {
            throw LogError(.missing, "no public key at `\(auditPath)/log.vkey`: give one with --key")
        }
        return try NoteKey(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// Runs a command's work and turns what it throws into a complaint.
func toolResult(failing status: Int32 = 1, _ body: () async throws -> ToolResult) async -> ToolResult {
    do { return try await body() } catch { return ToolResult(complaint: "\(error)\n", status: status) }
}
