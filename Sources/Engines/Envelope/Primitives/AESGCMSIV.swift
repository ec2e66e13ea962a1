import Crypto
import CryptoExtras

/// AES-GCM-SIV (RFC 8452): an AEAD that loses little when a nonce repeats. With a fixed nonce it is deterministic.
public enum AESGCMSIV {
    /// Ciphertext followed by the tag. Keys have 16 or 32 bytes, nonces 12.
    ///
    /// - Throws: ``EnvelopeError`` with code `size`.
    public static func seal(
        _ message: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
    ) throws(EnvelopeError) -> [UInt8] {
        do {
            let box = try AES.GCM._SIV.seal(
                message, using: symmetric(key), nonce: AES.GCM._SIV.Nonce(data: nonce), authenticating: data)
            return Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw EnvelopeError(.size, "AES-GCM-SIV takes keys of 16 or 32 bytes and nonces of 12")
        }
    }

    /// The message, if tag and associated data are right.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic`.
    public static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
    ) throws(EnvelopeError) -> [UInt8] {
        do {
            let box = try AES.GCM._SIV.SealedBox(
                nonce: AES.GCM._SIV.Nonce(data: nonce), ciphertext: sealed.dropLast(16), tag: sealed.suffix(16))
            return Array(try AES.GCM._SIV.open(box, using: symmetric(key), authenticating: data))
        } catch {
            throw .notAuthentic
        }
    }

    private static func symmetric(_ key: [UInt8]) throws(EnvelopeError) -> SymmetricKey {
        guard key.count == 16 || key.count == 32 else { throw EnvelopeError(.size, "an AES-GCM-SIV key has 16 or 32 bytes") }
        return SymmetricKey(data: key)
    }
}
