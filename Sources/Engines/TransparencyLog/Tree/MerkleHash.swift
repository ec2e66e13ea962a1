import Crypto

/// The hash of a leaf or node of a Merkle tree over SHA-256 (RFC 9162 §2.1.1): 32 bytes.
public struct MerkleHash: Sendable, Hashable {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// A hash read from elsewhere.
    ///
    /// - Throws: ``LogError`` with code `malformed` unless there are 32 bytes.
    public init(bytes: some Collection<UInt8>) throws(LogError) {
        guard bytes.count == 32 else { throw LogError(.malformed, "a hash has 32 bytes, not \(bytes.count)") }
        self.bytes = Array(bytes)
    }

    private init(_ digest: SHA256Digest) { bytes = Array(digest) }

    /// The root of the empty tree: the hash of nothing.
    public static let empty = MerkleHash(SHA256.hash(data: [UInt8]()))

    /// The hash of an entry.
    public static func leaf(_ entry: [UInt8]) -> MerkleHash {
        var hasher = SHA256()
        hasher.update(data: [0])
        hasher.update(data: entry)
        return MerkleHash(hasher.finalize())
    }

    /// The hash of two subtrees.
    public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var hasher = SHA256()
        hasher.update(data: [1] + left.bytes + right.bytes)
        return MerkleHash(hasher.finalize())
    }
}
