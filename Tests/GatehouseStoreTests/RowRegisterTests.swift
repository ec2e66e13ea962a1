import Envelope
import Foundation
import GatehouseStore
import Testing

@Suite struct RowRegisterTests {
    private func withPeople(_ kind: StoreKind, _ body: (Store, KeyKeeper) async throws -> Void) async throws {
        try await kind.withStore { store in
            try await store.migrate([peopleTables])
            let keeper = try await KeyKeeper.open(store, root: KeyKeeperTests.root(), tables: [people])
            try await keeper.insert(30, in: store)
            try await store.write { transaction in
                for id in 0..<30 { try keeper.recordChange(of: people, row: String(id), from: nil, to: 1, in: transaction) }
            }
            try await body(store, keeper)
        }
    }

    private func advance(_ id: String, to revision: Int64, _ store: Store, _ keeper: KeyKeeper) async throws {
        try await store.write { transaction in
            let email = try keeper.seal([1], at: people.place("email", row: id, tenant: "acme", revision: revision), in: transaction)
            try transaction.run("UPDATE people SET revision = \(revision), email = \(email) WHERE id = \(id)")
            try keeper.recordChange(of: people, row: id, from: revision - 1, to: revision, in: transaction)
        }
    }

    @Test(arguments: StoreKind.present)
    func `a whole row put back is found`(kind: StoreKind) async throws {
        try await withPeople(kind) { store, keeper in
            let old = try #require(try await store.row("SELECT revision, email FROM people WHERE id = \("7")"))
            try await advance("7", to: 2, store, keeper)
            let changes = try await keeper.verifyRows(of: people)
            #expect(changes == 31)
            try await store.run("UPDATE people SET revision = \(old.value("revision")), email = \(old.value("email")) WHERE id = \("7")")
            await #expect(throws: EnvelopeError(.notAuthentic, "")) { try await keeper.verifyRows(of: people) }
        }
    }

    @Test(arguments: StoreKind.present)
    func `a row removed or added behind the program's back is found`(kind: StoreKind) async throws {
        try await withPeople(kind) { store, keeper in
            try await store.run("DELETE FROM people WHERE id = \("3")")
            await #expect(throws: EnvelopeError(.notAuthentic, "")) { try await keeper.verifyRows(of: people) }
            try await store.write { try keeper.recordChange(of: people, row: "3", from: 1, to: nil, in: $0) }
            try await keeper.verifyRows(of: people)
            try await keeper.insert(1, from: 99, in: store)
            await #expect(throws: EnvelopeError(.notAuthentic, "")) { try await keeper.verifyRows(of: people) }
        }
    }

    @Test(arguments: StoreKind.present)
    func `registers put back together with the rows are found by the number of changes`(kind: StoreKind) async throws {
        try await withPeople(kind) { store, keeper in
            let rows = try await store.rows("SELECT id, revision, email FROM people")
            let registers = try await store.rows("SELECT id, revision, content FROM sealed_registers")
            try await advance("7", to: 2, store, keeper)
            let changes = try await keeper.verifyRows(of: people)
            try await store.write { transaction in
                for row in rows {
                    try transaction.run(
                        "UPDATE people SET revision = \(row.value("revision")), email = \(row.value("email")) WHERE id = \(row.value("id"))"
                    )
                }
                for row in registers {
                    try transaction.run(
                        "UPDATE sealed_registers SET revision = \(row.value("revision")), content = \(row.value("content")) WHERE id = \(row.value("id"))"
                    )
                }
            }
            try await keeper.verifyRows(of: people)
            await #expect(throws: EnvelopeError(.notAuthentic, "")) { try await keeper.verifyRows(of: people, changesAtLeast: changes) }
        }
    }

    @Test(arguments: StoreKind.present)
    func `registers survive a rotation of their key`(kind: StoreKind) async throws {
        try await withPeople(kind) { store, keeper in
            let name = KeyName(.record, purpose: "rows")
            try await keeper.rotate(name)
            #expect(try await keeper.rewrap() > 0)
            try await keeper.retire(name, version: 1)
            try await advance("7", to: 2, store, keeper)
            try await keeper.verifyRows(of: people, changesAtLeast: 31)
        }
    }
}
