internal import Crypto
internal import Foundation
internal import JOSE

/// Nonces for proofs without a table: a time slot and its MAC (RFC 9449, section 9).
struct ProofNonces: Sendable {
    private let secret: SymmetricKey
    /// Seconds of a slot; a nonce works for one to two of them.
    private let slot: Int64 = 120

    /// Nonces under a secret of 32 bytes or more.
    init(secret: [UInt8]) { self.secret = SymmetricKey(data: secret) }

    /// The nonce to give out now.
    func current(at now: Int64) -> String { nonce(now / slot) }

    /// True for the nonce of this slot or the one before.
    func accepts(_ nonce: String, at now: Int64) -> Bool { nonce == self.nonce(now / slot) || nonce == self.nonce(now / slot - 1) }

    private func nonce(_ number: Int64) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("gatehouse proof nonce \(number)".utf8), using: secret)
        return Base64URL.string(Array([UInt8](code).prefix(18)))
    }
}
