import Crypto

/// AES key wrap, with padding (RFC 5649, KWP) and without (RFC 3394, KW).
public enum AESKeyWrap {
    /// Most bytes that a wrapped key may have; 64 KiB.
    public static let limit = 64 << 10

    /// Wraps a key whose length is a multiple of 8 and at least 16 bytes (RFC 3394 §2.2.1).
    ///
    /// - Throws: ``EnvelopeError`` with code `size`.
    public static func wrap(_ material: [UInt8], with key: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard material.count >= 16, material.count % 8 == 0, material.count <= limit else {
            throw EnvelopeError(.size, "key wrap takes 16 bytes or more, in steps of 8, not \(material.count)")
        }
        return try chained(initialValue + material, AESBlock.key(key))
    }

    /// Undoes ``wrap(_:with:)``.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic` or `size`.
    public static func unwrap(_ wrapped: [UInt8], with key: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard wrapped.count >= 24, wrapped.count % 8 == 0, wrapped.count <= limit + 8 else { throw .notAuthentic }
        let clear = try unchained(wrapped, AESBlock.key(key))
        guard constantTimeEquals(clear.prefix(8), initialValue) else { throw .notAuthentic }
        return Array(clear.dropFirst(8))
    }

    /// Wraps a key of any length from 1 byte (RFC 5649 §4.1).
    ///
    /// - Throws: ``EnvelopeError`` with code `size`.
    public static func wrapPadded(_ material: [UInt8], with key: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard !material.isEmpty, material.count <= limit else {
            throw EnvelopeError(.size, "padded key wrap takes 1 to \(limit) bytes, not \(material.count)")
        }
        let padding = [UInt8](repeating: 0, count: (8 - material.count % 8) % 8)
        var block = alternativeValue + bigEndianBytes(UInt32(material.count)) + material + padding
        let key = try AESBlock.key(key)
        guard block.count > 16 else {
            try AESBlock.encrypt(&block, key)
            return block
        }
        return try chained(block, key)
    }

    /// Undoes ``wrapPadded(_:with:)``.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic` or `size`.
    public static func unwrapPadded(_ wrapped: [UInt8], with key: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        guard wrapped.count >= 16, wrapped.count % 8 == 0, wrapped.count <= limit + 8 else { throw .notAuthentic }
        let key = try AESBlock.key(key)
        var clear = wrapped
        if wrapped.count == 16 { try AESBlock.decrypt(&clear, key) } else { clear = try unchained(wrapped, key) }
        let length = Int(clear[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        let room = clear.count - 8
        guard constantTimeEquals(clear.prefix(4), alternativeValue), length > room - 8, length <= room,
            clear.suffix(room - length).reduce(0, |) == 0
        else { throw .notAuthentic }
        return Array(clear[8..<(8 + length)])
    }

    private static let initialValue = [UInt8](repeating: 0xa6, count: 8)
    private static let alternativeValue: [UInt8] = [0xa6, 0x59, 0x59, 0xa6]

    /// The wrapping function W over semiblocks, the first of which is the integrity value.
    private static func chained(_ input: [UInt8], _ key: SymmetricKey) throws(EnvelopeError) -> [UInt8] {
        let count = input.count / 8 - 1
        var (output, first) = (input, Array(input.prefix(8)))
        for step in 0..<(6 * count) {
            let at = 8 * (step % count + 1)
            var block = first + output[at..<(at + 8)]
            try AESBlock.encrypt(&block, key)
            first = xor(block.prefix(8), bigEndianBytes(UInt64(step + 1)))
            output.replaceSubrange(at..<(at + 8), with: block.suffix(8))
        }
        output.replaceSubrange(0..<8, with: first)
        return output
    }

    private static func unchained(_ input: [UInt8], _ key: SymmetricKey) throws(EnvelopeError) -> [UInt8] {
        let count = input.count / 8 - 1
        var (output, first) = (input, Array(input.prefix(8)))
        for step in (0..<(6 * count)).reversed() {
            let at = 8 * (step % count + 1)
            var block = xor(first, bigEndianBytes(UInt64(step + 1))) + output[at..<(at + 8)]
            try AESBlock.decrypt(&block, key)
            first = Array(block.prefix(8))
            output.replaceSubrange(at..<(at + 8), with: block.suffix(8))
        }
        output.replaceSubrange(0..<8, with: first)
        return output
    }
}
