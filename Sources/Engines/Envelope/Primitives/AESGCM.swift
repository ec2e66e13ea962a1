import Crypto

/// AES-GCM (NIST SP 800-38D) with nonces of any length and tags of 16 bytes.
///
/// Twelve-byte nonces go to the library; other lengths, which foreign data may have, are hashed into the first counter here.
public enum AESGCM {
    /// Ciphertext followed by the tag.
    ///
    /// - Throws: ``EnvelopeError`` with code `size` for a bad key or an empty nonce.
    public static func seal(
        _ message: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
    ) throws(EnvelopeError) -> [UInt8] {
        let key = try checked(key, nonce)
        guard nonce.count == 12 else {
            let (counter, ciphertext) = try transformed(message, key, nonce)
            return ciphertext + (try tag(of: ciphertext, data, key, counter))
        }
        do {
            let box = try AES.GCM.seal(message, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: data)
            return Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw EnvelopeError(.size, "cannot seal: \(message.count) bytes")
        }
    }

    /// The message, if tag and associated data are right.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic` or `size`.
    public static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8] = []
    ) throws(EnvelopeError) -> [UInt8] {
        let key = try checked(key, nonce)
        guard sealed.count >= 16 else { throw .notAuthentic }
        let (ciphertext, given) = (Array(sealed.dropLast(16)), sealed.suffix(16))
        guard nonce.count == 12 else {
            let (counter, message) = try transformed(ciphertext, key, nonce)
            guard constantTimeEquals(try tag(of: ciphertext, data, key, counter), given) else { throw .notAuthentic }
            return message
        }
        do {
            let box = try AES.GCM.SealedBox(nonce: AES.GCM.Nonce(data: nonce), ciphertext: ciphertext, tag: given)
            return Array(try AES.GCM.open(box, using: key, authenticating: data))
        } catch {
            throw .notAuthentic
        }
    }

    private static func checked(_ key: [UInt8], _ nonce: [UInt8]) throws(EnvelopeError) -> SymmetricKey {
        guard !nonce.isEmpty else { throw EnvelopeError(.size, "a nonce has at least one byte") }
        return try AESBlock.key(key)
    }

    /// The first counter block and the message run through the counters that follow it.
    private static func transformed(
        _ message: [UInt8], _ key: SymmetricKey, _ nonce: [UInt8]
    ) throws(EnvelopeError) -> (counter: [UInt8], output: [UInt8]) {
        let counter = GHASH.hash([], lengthsOnly: nonce, key: try hashKey(key))
        var output: [UInt8] = []
        var (rest, next) = (message[...], successor(of: counter))
        while !rest.isEmpty {
            // The counter of GCM is the last 32 bits: a run ends where it would carry over.
            let room = 16 * (UInt64(UInt32.max) - UInt64(low(next)) + 1)
            let run = Array(rest.prefix(Int(min(room, UInt64(rest.count)))))
            output += try AESBlock.counterMode(run, key, counter: next)
            rest = rest.dropFirst(run.count)
            next = next.prefix(12) + [0, 0, 0, 0]
        }
        return (counter, output)
    }

    private static func tag(
        of ciphertext: [UInt8], _ data: [UInt8], _ key: SymmetricKey, _ counter: [UInt8]
    ) throws(EnvelopeError) -> [UInt8] {
        let hash = GHASH.hash(data, ciphertext, key: try hashKey(key))
        var mask = counter
        try AESBlock.encrypt(&mask, key)
        return xor(hash, mask)
    }

    private static func hashKey(_ key: SymmetricKey) throws(EnvelopeError) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 16)
        try AESBlock.encrypt(&block, key)
        return block
    }

    private static func low(_ counter: [UInt8]) -> UInt32 { counter.suffix(4).reduce(0) { $0 << 8 | UInt32($1) } }

    private static func successor(of counter: [UInt8]) -> [UInt8] { counter.prefix(12) + bigEndianBytes(low(counter) &+ 1) }
}

/// The universal hash of GCM, bit by bit without tables or branches on secrets.
enum GHASH {
    /// Over associated data and ciphertext, with their lengths.
    static func hash(_ data: [UInt8], _ ciphertext: [UInt8], key: [UInt8]) -> [UInt8] {
        var state = State(key: key)
        state.absorb(data)
        state.absorb(ciphertext)
        state.absorb(bigEndianBytes(UInt64(data.count) * 8) + bigEndianBytes(UInt64(ciphertext.count) * 8))
        return state.bytes
    }

    /// Over a nonce, which stands where the ciphertext would.
    static func hash(_ data: [UInt8], lengthsOnly nonce: [UInt8], key: [UInt8]) -> [UInt8] { hash(data, nonce, key: key) }

    private struct State {
        var high: UInt64 = 0
        var low: UInt64 = 0
        let keyHigh: UInt64
        let keyLow: UInt64

        init(key: [UInt8]) {
            keyHigh = State.word(key[..<8])
            keyLow = State.word(key[8...])
        }

        var bytes: [UInt8] { bigEndianBytes(high) + bigEndianBytes(low) }

        mutating func absorb(_ input: [UInt8]) {
            for start in stride(from: 0, to: input.count, by: 16) {
                let block = input[start..<min(start + 16, input.count)] + [UInt8](repeating: 0, count: max(0, start + 16 - input.count))
                high ^= State.word(block.prefix(8))
                low ^= State.word(block.suffix(8))
                multiply()
            }
        }

        private mutating func multiply() {
            var (productHigh, productLow): (UInt64, UInt64) = (0, 0)
            var (vHigh, vLow) = (keyHigh, keyLow)
            for bit in 0..<128 {
                let word = bit < 64 ? high : low
                let mask = 0 &- ((word >> UInt64(63 - bit % 64)) & 1)
                productHigh ^= vHigh & mask
                productLow ^= vLow & mask
                let reduction = 0 &- (vLow & 1)
                vLow = vLow >> 1 | vHigh << 63
                vHigh = vHigh >> 1 ^ (0xe100_0000_0000_0000 & reduction)
            }
            (high, low) = (productHigh, productLow)
        }

        private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    }
}
