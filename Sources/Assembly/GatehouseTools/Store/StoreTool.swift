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
            let count = try await folder.openStore().backUp(to: file)
            return ToolResult(output: "\(count) rows copied to \(file)\n")
        }
    }

    /// Fills a new store from a backup.
    public func restore(from file: String) async -> ToolResult {
        await toolResult {
            let count = try await GatehouseStore.Store.open(folder.location).restore(from: file)
            return ToolResult(output: "\(count) rows restored from \(file)\n")
        }
    }

    /// A table of every version of every key: uses, what still needs it, last use.
    public func listKeys() async -> ToolResult {
        await toolResult {
            let store = try await folder.openStore()
            let keeper = try await folder.openKeeper(store)
            try countAudit(keeper)
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
            let keeper = try await folder.openKeeper(folder.openStore())
            guard try await keeper.inventory().contains(where: { $0.name == name }) else {
                throw EnvelopeError(.unknownKey, "no key `\(name)`")
            }
            return ToolResult(output: "version \(try await keeper.rotate(name)) of \(name) seals from now on\n")
        }
    }

    /// Seals every value anew that an older version sealed.
    public func rewrap() async -> ToolResult {
        await toolResult {
            let count = try await folder.openKeeper(folder.openStore()).rewrap()
            return ToolResult(output: "\(count) values sealed anew\n")
        }
    }

    /// Destroys a version that nothing needs any more.
    public func retire(kind: String, purpose: String, tenant: String, version: UInt32) async -> ToolResult {
        await toolResult {
            let name = try Self.name(kind, purpose, tenant)
            let keeper = try await folder.openKeeper(folder.openStore())
            try countAudit(keeper)
            try await keeper.retire(name, version: version)
            return ToolResult(output: "version \(version) of \(name) is retired, its key is destroyed\n")
        }
    }

    /// Wraps all keys under another root key; the former one is not needed afterwards.
    public func moveRoot(from former: String) async -> ToolResult {
        await toolResult {
            let store = try await folder.openStore()
            let count = try await folder.openKeeper(store, former: former).moveToRoot()
            return ToolResult(output: "\(count) keys are wrapped by the new root key\n")
        }
    }

    /// The audit log seals outside the store; its values count too.
    private func countAudit(_ keeper: KeyKeeper) throws {
        guard let key = try? folder.logKey(nil) else { return }
        let reader = AuditReader(path: folder.auditPath + "/log", key: key)
        keeper.countOutside { try reader.sealedLabels() }
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
