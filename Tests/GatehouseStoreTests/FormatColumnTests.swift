import Envelope
import GatehouseStore
import Testing

@Suite struct FormatColumnTests {
    private static let cards = SealedTable(
        "cards", row: "id", tenant: "tenant",
        columns: [.format("number", purpose: "cards"), .index("number_index", of: "number", purpose: "cards")])

    private func withCards(_ kind: StoreKind, _ body: (Store, KeyKeeper) async throws -> Void) async throws {
        try await kind.withStore { store in
            try await store.migrate([
                MigrationSet(
                    owner: "cards",
                    [
                        Migration(
                            "cards",
                            "CREATE TABLE cards (id BYTEA PRIMARY KEY, tenant TEXT NOT NULL, number BYTEA, number_index BYTEA)")
                    ])
            ])
            var root = [UInt8](repeating: 7, count: 32)
            try await body(store, KeyKeeper.open(store, root: LocalKeyWrapper(root: KeyMaterial(&root)), tables: [Self.cards]))
        }
    }

    private func insert(_ number: String, _ id: UInt8, tenant: String = "a", _ keeper: KeyKeeper) async throws -> [UInt8] {
        try await keeper.store.write { transaction in
            let place = Self.cards.place("number", row: "", tenant: tenant)
            let sealed = try keeper.sealFormat(number, alphabet: "0123456789", at: place, in: transaction)
            let index = try keeper.index(
                Array(number.utf8), at: Self.cards.place("number_index", row: "", tenant: tenant), in: transaction)
            try transaction.run("INSERT INTO cards (id, tenant, number, number_index) VALUES (\([id]), \(tenant), \(sealed), \(index))")
            return sealed
        }
    }

    @Test(arguments: StoreKind.present)
    func `a number keeps its length and its separators, and differs between tenants`(kind: StoreKind) async throws {
        try await withCards(kind) { store, keeper in
            let first = try await insert("4111-1111-1111-1111", 1, keeper)
            let other = try await insert("4111-1111-1111-1111", 2, tenant: "b", keeper)
            let text = KeyKeeper.formatText(first)
            #expect(text.count == 19 && text.split(separator: "-").map(\.count) == [4, 4, 4, 4])
            #expect(text != "4111-1111-1111-1111")
            #expect(KeyKeeper.formatText(other) != text)
            let opened = try await store.read {
                try keeper.openFormat(first, alphabet: "0123456789", at: Self.cards.place("number", row: "", tenant: "a"), in: $0)
            }
            #expect(opened == "4111-1111-1111-1111")
            await #expect(throws: EnvelopeError(.notAuthentic, "")) {
                try await store.read {
                    try keeper.openFormat(first, alphabet: "0123456789", at: Self.cards.place("number", row: "", tenant: "b"), in: $0)
                }
            }
        }
    }

    @Test(arguments: StoreKind.present)
    func `a format is rotated, found, rewrapped with its index, and its old key retired`(kind: StoreKind) async throws {
        try await withCards(kind) { store, keeper in
            _ = try await insert("4111-1111-1111-1111", 1, keeper)
            let name = KeyName(.format, purpose: "cards", tenant: "a")
            try await keeper.rotate(name)
            try await keeper.rotate(KeyName(.index, purpose: "cards", tenant: "a"))
            let found = try await store.read { transaction in
                let forms = try keeper.formatForms(
                    of: "4111-1111-1111-1111", alphabet: "0123456789", at: Self.cards.place("number", row: "", tenant: "a"), in: transaction)
                return try transaction.rows("SELECT id FROM cards WHERE number IN (\(list: forms))").count
            }
            #expect(found == 1)
            await #expect(throws: EnvelopeError(.state, "")) { try await keeper.retire(name, version: 1) }
            #expect(try await keeper.rewrap() == 2)
            try await keeper.retire(name, version: 1)
            let sealed = try #require(try await store.row("SELECT number FROM cards")).blob("number")
            let opened = try await store.read {
                try keeper.openFormat(sealed, alphabet: "0123456789", at: Self.cards.place("number", row: "", tenant: "a"), in: $0)
            }
            #expect(opened == "4111-1111-1111-1111")
        }
    }

    @Test func `a text with too few values is refused`() async throws {
        try await withCards(.memory) { _, keeper in
            await #expect(throws: EnvelopeError(.domain, "")) { try await insert("12-34", 1, keeper) }
        }
    }
}
