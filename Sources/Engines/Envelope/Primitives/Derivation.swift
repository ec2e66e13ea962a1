/// HKDF (RFC 5869) and keyed codes over the hash functions in use.
public enum Derivation {
    /// `count` bytes from a secret with SHA-256; at most 8,160.
    ///
    /// - Parameter info: what the bytes are for; other labels give unrelated bytes.
    public static func bytes(from secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        precondition(count <= 255 * 32, "HKDF-SHA-256 gives at most 8160 bytes")
        var seed = CodeKey(salt).code(of: secret)
        var key = CodeKey(seed)
        wipe(&seed)
        defer { key.end() }
        var (result, block): ([UInt8], [UInt8]) = ([], [])
        result.reserveCapacity((count + 31) / 32 * 32)
        var number: UInt8 = 1
        while result.count < count {
            block = key.code(of: block + info + [number])
            result += block
            number &+= 1
        }
        result.removeLast(result.count - count)
        return result
    }

    /// HMAC-SHA-256 of a message, cut to `count` bytes (at most 32): a blind index, equal for equal messages and
    /// telling nothing else to those without the key.
    public static func code(of message: [UInt8], key: [UInt8], count: Int = 32) -> [UInt8] {
        Array(CodeKey(key).code(of: message).prefix(count))
    }
}
