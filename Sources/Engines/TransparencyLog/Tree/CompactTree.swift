/// The right edge of a growing tree: the roots of its largest full subtrees, from which the root follows.
///
/// Appending costs one hash amortized; the whole state is at most 64 hashes.
public struct CompactTree: Sendable, Hashable {
    /// Number of leaves.
    public private(set) var size: UInt64 = 0
    /// Roots of full subtrees, largest first: one per bit of ``size``.
    private var edge: [MerkleHash] = []

    /// An empty tree.
    public init() {}

    /// A tree of `size` leaves with its edge, largest subtree first.
    ///
    /// - Throws: ``LogError`` with code `malformed` unless there is a hash per bit of the size.
    public init(size: UInt64, edge: [MerkleHash]) throws(LogError) {
        guard edge.count == size.nonzeroBitCount else { throw LogError(.malformed, "the edge does not fit the size") }
        self.size = size
        self.edge = edge
    }

    /// Adds a leaf; returns each subtree that it completed, from the leaf up: level and index, and hash.
    @discardableResult
    public mutating func append(_ leaf: MerkleHash) -> [(node: TreeNode, hash: MerkleHash)] {
        var made = [(node: TreeNode(level: 0, index: size), hash: leaf)]
        var hash = leaf
        var level: UInt8 = 0
        while size >> UInt64(level) & 1 == 1, let left = edge.popLast() {
            hash = MerkleHash.node(left, hash)
            level += 1
            made.append((TreeNode(level: level, index: size >> UInt64(level)), hash))
        }
        edge.append(hash)
        size += 1
        return made
    }

    /// The root of the tree as it stands.
    public var root: MerkleHash {
        guard var hash = edge.last else { return .empty }
        for left in edge.dropLast().reversed() { hash = MerkleHash.node(left, hash) }
        return hash
    }
}

/// A full subtree: the one of 2^level leaves that begins at leaf index × 2^level.
public struct TreeNode: Sendable, Hashable {
    /// 0 for leaves.
    public var level: UInt8
    /// Counted from the left in its level.
    public var index: UInt64

    /// A node by level and index.
    public init(level: UInt8, index: UInt64) {
        self.level = level
        self.index = index
    }

    /// The full subtrees that make up a tree of `size` leaves, left to right: what ``CompactTree/init(size:edge:)`` takes.
    public static func cover(_ size: UInt64) -> [TreeNode] { cover(0, size) }

    /// The full subtrees that make up the leaves from `start` to below `end`, left to right (RFC 9162 §2.1).
    static func cover(_ start: UInt64, _ end: UInt64) -> [TreeNode] {
        var nodes: [TreeNode] = []
        var at = start
        while at < end {
            let aligned = at == 0 ? 63 : at.trailingZeroBitCount
            let fitting = 63 - (end - at).leadingZeroBitCount
            let level = UInt8(min(aligned, fitting))
            nodes.append(TreeNode(level: level, index: at >> UInt64(level)))
            at += 1 << UInt64(level)
        }
        return nodes
    }
}
