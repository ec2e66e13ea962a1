import Envelope
import Foundation
import GatehouseStore
import Testing

let people = SealedTable(
    "people", row: "id", revision: "revision", tenant: "tenant",
    columns: [
        .record("email", purpose: "identity.contact"),
        .index("email_index", of: "email", purpose: "identity.contact") { Array(String(decoding: $0, as: UTF8.self).lowercased().utf8) },
        .deterministic("city", purpose: "identity.place"),
    ])

let peopleTables = MigrationSet(
    owner: "people",
    [
        Migration(
            "people",
            """
            CREATE TABLE people (
                id TEXT PRIMARY KEY, tenant TEXT NOT NULL, revision BIGINT NOT NULL, email BYTEA NOT NULL, email_index BYTEA NOT NULL, city BYTEA)
            """)
    ])

@Suite struct KeyKeeperTests {
    static let contact = KeyName(.record, purpose: "identity.contact", tenant: "acme")

    static func root(_ byte: UInt8 = 1) throws -> LocalKeyWrapper {
        var bytes = [UInt8](repeating: byte, count: 32)
        return try LocalKeyWrapper(root: KeyMaterial(&bytes))
    }

    private func withKeeper(_ kind: StoreKind, _ body: (Store, KeyKeeper) async throws -> Void) async throws {
        try await kind.withStore { store in
            try await store.migrate([peopleTables])
            try await body(store, KeyKeeper.open(store, root: Self.root(), tables: [people]))
        }
    }

    @Test(arguments: StoreKind.present)
    func `what is sealed comes back, and the store holds none of it`(kind: StoreKind) async throws {
        try await withKeeper(kind) { store, keeper in
            try await keeper.insert(10, in: store)
            let row = try #require(try await store.row("SELECT * FROM people WHERE id = \("3")"))
            let email = try row.blob("email")
            #expect(!String(decoding: email, as: UTF8.self).contains("example"))
            let opened = try await store.read {
                try keeper.open(email, at: people.place("email", row: "3", tenant: "acme", revision: 1), in: $0)
            }
            #expect(opened == Array("Person3@Example.org".utf8))
            await #expect(throws: EnvelopeError(.notAuthentic, "")) {
                try await store.read { try keeper.open(email, at: people.place("email", row: "4", tenant: "acme", revision: 1), in: $0) }
            }
            await #expect(throws: EnvelopeError(.notAuthentic, "")) {
                try await store.read { try keeper.open(email, at: people.place("email", row: "3", tenant: "other", revision: 1), in: $0) }
            }
        }
    }

    @Test(arguments: StoreKind.present)
    func `values are found by index and by deterministic form, across a rotation`(kind: StoreKind) async throws {
        try await withKeeper(kind) { store, keeper in
            try await keeper.insert(10, in: store)
            for key: KeyKind in [.index, .record] { try await keeper.rotate(KeyName(key, purpose: "identity.contact", tenant: "acme")) }
            try await keeper.rotate(KeyName(.deterministic, purpose: "identity.place", tenant: "acme"))
            try await keeper.insert(5, from: 10, in: store)
            let found = try await store.read { transaction in
                try [2, 12].map { number in
                    let place = people.place("email_index", row: "", tenant: "acme")
                    let forms = try keeper.indexForms(of: Array("person\(number)@example.org".utf8), at: place, in: transaction)
                    return try transaction.rows("SELECT id FROM people WHERE email_index IN (\(list: forms))").map { try $0.text("id") }
                }
            }
            #expect(found == [["2"], ["12"]])
            let inCity = try await store.read { transaction in
                let forms = try keeper.deterministicForms(
                    of: Array("Riga".utf8), at: people.place("city", row: "", tenant: "acme"), in: transaction)
                return try transaction.rows("SELECT id FROM people WHERE city IN (\(list: forms))").count
            }
            #expect(inCity == 15)
        }
    }

    @Test(arguments: StoreKind.present)
    func `rotate, rewrap, retire: an old version goes when nothing needs it`(kind: StoreKind) async throws {
        try await withKeeper(kind) { store, keeper in
            try await keeper.insert(450, in: store)
            try await keeper.rotate(Self.contact)
            let before = try #require(try await keeper.inventory().first { $0.name == Self.contact && $0.version == 1 })
            #expect(before.liveValues == 450)
            #expect(before.uses == 450)
            #expect(before.lastUse != nil)
            await #expect(throws: EnvelopeError(.state, "")) { try await keeper.retire(Self.contact, version: 1) }
            #expect(try await keeper.rewrap() == 450)
            #expect(try await keeper.rewrap() == 0)
            try await keeper.retire(Self.contact, version: 1)
            let all = try await keeper.inventory()
            let after = all.filter { $0.name == Self.contact }
            #expect(after.map { $0.state } == [.retired, .active])
            #expect(after.map { $0.liveValues } == [0, 450])
            let email = try #require(try await store.row("SELECT email FROM people WHERE id = \("7")")).blob("email")
            let opened = try await store.read {
                try keeper.open(email, at: people.place("email", row: "7", tenant: "acme", revision: 1), in: $0)
            }
            #expect(opened == Array("Person7@Example.org".utf8))
        }
    }

    @Test(arguments: StoreKind.present)
    func `indexes and deterministic values are rewrapped too`(kind: StoreKind) async throws {
        try await withKeeper(kind) { store, keeper in
            try await keeper.insert(20, in: store)
            for name in [
                KeyName(.index, purpose: "identity.contact", tenant: "acme"),
                KeyName(.deterministic, purpose: "identity.place", tenant: "acme"),
            ] {
                try await keeper.rotate(name)
                #expect(try await keeper.rewrap() == 20)
                try await keeper.retire(name, version: 1)
            }
            let found = try await store.read { transaction in
                let forms = try keeper.indexForms(
                    of: Array("person9@example.org".utf8), at: people.place("email_index", row: "", tenant: "acme"), in: transaction)
                return try transaction.rows("SELECT id FROM people WHERE email_index IN (\(list: forms))").map { try $0.text("id") }
            }
            #expect(found == ["9"])
        }
    }

    @Test(arguments: StoreKind.shared)
    func `a rotation on one node is seen by another at once`(kind: StoreKind) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let location = kind.location(in: folder)
        let (one, two) = (try await Store.open(location), try await Store.open(location))
        try await one.migrate([peopleTables])
        let first = try await KeyKeeper.open(one, root: Self.root(), tables: [people])
        let second = try await KeyKeeper.open(two, root: Self.root(), tables: [people])
        try await first.insert(1, in: one)
        try await second.insert(1, from: 1, in: two)
        try await first.rotate(Self.contact)
        try await second.insert(1, from: 2, in: two)
        let live = try await first.inventory().filter { $0.name == Self.contact }.map { $0.liveValues }
        #expect(live == [2, 1])
    }

    @Test(arguments: StoreKind.shared)
    func `the root and the key-encryption keys rotate under running data`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.migrate([peopleTables])
            let old = try await KeyKeeper.open(store, root: Self.root(1), tables: [people])
            try await old.insert(3, in: store)
            let parent = KeyName(.keyEncryption, purpose: "identity.contact", tenant: "acme")
            try await old.rotate(parent)
            try await old.retire(parent, version: 1)
            await #expect(throws: EnvelopeError(.unavailable, "")) { try await KeyKeeper.open(store, root: Self.root(2), tables: [people]) }
            let moving = try await KeyKeeper.open(store, root: Self.root(2), formerRoots: [Self.root(1)], tables: [people])
            #expect(try await moving.moveToRoot() == 2)
            let new = try await KeyKeeper.open(store, root: Self.root(2), tables: [people])
            let email = try #require(try await store.row("SELECT email FROM people WHERE id = \("1")")).blob("email")
            let opened = try await store.read {
                try new.open(email, at: people.place("email", row: "1", tenant: "acme", revision: 1), in: $0)
            }
            #expect(opened == Array("Person1@Example.org".utf8))
        }
    }

    @Test(arguments: StoreKind.present)
    func `retire is refused while a sealed table is unknown`(kind: StoreKind) async throws {
        try await withKeeper(kind) { store, keeper in
            try await keeper.insert(1, in: store)
            let blind = try await KeyKeeper.open(store, root: Self.root(), tables: [])
            try await blind.rotate(Self.contact)
            await #expect(throws: EnvelopeError(.state, "")) { try await blind.retire(Self.contact, version: 1) }
        }
    }

    @Test(arguments: StoreKind.present)
    func `a transaction undone leaves no key behind that others cannot open`(kind: StoreKind) async throws {
        struct Refused: Error {}
        try await withKeeper(kind) { store, keeper in
            await #expect(throws: Refused.self) {
                try await store.write { transaction in
                    _ = try keeper.seal([1], at: people.place("email", row: "1", tenant: "new"), in: transaction)
                    throw Refused()
                }
            }
            let sealed = try await store.write { try keeper.seal([1], at: people.place("email", row: "1", tenant: "new"), in: $0) }
            let other = try await KeyKeeper.open(store, root: Self.root(), tables: [people])
            let opened = try await store.read { try other.open(sealed, at: people.place("email", row: "1", tenant: "new"), in: $0) }
            #expect(opened == [1])
        }
    }
}

extension KeyKeeper {
    func insert(_ count: Int, from first: Int = 0, in store: Store) async throws {
        try await store.write { transaction in
            for number in first..<(first + count) {
                let id = String(number)
                let email = try self.seal(
                    Array("Person\(id)@Example.org".utf8), at: people.place("email", row: id, tenant: "acme", revision: 1), in: transaction)
                let index = try self.index(
                    Array("person\(id)@example.org".utf8), at: people.place("email_index", row: id, tenant: "acme"), in: transaction)
                let city = try self.sealDeterministically(
                    Array("Riga".utf8), at: people.place("city", row: id, tenant: "acme"), in: transaction)
                try transaction.run(
                    """
                    INSERT INTO people (id, tenant, revision, email, email_index, city)
                    VALUES (\(id), \("acme"), \(1), \(email), \(index), \(city))
                    """)
            }
        }
    }
}
