import Envelope
import Foundation
import GatehouseAudit
import GatehouseStore
import Testing

@Suite struct SecretsTests {
    private static let table = SealedTable(
        "secrets", row: "id", revision: "revision",
        columns: [
            .record("value", purpose: "secrets"), .index("value_index", of: "value", purpose: "secrets"),
            .deterministic("kind", purpose: "secrets"),
        ])

    /// Puts 1,000 marked strings through sealed columns, indexes, deterministic columns, updates, rotation, rewrapping, the audit log,
    /// erasure and a backup; then looks for each in every byte of the folder.
    @Test func `a thousand planted strings are nowhere in the data folder`() async throws {
        try await AuditHouse.withHouse { house in
            let planted = (0..<1_000).map { "planted-\($0)-\(UInt64.random(in: 0 ... .max))-secret" }
            let store = house.store
            try await store.migrate([
                MigrationSet(
                    owner: "secrets",
                    [
                        Migration(
                            "secrets",
                            "CREATE TABLE secrets (id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, value BYTEA, value_index BYTEA, kind BYTEA)"
                        )
                    ])
            ])
            var root = [UInt8](repeating: 5, count: 32)
            let keeper = try await KeyKeeper.open(store, root: LocalKeyWrapper(root: KeyMaterial(&root)), tables: [Self.table])
            try await store.write { transaction in
                for (id, text) in planted.enumerated() {
                    let bytes = Array(text.utf8)
                    let place = { (column: StaticString) in Self.table.place(column, row: String(id), revision: 1) }
                    let sealed = try keeper.seal(bytes, at: place("value"), in: transaction)
                    let index = try keeper.index(bytes, at: place("value_index"), in: transaction)
                    let kind = try keeper.sealDeterministically(bytes, at: place("kind"), in: transaction)
                    try transaction.run(
                        "INSERT INTO secrets (id, revision, value, value_index, kind) VALUES (\(id), \(1), \(sealed), \(index), \(kind))")
                }
            }
            for text in planted {
                house.log.append(AuditEvent(.login, action: "login", actor: text, subject: text, facts: [.init("password", text)]))
            }
            try await house.log.checkpoint()
            for kind: KeyKind in [.record, .index, .deterministic] { try await keeper.rotate(KeyName(kind, purpose: "secrets")) }
            #expect(try await keeper.rewrap() == 3_000)
            try await house.log.erase(5, by: "admin", reason: "asked")
            try await store.backUp(to: house.folder + "/backup")
            try await house.log.close()

            let files = try #require(FileManager.default.enumerator(atPath: house.folder))
            var bytes = 0
            while let name = files.nextObject() as? String {
                let data = FileManager.default.contents(atPath: house.folder + "/" + name) ?? Data()
                bytes += data.count
                for mark in ["planted-", "-secret"] { #expect(data.range(of: Data(mark.utf8)) == nil, "\(mark) in \(name)") }
            }
            #expect(bytes > 500_000)
        }
    }
}
