import Crypto

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): ChaCha20-Poly1305 whose 24-byte nonces may be random.
public enum XChaCha20Poly1305 {
    /// Ciphertext followed by the tag.
    ///
    /// - Throws: ``EnvelopeError`` with code `size` unless the key has 32 bytes and the nonce 24.
    public static func seal(
        _ message: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
    ) throws(EnvelopeError) -> [UInt8] {
        let (key, nonce) = try derived(key, nonce)
        do {
            let box = try ChaChaPoly.seal(message, using: key, nonce: ChaChaPoly.Nonce(data: nonce), authenticating: data)
            return Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw EnvelopeError(.size, "cannot seal \(message.count) bytes")
        }
    }

    /// The message, if tag and associated data are right.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic` or `size`.
    public static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
    ) throws(EnvelopeError) -> [UInt8] {
        let (key, nonce) = try derived(key, nonce)
        do {
            let box = try ChaChaPoly.SealedBox(
                nonce: ChaChaPoly.Nonce(data: nonce), ciphertext: sealed.dropLast(16), tag: sealed.suffix(16))
            return Array(try ChaChaPoly.open(box, using: key, authenticating: data))
        } catch {
            throw .notAuthentic
        }
    }

    private static func derived(_ key: [UInt8], _ nonce: [UInt8]) throws(EnvelopeError) -> (SymmetricKey, [UInt8]) {
        guard key.count == 32, nonce.count == 24 else {
            throw EnvelopeError(.size, "XChaCha20-Poly1305 takes keys of 32 bytes and nonces of 24")
        }
        return (SymmetricKey(data: subkey(key, nonce.prefix(16))), [0, 0, 0, 0] + nonce.suffix(8))
    }

    /// HChaCha20: the ChaCha20 rounds without the final addition, first and last rows out.
    private static func subkey(_ key: [UInt8], _ nonce: ArraySlice<UInt8>) -> [UInt8] {
        let constants: [UInt32] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]
        var state = constants + words(key[...]) + words(nonce)
        for _ in 0..<10 {
            for column in 0..<4 { quarterRound(&state, column, column + 4, column + 8, column + 12) }
            for row in 0..<4 { quarterRound(&state, row, 4 + (row + 1) % 4, 8 + (row + 2) % 4, 12 + (row + 3) % 4) }
        }
        return (state[0..<4] + state[12..<16]).flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
    }

    private static func words(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
        stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { start in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
        }
    }

    private static func quarterRound(_ s: inout [UInt32], _ a: Int, _ b: Int, _ c: Int, _ d: Int) {
        func step(_ x: Int, _ y: Int, _ z: Int, _ turn: UInt32) {
            s[x] &+= s[y]
            s[z] ^= s[x]
            s[z] = s[z] << turn | s[z] >> (32 - turn)
        }
        step(a, b, d, 16)
        step(c, d, b, 12)
        step(a, b, d, 8)
        step(c, d, b, 7)
    }
}
