import Crypto
import CryptoExtras

/// The bare permutation of AES on one block, and the two modes that the constructions of this module are made of.
enum AESBlock {
    static func key(_ bytes: some Collection<UInt8>) throws(EnvelopeError) -> SymmetricKey {
        guard [16, 24, 32].contains(bytes.count) else {
            throw EnvelopeError(.size, "an AES key has 16, 24 or 32 bytes, not \(bytes.count)")
        }
        return SymmetricKey(data: Array(bytes))
    }

    static func encrypt(_ block: inout [UInt8], _ key: SymmetricKey) throws(EnvelopeError) {
        do { try AES.permute(&block, key: key) } catch { throw EnvelopeError(.size, "a block has 16 bytes") }
    }

    static func decrypt(_ block: inout [UInt8], _ key: SymmetricKey) throws(EnvelopeError) {
        do { try AES.inversePermute(&block, key: key) } catch { throw EnvelopeError(.size, "a block has 16 bytes") }
    }

    /// Counter mode with a 128-bit big-endian counter.
    static func counterMode(_ message: [UInt8], _ key: SymmetricKey, counter: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard !message.isEmpty else { return [] }
        do {
            return Array(try AES._CTR.encrypt(message, using: key, nonce: AES._CTR.Nonce(nonceBytes: counter)))
        } catch {
            throw EnvelopeError(.size, "a counter has 16 bytes")
        }
    }

    /// The last block of CBC over whole blocks from a zero IV: FF1's PRF.
    static func chainedBlock(_ blocks: [UInt8], _ key: SymmetricKey) throws(EnvelopeError) -> [UInt8] {
        do {
            let iv = try AES._CBC.IV(ivBytes: [UInt8](repeating: 0, count: 16))
            return Array(try AES._CBC.encrypt(blocks, using: key, iv: iv, noPadding: true).suffix(16))
        } catch {
            throw EnvelopeError(.size, "blocks of 16 bytes are needed")
        }
    }
}

/// AES-CMAC (RFC 4493, NIST SP 800-38B).
public enum AESCMAC {
    /// The 16-byte code of `message` under a key of 16, 24 or 32 bytes.
    ///
    /// - Throws: ``EnvelopeError`` with code `size`.
    public static func code(of message: [UInt8], key: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        try code(of: message, AESBlock.key(key))
    }

    static func code(of message: [UInt8], _ key: SymmetricKey) throws(EnvelopeError) -> [UInt8] {
        do {
            var mac = try AES.CMAC(key: key)
            mac.update(data: message)
            return Array(mac.finalize())
        } catch {
            throw EnvelopeError(.size, "an AES key has 16, 24 or 32 bytes")
        }
    }
}
