internal import Dispatch
internal import Foundation
public import GatehouseAudit
public import GatehouseConfiguration
internal import GatehouseIdentity
internal import GatehouseKeys
internal import GatehouseOutgoing
public import GatehouseStore

/// What the services of a house stand on: the store, the keys that seal what is in it, and the audit log.
public struct HouseGround: Sendable {
    /// The SQL store, its tables of keys made.
    public let store: GatehouseStore.Store
    /// The keys.
    public let keeper: KeyKeeper
    /// The audit log; nil where there is none.
    public let audit: AuditLog?
    /// Events on their way into the log; nil where there is none.
    let outbox: AuditOutbox?
    /// Who cosigns the audit log.
    let witnesses: [WitnessCaller]
    /// 32 bytes that all nodes of a fleet share, from which the gateway's own secrets grow.
    let gatewaySecret: [UInt8]

    /// Everything that services seal in the store.
    static let sealedTables = IdentityTables.sealed + [GatewayTables.sessions, AuditOutbox.sealed]

    /// Opens the store, the root key and the audit log of a configuration; makes what is not there yet.
    ///
    /// Refuses: a root key that would be made anew while the store holds keys of another.
    /// - Throws: ``GroundFailure``, which says what cannot be used and which setting names it.
    public static func open(_ configuration: Configuration) async throws -> HouseGround {
        let store = try await openStore(configuration)
        let keeper = try await openKeeper(configuration, store)
        let secret = try await gatewaySecret(store, keeper)
        guard configuration.audit.mode != .off else {
            return HouseGround(store: store, keeper: keeper, audit: nil, outbox: nil, witnesses: [], gatewaySecret: secret)
        }
        do {
            let folder = configuration.auditFolder
            let origin = try AuditOrigin.name(setting: configuration.audit.origin, folder: folder)
            let outbox = try await AuditOutbox.open(keeper)
            outbox.recordKeys()
            let log = try await AuditLog.open(path: folder, origin: origin, keeper: keeper)
            let client = OutgoingClient()
            let witnesses = try configuration.audit.witnesses.map { try WitnessCaller($0, client: client) }
            return HouseGround(store: store, keeper: keeper, audit: log, outbox: outbox, witnesses: witnesses, gatewaySecret: secret)
        } catch {
            throw GroundFailure("the audit log `\(configuration.auditFolder)` cannot be opened: \(error)", setting: "audit.folder")
        }
    }

    /// Writes what waits for the audit log, and closes everything.
    ///
    /// - Throws: ``AuditError``, ``StoreError``.
    public func close() async throws {
        if let audit, let outbox { try await outbox.drain(into: audit) }
        try await audit?.close()
        try await store.close()
    }

    private static func openStore(_ configuration: Configuration) async throws -> GatehouseStore.Store {
        let location = configuration.store.address.map { StoreLocation(setting: $0) } ?? StoreLocation(setting: configuration.data.path)
        do {
            return try await Store.open(location)
        } catch {
            throw GroundFailure(
                "the store `\(location)` cannot be opened: \(error)", setting: configuration.store.postgres == nil ? "data" : "store")
        }
    }

    private static func gatewaySecret(_ store: GatehouseStore.Store, _ keeper: KeyKeeper) async throws -> [UInt8] {
        do {
            return try await GatewayTables.prepare(store, keeper)
        } catch {
            throw GroundFailure("the gateway's tables cannot be made: \(error)", setting: "data")
        }
    }

    private static func openKeeper(_ configuration: Configuration, _ store: GatehouseStore.Store) async throws -> KeyKeeper {
        let root = configuration.rootKey
        do {
            let source = try RootKeySource(setting: root.setting, dataFolder: configuration.data.path)
            if source.wouldBeMade, try await KeyKeeper.hasKeys(in: store) {
                throw GroundFailure("the store holds keys, and the root key that opens them is not there", setting: "keys.root")
            }
            let wrapper = try await offTheLoops { try source.open() }
            return try await KeyKeeper.open(store, root: wrapper, tables: sealedTables)
        } catch let failure as GroundFailure {
            throw failure
        } catch {
            throw GroundFailure("the keys cannot be opened with `keys.root`: \(error)", setting: "keys.root")
        }
    }
}

/// What of the ground cannot be used, and which setting names it.
public struct GroundFailure: Error, Sendable, CustomStringConvertible {
    /// One lower-case sentence without a full stop; holds no secret.
    public let reason: String
    /// The setting to look at.
    public let setting: String

    init(_ reason: String, setting: String) {
        self.reason = reason
        self.setting = setting
    }

    /// The reason and the setting.
    public var description: String { "\(reason) (see `\(setting)`)" }
}

/// Runs work that blocks on a thread that may.
func offTheLoops<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
    }
}
