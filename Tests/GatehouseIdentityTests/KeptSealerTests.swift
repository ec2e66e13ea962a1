import Envelope
import GatehouseCore
import GatehouseIdentity
import GatehouseStore
import JOSE
import Passwords
import StrictJSON
import Testing

@Suite struct KeptSealerTests {
    func keeper(_ store: Store) async throws -> KeyKeeper {
        try await store.migrate([IdentityTables.migrations])
        var root = [UInt8](repeating: 1, count: 32)
        return try await KeyKeeper.open(store, root: LocalKeyWrapper(root: KeyMaterial(&root)), tables: IdentityTables.sealed)
    }

    @Test func `users, keys and sessions are sealed by the house's keys and read again by another process`() async throws {
        let store = try await Store.open(.memory)
        let first = KeptSealer(try await keeper(store))
        var random = SystemRandomNumberGenerator()
        let hash = try #require(PasswordHasher(Argon2Parameters(memoryKiB: 64, iterations: 1), using: &random)?.hash("p", using: &random))
        let user = User(id: "u1", name: "Alice", claims: ["name": "Alice A."])
        #expect(try await UserStore(store: store, sealer: first).insert(user, password: hash, at: 0))
        let second = KeptSealer(try await keeper(store))
        let users = UserStore(store: store, sealer: second)
        #expect(try await users.user("u1") == user)
        #expect(try await !users.insert(User(id: "u2", name: "ALICE"), password: nil, at: 0))
        #expect(try await first.proofSecret(in: store) == second.proofSecret(in: store))
        let row = try #require(try await store.row("SELECT profile FROM identity_users"))
        #expect(try !String(decoding: row.blob("profile"), as: UTF8.self).contains("Alice"))
    }

    @Test func `an authorization server keeps its signing keys across a restart`() async throws {
        let store = try await Store.open(.memory)
        let sealer = KeptSealer(try await keeper(store))
        func server(_ sealer: KeptSealer) -> AuthorizationServer {
            var configuration = IdentityConfiguration(issuer: TestHouse.issuer)
            configuration.signingAlgorithms = [.es256]
            return AuthorizationServer(
                configuration, store: store, sealer: sealer, users: TestUsers(), proofSecret: [1], clock: TestClock(), events: EventRecorder())
        }
        let before = server(sealer)
        try await before.maintain()
        let after = server(KeptSealer(try await keeper(store)))
        try await after.maintain()
        #expect(before.publishedKeys() == after.publishedKeys())
    }
}
