import Envelope
import GatehouseAudit
import GatehouseKeys
import GatehouseStore

/// The commands `gatehouse store` and `gatehouse keys`.
public struct StoreTool: Sendable {
    private let folder: DataFolder

    /// Works on a data folder.
    public init(_ folder: DataFolder) { self.folder = folder }

    /// Copies the whole store into a file while it is in use.
    public func backUp(to file: String) async -> ToolResult {
        await toolResult {
            let store = try await folder.openStore()
            let count = try await store.backUp(to: file)
            try await tell(store, "store_backed_up", file)
            return ToolResult(output: "\(count) rows copied to \(file)\n")
        }
    }

    /// Fills a new store from a backup.
    public func restore(from file: String) async -> ToolResult {
        await toolResult {
            let store = try await GatehouseStore.Store.open(folder.location)
            let count = try await store.restore(from: file)
            try await tell(store, "store_restored", file)
            return ToolResult(output: "\(count) rows restored from \(file)\n")
        }
    }

    /// A table of every version of every key: uses, what still needs it, last use.
    public func listKeys() async -> ToolResult {
        await toolResult {
            let store = try await folder.openStore()
            let keeper = try await folder.openKeeper(store)
            try await countAudit(keeper)
            var lines = [Self.row(["key", "version", "state", "uses", "live values", "last use"])]
            for key in try await keeper.inventory() {
                let state = key.isPrimary ? "seals" : key.state == .active ? "opens" : "retired"
                lines.append(
                    Self.row([
                        key.name.description, String(key.version), state, String(key.uses), String(key.liveValues),
                        key.lastUse.map { String($0 / 1000) } ?? "never",
                    ]))
            }
            return ToolResult(output: lines.joined())
        }
    }

    /// Makes the next version of a key the one that seals.
    public func rotate(kind: String, purpose: String, tenant: String) async -> ToolResult {
        await toolResult {
            let name = try Self.name(kind, purpose, tenant)
            let keeper = try await folder.openRecordingKeeper(folder.openStore()).keeper
            guard try await keeper.inventory().contains(where: { $0.name == name }) else {
                throw EnvelopeError(.unknownKey, "no key `\(name)`")
            }
            return ToolResult(output: "version \(try await keeper.rotate(name)) of \(name) seals from now on\n")
        }
    }

    /// Seals every value anew that an older version sealed.
    public func rewrap() async -> ToolResult {
        await toolResult {
            let count = try await folder.openRecordingKeeper(folder.openStore()).keeper.rewrap()
            return ToolResult(output: "\(count) values sealed anew\n")
        }
    }

    /// Destroys a version that nothing needs any more.
    public func retire(kind: String, purpose: String, tenant: String, version: UInt32) async -> ToolResult {
        await toolResult {
            let name = try Self.name(kind, purpose, tenant)
            let keeper = try await folder.openRecordingKeeper(folder.openStore()).keeper
            try await countAudit(keeper)
            try await keeper.retire(name, version: version)
            return ToolResult(output: "version \(version) of \(name) is retired, its key is destroyed\n")
        }
    }

    /// Wraps all keys under another root key; the former one is not needed afterwards.
    public func moveRoot(from former: String) async -> ToolResult {
        await toolResult {
            let store = try await folder.openStore()
            let count = try await folder.openRecordingKeeper(store, former: former).keeper.moveToRoot()
            return ToolResult(output: "\(count) keys are wrapped by the new root key\n")
        }
    }

    /// The audit log seals outside the store; its values count too.
    private func countAudit(_ keeper: KeyKeeper) async throws {
        guard let key = try? folder.logKey(nil) else { return }
        keeper.countOutside(try await AuditReader.needs(ofLogAt: folder.auditPath, key: key, keeper: keeper))
    }

    /// Leaves an event for the audit log, where the root key is at hand: a backup needs none.
    private func tell(_ store: GatehouseStore.Store, _ action: String, _ file: String) async throws {
        guard let (_, outbox) = try? await folder.openRecordingKeeper(store) else { return }
        try await outbox.put(AuditEvent(.administration, action: action, actor: DataFolder.user, subject: file))
    }

    private static func name(_ kind: String, _ purpose: String, _ tenant: String) throws -> KeyName {
        guard let kind = KeyKind(rawValue: kind) else {
            throw EnvelopeError(
                .unknownKey, "no kind of key `\(kind)`: \(KeyKind.allCases.map(\.rawValue).joined(separator: ", ")) are known")
        }
        return KeyName(kind, purpose: purpose, tenant: tenant)
    }

    private static func row(_ cells: [String]) -> String {
        zip(cells, [44, 8, 8, 12, 12, 12]).map { cell, width in cell + String(repeating: " ", count: max(1, width - cell.count)) }
            .joined().trimmingSuffix(" ") + "\n"
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
