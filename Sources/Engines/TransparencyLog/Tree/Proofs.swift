/// Proofs that an entry is in a tree, and that one tree grew from another (RFC 9162 §2.1.3, §2.1.4).
public enum MerkleProof {
    /// Most hashes in a proof.
    public static let limit = 128

    /// Checks that a leaf stands at an index of the tree of a size with a root.
    ///
    /// - Throws: ``LogError`` with code `proof` or `range`.
    public static func verifyInclusion(
        of leaf: MerkleHash, at index: UInt64, size: UInt64, root: MerkleHash, proof: [MerkleHash]
    ) throws(LogError) {
        guard index < size else { throw LogError(.range, "index \(index) is not in a tree of \(size)") }
        guard proof.count <= limit else { throw LogError(.proof, "the proof is too long") }
        var (hash, node, last) = (leaf, index, size - 1)
        for sibling in proof {
            guard last > 0 else { throw LogError(.proof, "the proof is too long") }
            if node & 1 == 1 || node == last {
                hash = .node(sibling, hash)
                while node & 1 == 0, node > 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = .node(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        guard last == 0 else { throw LogError(.proof, "the proof is too short") }
        guard hash == root else { throw LogError(.proof, "the proof does not lead to the root") }
    }

    /// Checks that the tree of `newSize` begins with the tree of `oldSize`.
    ///
    /// Refuses: size 0 on the left, which every tree begins with and no proof is needed for.
    /// - Throws: ``LogError`` with code `proof` or `range`.
    public static func verifyConsistency(
        oldSize: UInt64, oldRoot: MerkleHash, newSize: UInt64, newRoot: MerkleHash, proof: [MerkleHash]
    ) throws(LogError) {
        guard oldSize > 0, oldSize <= newSize else { throw LogError(.range, "a tree of \(newSize) does not grow from one of \(oldSize)") }
        guard proof.count <= limit else { throw LogError(.proof, "the proof is too long") }
        guard oldSize < newSize else {
            guard proof.isEmpty, oldRoot == newRoot else { throw LogError(.proof, "one size has two roots") }
            return
        }
        var path = proof[...]
        if oldSize.nonzeroBitCount == 1 { path = ([oldRoot] + proof)[...] }
        guard let first = path.popFirst() else { throw LogError(.proof, "the proof is too short") }
        var (node, last) = (oldSize - 1, newSize - 1)
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var (oldHash, newHash) = (first, first)
        for sibling in path {
            guard last > 0 else { throw LogError(.proof, "the proof is too long") }
            if node & 1 == 1 || node == last {
                oldHash = .node(sibling, oldHash)
                newHash = .node(sibling, newHash)
                while node & 1 == 0, node > 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                newHash = .node(newHash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        guard last == 0 else { throw LogError(.proof, "the proof is too short") }
        guard oldHash == oldRoot, newHash == newRoot else { throw LogError(.proof, "the proof does not lead to the roots") }
    }

    /// Checks consistency between roots that are still bytes of any length, as they come from outside.
    ///
    /// Equal sizes need equal roots and no proof, whatever the roots are made of; all else needs roots of 32 bytes.
    /// - Throws: ``LogError`` with code `proof`, `range` or `malformed`.
    public static func verifyConsistency(
        oldSize: UInt64, oldRoot: [UInt8], newSize: UInt64, newRoot: [UInt8], proof: [[UInt8]]
    ) throws(LogError) {
        if oldSize == newSize, oldSize > 0, proof.isEmpty, !oldRoot.isEmpty, oldRoot == newRoot { return }
        var hashes: [MerkleHash] = []
        for bytes in proof.prefix(limit + 1) { hashes.append(try MerkleHash(bytes: bytes)) }
        try verifyConsistency(
            oldSize: oldSize, oldRoot: MerkleHash(bytes: oldRoot), newSize: newSize, newRoot: MerkleHash(bytes: newRoot), proof: hashes)
    }

    /// The proof that the leaf at `index` is in the tree of `size`.
    ///
    /// - Parameter hash: the hash of a full subtree.
    /// - Throws: ``LogError`` with code `range`, or what `hash` throws.
    public static func inclusion(of index: UInt64, size: UInt64, hash: (TreeNode) throws -> MerkleHash) throws -> [MerkleHash] {
        guard index < size else { throw LogError(.range, "index \(index) is not in a tree of \(size)") }
        var (start, end) = (UInt64(0), size)
        var proof: [MerkleHash] = []
        while end - start > 1 {
            let middle = start + split(end - start)
            if index < middle {
                proof.append(try root(from: middle, to: end, hash: hash))
                end = middle
            } else {
                proof.append(try root(from: start, to: middle, hash: hash))
                start = middle
            }
        }
        return proof.reversed()
    }

    /// The proof that the tree of `newSize` begins with that of `oldSize`; empty for equal sizes.
    ///
    /// - Throws: ``LogError`` with code `range`, or what `hash` throws.
    public static func consistency(from oldSize: UInt64, to newSize: UInt64, hash: (TreeNode) throws -> MerkleHash) throws -> [MerkleHash] {
        guard oldSize > 0, oldSize <= newSize else { throw LogError(.range, "a tree of \(newSize) does not grow from one of \(oldSize)") }
        var (start, end) = (UInt64(0), newSize)
        var proof: [MerkleHash] = []
        var isWhole = true
        while oldSize < end {
            let middle = start + split(end - start)
            if oldSize <= middle {
                proof.append(try root(from: middle, to: end, hash: hash))
                end = middle
            } else {
                proof.append(try root(from: start, to: middle, hash: hash))
                start = middle
                isWhole = false
            }
        }
        if !isWhole { proof.append(try root(from: start, to: end, hash: hash)) }
        return proof.reversed()
    }

    /// The hash of the leaves from `start` to below `end`, where that is a subtree of the tree's own.
    ///
    /// - Throws: what `hash` throws.
    public static func root(from start: UInt64, to end: UInt64, hash: (TreeNode) throws -> MerkleHash) throws -> MerkleHash {
        let parts = try TreeNode.cover(start, end).map(hash)
        guard var root = parts.last else { return .empty }
        for left in parts.dropLast().reversed() { root = .node(left, root) }
        return root
    }

    /// The largest power of two below `count`.
    private static func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }
}
