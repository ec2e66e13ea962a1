import Crypto
import Foundation
import GatehouseStore

/// A refresh token, as it is stored. Each is spent by its successor; the chain of a grant is its family.
struct RefreshToken: Sendable {
    let grant: Grant
    let confirmation: String?
    let expires: Int64
    let spent: Int64?
    let successor: [UInt8]?
    let answer: [UInt8]?

    /// What a request with a refresh token meets.
    enum Standing: Sendable, Equatable {
        /// It may be spent now.
        case fresh
        /// It was spent a moment ago, and its successor has not been used: an answer may have been lost.
        case retriable
        /// It was spent before: two parties hold it, and the family ends.
        case replayed
        /// Expired, or its grant has ended.
        case dead
    }

    /// Judges a token at a moment.
    ///
    /// - Parameter isSuccessorFresh: Whether the successor has not been spent.
    func standing(at now: Int64, window: Int64, isSuccessorFresh: Bool) -> Standing {
        guard grant.isActive(at: now), now < expires else { return .dead }
        guard let spent else { return .fresh }
        return now < spent + window && isSuccessorFresh && answer != nil ? .retriable : .replayed
    }

    static func find(_ hash: [UInt8], in transaction: Transaction) throws -> RefreshToken? {
        guard let row = try transaction.row("SELECT * FROM identity_refresh_tokens WHERE hash = \(hash)"),
            let grant = try GrantStore.grant(row.text("grant_id"), in: transaction)
        else { return nil }
        return RefreshToken(
            grant: grant, confirmation: try row.optionalText("confirmation"), expires: try row.integer("expires"),
            spent: try row.optionalInteger("spent"), successor: try row.optionalBlob("successor"), answer: try row.optionalBlob("answer"))
    }

    static func isFresh(_ hash: [UInt8]?, in transaction: Transaction) throws -> Bool {
        guard let hash else { return false }
        return try transaction.row("SELECT 1 FROM identity_refresh_tokens WHERE hash = \(hash) AND spent IS NULL") != nil
    }

    static func insert(
        _ hash: [UInt8], grant: String, confirmation: String?, expires: Int64, in transaction: Transaction
    ) throws {
        try transaction.run(
            """
            INSERT INTO identity_refresh_tokens (hash, grant_id, confirmation, expires)
            VALUES (\(hash), \(grant), \(confirmation), \(expires))
            """)
    }

    /// Spends a token for its successor; exactly one of all that try wins.
    static func spend(_ hash: [UInt8], successor: [UInt8], answer: [UInt8], at now: Int64, in transaction: Transaction) throws -> Bool {
        try transaction.run(
            """
            UPDATE identity_refresh_tokens SET spent = \(now), successor = \(successor), answer = \(answer)
            WHERE hash = \(hash) AND spent IS NULL AND expires > \(now)
            """) == 1
    }
}

/// Keeps an answer so that only the one who holds the spent token can have it again: its key grows from the token's text, of which
/// the store has nothing but a hash.
enum RetainedAnswer {
    static func seal(_ answer: [UInt8], under token: String) throws -> [UInt8] {
        guard let sealed = try AES.GCM.seal(answer, using: key(token)).combined else {
            throw OAuthError(.serverError, "the answer could not be kept")
        }
        return [UInt8](sealed)
    }

    static func open(_ sealed: [UInt8], under token: String) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return (try? AES.GCM.open(box, using: key(token))).map { [UInt8]($0) }
    }

    private static func key(_ token: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(token.utf8)), info: Array("gatehouse refresh answer".utf8), outputByteCount: 32)
    }
}
