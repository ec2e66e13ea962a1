/// Reads the hashes of a log of a known size from its tiles.
///
/// What it gives is only as good as the tiles are: proofs made from it are checked by whoever gets them.
public struct TileReader {
    /// The log's size, which says how wide the tiles at the right edge are.
    public let size: UInt64
    private let read: (String) throws -> [UInt8]?
    private var cache: [Tile: [MerkleHash]] = [:]

    /// - Parameter read: the bytes of a file below the log's folder, nil where there is none.
    public init(size: UInt64, read: @escaping (String) throws -> [UInt8]?) {
        self.size = size
        self.read = read
    }

    /// The hash of a full subtree.
    ///
    /// - Throws: ``LogError`` with code `missing`, `malformed` or `range`; what `read` throws.
    public mutating func hash(_ node: TreeNode) throws -> MerkleHash {
        guard (node.index + 1) << UInt64(node.level) <= size else { throw LogError(.range, "the log has no such node") }
        let (tileLevel, inner) = (node.level / 8, UInt64(node.level % 8))
        let first = node.index << inner
        let hashes = try self.hashes(tile(tileLevel, first / UInt64(Tile.width)))
        let start = Int(first % UInt64(Tile.width))
        var row = Array(hashes[start..<(start + 1 << inner)])
        while row.count > 1 { row = stride(from: 0, to: row.count, by: 2).map { MerkleHash.node(row[$0], row[$0 + 1]) } }
        return row[0]
    }

    /// The entries of a bundle.
    ///
    /// - Throws: as ``hash(_:)``.
    public func entries(ofBundle index: UInt64) throws -> [[UInt8]] {
        let tile = Tile(.entries, index: index, width: width(index, count: size))
        guard let bytes = try read(tile.path) else { throw LogError(.missing, "`\(tile.path)` is missing") }
        return try tile.entries(in: bytes)
    }

    private mutating func hashes(_ tile: Tile) throws -> [MerkleHash] {
        if let known = cache[tile] { return known }
        guard let bytes = try read(tile.path) else { throw LogError(.missing, "`\(tile.path)` is missing") }
        let hashes = try tile.hashes(in: bytes)
        cache[tile] = hashes
        return hashes
    }

    private func tile(_ level: UInt8, _ index: UInt64) -> Tile {
        Tile(.hashes(level: level), index: index, width: width(index, count: size >> (8 * UInt64(level))))
    }

    private func width(_ index: UInt64, count: UInt64) -> Int {
        Int(min(UInt64(Tile.width), count - min(count, index * UInt64(Tile.width))))
    }
}
