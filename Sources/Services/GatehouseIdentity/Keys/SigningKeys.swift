import GatehouseStore
public import JOSE
import StrictJSON
import Synchronization

/// The signing keys of the authorization server: made, rotated and forgotten by themselves, sealed in the store.
public final class SigningKeys: Sendable {
    private let store: Store
    private let sealer: any IdentitySealer
    private let schedule: SigningKeySchedule
    private let algorithms: [SignatureAlgorithm]
    private let cache = Mutex<[Entry]>([])

    private struct Entry: Sendable {
        var id: String
        var algorithm: SignatureAlgorithm
        var times: SigningKeySchedule.Times
        var published: JSONWebKey
        var signer: SigningKey
    }

    init(store: Store, sealer: any IdentitySealer, configuration: IdentityConfiguration) {
        self.store = store
        self.sealer = sealer
        algorithms = configuration.signingAlgorithms
        schedule = SigningKeySchedule(
            lifetime: configuration.signingKeyLifetime, lead: configuration.signingKeyLead,
            tail: max(configuration.accessTokenLifetime, configuration.idTokenLifetime) + 3600)
    }

    /// Makes what is due, forgets what is over, and reads the rest. Call it at start and then every few minutes.
    ///
    /// Of several nodes one makes a key, since its place in the schedule is looked at again inside the transaction.
    public func maintain(at now: Int64) async throws {
        for algorithm in algorithms {
            guard try await store.read({ try self.isDue(algorithm, now, $0) }) else { continue }
            // Outside of the transaction: an RSA key takes a while.
            let key = try JSONWebKey.generate(for: algorithm)
            try await store.write { try self.insert(key, algorithm, at: now, in: $0) }
        }
        try await store.run("DELETE FROM identity_signing_keys WHERE published_until <= \(now)")
        let entries = try await store.read { try self.load($0) }
        cache.withLock { $0 = entries }
    }

    /// The key that signs with an algorithm now.
    ///
    /// - Throws: ``OAuthError/Code/serverError`` where there is none, which ``maintain(at:)`` prevents.
    public func signer(_ algorithm: SignatureAlgorithm, at now: Int64) throws -> SigningKey {
        let entries = cache.withLock { $0 }.filter { $0.algorithm == algorithm }
        guard let index = schedule.signing(entries.map(\.times), at: now) else { throw OAuthError(.serverError, "no signing key") }
        return entries[index].signer
    }

    /// The public halves of all keys that are published now.
    public func published(at now: Int64) throws -> JSONWebKeySet {
        try JSONWebKeySet(cache.withLock { $0 }.filter { !schedule.isOver($0.times, at: now) }.map(\.published))
    }

    /// Algorithms that there are keys for.
    public var supported: [SignatureAlgorithm] { algorithms }

    private func isDue(_ algorithm: SignatureAlgorithm, _ now: Int64, _ transaction: Transaction) throws -> Bool {
        try schedule.next(after: times(algorithm, transaction), at: now) != nil
    }

    private func times(_ algorithm: SignatureAlgorithm, _ transaction: Transaction) throws -> [SigningKeySchedule.Times] {
        try transaction.rows(
            "SELECT signs_from, signs_until, published_until FROM identity_signing_keys WHERE algorithm = \(algorithm.rawValue)"
        ).map(Self.times)
    }

    private static func times(_ row: Row) throws -> SigningKeySchedule.Times {
        .init(
            signsFrom: try row.integer("signs_from"), signsUntil: try row.integer("signs_until"),
            publishedUntil: try row.integer("published_until"))
    }

    private func insert(_ key: JSONWebKey, _ algorithm: SignatureAlgorithm, at now: Int64, in transaction: Transaction) throws {
        guard let times = schedule.next(after: try times(algorithm, transaction), at: now), let id = key.keyID else { return }
        let secret = try sealer.seal(
            key.json(includingPrivate: true).bytes(), table: "identity_signing_keys", column: "sealed", row: id, in: transaction)
        try transaction.run(
            """
            INSERT INTO identity_signing_keys (id, algorithm, sealed, public, created, signs_from, signs_until, published_until)
            VALUES (\(id), \(algorithm.rawValue), \(secret), \(key.json().serialized()), \(now), \(times.signsFrom), \(times.signsUntil),
                \(times.publishedUntil))
            """)
    }

    private func load(_ transaction: Transaction) throws -> [Entry] {
        try transaction.rows("SELECT * FROM identity_signing_keys ORDER BY signs_from, id").compactMap { row in
            let id = try row.text("id")
            guard let algorithm = SignatureAlgorithm(rawValue: try row.text("algorithm")) else { return nil }
            let secret = try sealer.open(
                row.blob("sealed"), table: "identity_signing_keys", column: "sealed", row: id, in: transaction)
            let key = try JSONWebKey(parsing: secret)
            return Entry(
                id: id, algorithm: algorithm, times: try Self.times(row), published: try key.publicKey(), signer: try SigningKey(key))
        }
    }
}
