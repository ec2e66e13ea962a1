import Crypto

/// HKDF (RFC 5869) and keyed codes over the hash functions in use.
public enum Derivation {
    /// `count` bytes from a secret with SHA-256; at most 8,160.
    ///
    /// - Parameter info: what the bytes are for; other labels give unrelated bytes.
    public static func bytes(from secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        precondition(count <= 255 * 32, "HKDF-SHA-256 gives at most 8160 bytes")
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), salt: salt, info: info, outputByteCount: count)
        return unsafe key.withUnsafeBytes { unsafe Array($0) }
    }

    /// HMAC-SHA-256 of a message, cut to `count` bytes (at most 32): a blind index, equal for equal messages and
    /// telling nothing else to those without the key.
    public static func code(of message: [UInt8], key: [UInt8], count: Int = 32) -> [UInt8] {
        Array(Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key))).prefix(count))
    }
}
