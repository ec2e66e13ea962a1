import Crypto
import Foundation
import JOSE

/// Nonces for proofs without a table: a time slot and its MAC under a secret that all nodes share (RFC 9449 section 8).
public struct DPoPNonces: Sendable {
    private let secret: SymmetricKey
    /// Seconds of a slot; a nonce works for one to two of them.
    private let slot: Int64 = 120

    /// Nonces under a secret of 32 bytes or more.
    public init(secret: [UInt8]) { self.secret = SymmetricKey(data: secret) }

    /// The nonce to give out now.
    public func current(at now: Int64) -> String { nonce(now / slot) }

    /// True for the nonce of this slot or the one before.
    public func accepts(_ nonce: String, at now: Int64) -> Bool {
        [now / slot, now / slot - 1].contains { isEqualInConstantTime(Array(self.nonce($0).utf8), Array(nonce.utf8)) }
    }

    private func nonce(_ number: Int64) -> String {
        let text = Array("gatehouse dpop nonce \(number)".utf8)
        return Base64URL.string(Array([UInt8](HMAC<SHA256>.authenticationCode(for: text, using: secret)).prefix(18)))
    }
}
