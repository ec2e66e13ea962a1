internal import Crypto
internal import Foundation
internal import GatehouseAuthentication
internal import GatehouseIdentity
internal import GatehouseStore
internal import StrictJSON

/// Keeps browser sessions in the store: sealed, found by the hash of their cookie, and by keyed marks of the provider's session and subject.
struct StoreVault: SessionVault {
    private let store: Store
    private let keeper: KeyKeeper
    private let secret: SymmetricKey

    init(_ store: Store, _ keeper: KeyKeeper, secret: [UInt8]) {
        self.store = store
        self.keeper = keeper
        self.secret = SymmetricKey(data: secret)
    }

    func find(_ hash: [UInt8]) async throws -> SessionRecord? {
        let id = Self.id(hash)
        return try await store.read { transaction in
            guard let row = try transaction.row("SELECT sealed FROM gateway_sessions WHERE id = \(id)") else { return nil }
            let plain = try keeper.open(row.blob("sealed"), at: GatewayTables.sessions.place("sealed", row: id), in: transaction)
            return SessionRecord(stored: plain, hash: hash)
        }
    }

    func save(_ record: SessionRecord, isNew: Bool) async throws {
        let id = Self.id(record.hash)
        let session = mark("session", record.issuer, record.providerSession)
        let subject = mark("subject", record.issuer, record.subject)
        try await store.write { transaction in
            let sealed = try keeper.seal(record.stored, at: GatewayTables.sessions.place("sealed", row: id), in: transaction)
            guard isNew else {
                try transaction.run("UPDATE gateway_sessions SET sealed = \(sealed) WHERE id = \(id)")
                return
            }
            try transaction.run(
                """
                INSERT INTO gateway_sessions (id, session_mark, subject_mark, sealed, expires)
                VALUES (\(id), \(session), \(subject), \(sealed), \(record.expires))
                """)
        }
    }

    func remove(_ hash: [UInt8]) async throws { try await store.run("DELETE FROM gateway_sessions WHERE id = \(Self.id(hash))") }

    func remove(issuer: String, session: String?, subject: String?) async throws -> Int {
        if let session {
            return try await store.run("DELETE FROM gateway_sessions WHERE session_mark = \(mark("session", issuer, session))")
        }
        guard let subject else { return 0 }
        return try await store.run("DELETE FROM gateway_sessions WHERE subject_mark = \(mark("subject", issuer, subject))")
    }

    func purge(at now: Int64) async throws {
        guard try await store.row("SELECT 1 FROM gateway_sessions WHERE expires <= \(now)") != nil else { return }
        try await store.run("DELETE FROM gateway_sessions WHERE expires <= \(now)")
    }

    private func mark(_ kind: String, _ issuer: String, _ value: String) -> [UInt8] {
        let text = JSONValue.array([.string(kind), .string(issuer), .string(value)]).bytes()
        return [UInt8](HMAC<SHA256>.authenticationCode(for: text, using: secret))
    }

    private static func id(_ hash: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension SessionRecord {
    /// The record as JSON, without its hash.
    fileprivate var stored: [UInt8] {
        JSONValue.object([
            "issuer": .string(issuer), "client": .string(client), "subject": .string(subject), "sid": .string(providerSession),
            "claims": .string(String(decoding: claims, as: UTF8.self)), "id_token": .string(idToken), "refresh": .string(refreshToken),
            "scopes": .array(scopes.map { .string($0) }), "refresh_at": JSONValue(refreshAt), "created": JSONValue(created),
            "seen": JSONValue(seen), "expires": JSONValue(expires),
        ]).bytes()
    }

    fileprivate init?(stored: [UInt8], hash: [UInt8]) {
        guard let root = try? JSONDocument(stored).root, let issuer = root["issuer"]?.string, let client = root["client"]?.string,
            let subject = root["subject"]?.string, let session = root["sid"]?.string, let claims = root["claims"]?.string,
            let idToken = root["id_token"]?.string, let refresh = root["refresh"]?.string, let refreshAt = root["refresh_at"]?.int64,
            let created = root["created"]?.int64, let seen = root["seen"]?.int64, let expires = root["expires"]?.int64
        else { return nil }
        self.init(
            hash: hash, issuer: issuer, client: client, subject: subject, providerSession: session, claims: Array(claims.utf8),
            idToken: idToken, refreshToken: refresh, scopes: root["scopes"]?.elements.compactMap(\.string) ?? [], refreshAt: refreshAt,
            created: created, seen: seen, expires: expires)
    }
}
