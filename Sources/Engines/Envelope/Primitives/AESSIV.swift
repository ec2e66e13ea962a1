import Crypto

/// AES-SIV-CMAC (RFC 5297): deterministic authenticated encryption with any number of associated strings.
///
/// Equal messages under equal associated data give equal ciphertexts, and that is all that leaks.
public struct AESSIV: Sendable {
    private let macKey: SymmetricKey
    private let counterKey: SymmetricKey

    /// A key of 32, 48 or 64 bytes: half for the code, half for the counter.
    ///
    /// - Throws: ``EnvelopeError`` with code `size`.
    public init(key: [UInt8]) throws(EnvelopeError) {
        guard [32, 48, 64].contains(key.count) else {
            throw EnvelopeError(.size, "an AES-SIV key has 32, 48 or 64 bytes, not \(key.count)")
        }
        macKey = try AESBlock.key(key.prefix(key.count / 2))
        counterKey = try AESBlock.key(key.suffix(key.count / 2))
    }

    /// The 16-byte synthetic IV followed by the ciphertext.
    ///
    /// - Throws: ``EnvelopeError`` with code `size` for more than 126 associated strings (RFC 5297 §2.6).
    public func seal(_ message: [UInt8], authenticating data: [[UInt8]]) throws(EnvelopeError) -> [UInt8] {
        let iv = try syntheticIV(data, message)
        return iv + (try AESBlock.counterMode(message, counterKey, counter: Self.counter(iv)))
    }

    /// The message, if it and the associated strings are authentic.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic`.
    public func open(_ sealed: [UInt8], authenticating data: [[UInt8]]) throws(EnvelopeError) -> [UInt8] {
        guard sealed.count >= 16 else { throw .notAuthentic }
        let iv = Array(sealed.prefix(16))
        let message = try AESBlock.counterMode(Array(sealed.dropFirst(16)), counterKey, counter: Self.counter(iv))
        guard constantTimeEquals(try syntheticIV(data, message), iv) else { throw .notAuthentic }
        return message
    }

    /// S2V over the associated strings and the message (RFC 5297 §2.4).
    private func syntheticIV(_ data: [[UInt8]], _ message: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard data.count <= 126 else { throw EnvelopeError(.size, "at most 126 associated strings") }
        var state = try AESCMAC.code(of: [UInt8](repeating: 0, count: 16), macKey)
        for string in data {
            state = xor(Self.doubled(state), try AESCMAC.code(of: string, macKey))
        }
        guard message.count >= 16 else {
            let padded = message + [0x80] + [UInt8](repeating: 0, count: 15 - message.count)
            return try AESCMAC.code(of: xor(Self.doubled(state), padded), macKey)
        }
        return try AESCMAC.code(of: message.dropLast(16) + xor(message.suffix(16), state), macKey)
    }

    /// Multiplication by x in GF(2^128).
    private static func doubled(_ block: [UInt8]) -> [UInt8] {
        var result = block
        for index in 0..<15 { result[index] = block[index] << 1 | block[index + 1] >> 7 }
        result[15] = block[15] << 1 ^ (0x87 & (0 &- (block[0] >> 7)))
        return result
    }

    /// The IV with the two bits cleared that let 32-bit and 64-bit counters agree.
    private static func counter(_ iv: [UInt8]) -> [UInt8] {
        var counter = iv
        counter[8] &= 0x7f
        counter[12] &= 0x7f
        return counter
    }
}
