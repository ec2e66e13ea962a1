import Envelope
import Foundation
import GatehouseAudit
import GatehouseStore

/// Writes as fast as it can and says on standard output what was acknowledged, until it is killed.
@main struct CrashSubject {
    static func main() async throws {
        let arguments = ProcessInfo.processInfo.arguments
        let (mode, folder) = (arguments[1], arguments[2])
        let location: StoreLocation = arguments.count > 3 ? .postgres(arguments[3]) : .file(folder + "/gatehouse.sqlite")
        let store = try await Store.open(location)
        var root = [UInt8](repeating: 5, count: 32)
        let wrapper = try LocalKeyWrapper(root: KeyMaterial(&root))
        switch mode {
        case "store": try await rows(store)
        case "audit": try await events(folder, KeyKeeper.open(store, root: wrapper, tables: []))
        case "rewrap": try await rewrap(KeyKeeper.open(store, root: wrapper, tables: [crashing]))
        default: fatalError("unknown mode")
        }
    }

    static let crashing = SealedTable("crashing", row: "id", columns: [.record("secret", purpose: "crash")])

    private static func rows(_ store: Store) async throws {
        try await store.migrate([
            MigrationSet(owner: "crash", [Migration("rows", "CREATE TABLE rows (id BIGINT PRIMARY KEY, twin BIGINT NOT NULL)")])
        ])
        var next = try await store.row("SELECT COALESCE(MAX(id), 0) AS last FROM rows")?.integer("last") ?? 0
        while true {
            next += 1
            let id = next
            try await store.write { transaction in
                try transaction.run("INSERT INTO rows (id, twin) VALUES (\(id), \(0))")
                try transaction.run("UPDATE rows SET twin = \(id) WHERE id = \(id)")
            }
            say(id)
        }
    }

    private static func events(_ folder: String, _ keeper: KeyKeeper) async throws {
        let log = try await AuditLog.open(path: folder + "/audit", origin: "test.example/audit", keeper: keeper)
        say("ready")
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    while let index = try? await log.appendDurably(AuditEvent(.login, action: "worker\(worker)")) {
                        say("\(index) worker\(worker)")
                    }
                }
            }
        }
    }

    private static func rewrap(_ keeper: KeyKeeper) async throws {
        say("ready")
        while true {
            try await keeper.rotate(KeyName(.record, purpose: "crash"))
            try await keeper.rewrap()
            say("round")
        }
    }

    private static func say(_ what: some CustomStringConvertible) {
        FileHandle.standardOutput.write(Data("\(what)\n".utf8))
    }
}
