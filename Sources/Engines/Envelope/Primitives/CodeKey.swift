import Crypto

/// HMAC-SHA-256 (RFC 2104) under one key, for many messages: the key's two blocks are prepared once, and each code is two plain hashes.
///
/// For whoever makes thousands of codes a second; the library's own type sets up two hash states for each.
public struct CodeKey: Sendable {
    private var inner = [UInt8](repeating: 0x36, count: 64)
    private var outer = [UInt8](repeating: 0x5c, count: 64)

    /// Prepares a key of any length.
    public init(_ key: some Collection<UInt8>) {
        var short = key.count > 64 ? Self.hash(Array(key)) : Array(key)
        defer { wipe(&short) }
        for index in short.indices {
            inner[index] ^= short[index]
            outer[index] ^= short[index]
        }
    }

    /// The 32 bytes for a message.
    public func code(of message: some Collection<UInt8>) -> [UInt8] {
        var text = inner
        text.reserveCapacity(64 + message.count)
        text += message
        let digest = Self.hash(text)
        wipe(&text)
        return Self.hash(outer + digest)
    }

    /// Wipes what was made of the key.
    mutating func end() {
        wipe(&inner)
        wipe(&outer)
    }

    private static func hash(_ bytes: [UInt8]) -> [UInt8] {
        let digest = SHA256.hash(data: bytes)
        return unsafe digest.withUnsafeBytes { unsafe Array($0) }
    }
}
