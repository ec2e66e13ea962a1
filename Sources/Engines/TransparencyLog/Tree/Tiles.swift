/// A tile or entry bundle of a log by C2SP tlog-tiles: 256 hashes of one level, or the 256 entries below them.
public struct Tile: Sendable, Hashable {
    /// Hashes or entries in a full tile.
    public static let width = 256

    /// What a tile holds.
    public enum Content: Sendable, Hashable {
        /// Hashes of the nodes of level 8 × `level`.
        case hashes(level: UInt8)
        /// Entries.
        case entries
    }

    /// What the tile holds.
    public var content: Content
    /// Counted from the left.
    public var index: UInt64
    /// 1 to 256; under 256 only at the right edge.
    public var width: Int

    /// A tile.
    public init(_ content: Content, index: UInt64, width: Int = Tile.width) {
        self.content = content
        self.index = index
        self.width = width
    }

    /// The path below the log's folder, such as `tile/0/x001/234` or `tile/entries/000.p/17`.
    public var path: String {
        let level =
            switch content {
            case .hashes(let level): String(level)
            case .entries: "entries"
            }
        return "tile/\(level)/\(Self.path(of: index))" + (width == Self.width ? "" : ".p/\(width)")
    }

    /// An index in groups of three digits, all but the last marked with `x`.
    public static func path(of index: UInt64) -> String {
        var groups = [pad(index % 1000)]
        var rest = index / 1000
        while rest > 0 {
            groups.insert("x" + pad(rest % 1000), at: 0)
            rest /= 1000
        }
        return groups.joined(separator: "/")
    }

    /// All tiles of a tree of `size` leaves: every level's hashes, and the entries.
    public static func all(size: UInt64) -> [Tile] {
        var tiles = row(.entries, count: size)
        var (count, level) = (size, UInt8(0))
        while count > 0 {
            tiles += row(.hashes(level: level), count: count)
            count /= UInt64(width)
            level += 1
        }
        return tiles
    }

    private static func row(_ content: Content, count: UInt64) -> [Tile] {
        let (full, rest) = (count / UInt64(width), Int(count % UInt64(width)))
        return (0..<full).map { Tile(content, index: $0) } + (rest > 0 ? [Tile(content, index: full, width: rest)] : [])
    }

    private static func pad(_ value: UInt64) -> String {
        let digits = String(value)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// The hashes in a tile's bytes.
    ///
    /// - Throws: ``LogError`` with code `malformed` for another length than the width asks for.
    public func hashes(in bytes: [UInt8]) throws(LogError) -> [MerkleHash] {
        guard bytes.count == 32 * width else { throw LogError(.malformed, "`\(path)` has \(bytes.count) bytes, not \(32 * width)") }
        var hashes: [MerkleHash] = []
        hashes.reserveCapacity(width)
        for start in stride(from: 0, to: bytes.count, by: 32) { hashes.append(try MerkleHash(bytes: bytes[start..<(start + 32)])) }
        return hashes
    }

    /// The entries in a bundle's bytes: each behind its length in two bytes.
    ///
    /// - Throws: ``LogError`` with code `malformed` for missing or left over bytes.
    public func entries(in bytes: [UInt8]) throws(LogError) -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var at = 0
        while at < bytes.count, entries.count < width {
            guard at + 2 <= bytes.count else { break }
            let end = at + 2 + (Int(bytes[at]) << 8 | Int(bytes[at + 1]))
            guard end <= bytes.count else { break }
            entries.append(Array(bytes[(at + 2)..<end]))
            at = end
        }
        guard at == bytes.count, entries.count == width else { throw LogError(.malformed, "`\(path)` does not hold \(width) entries") }
        return entries
    }

    /// A bundle's bytes.
    ///
    /// - Throws: ``LogError`` with code `range` for an entry of over 65,535 bytes.
    public static func bundle(_ entries: [[UInt8]]) throws(LogError) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            guard entry.count <= 65_535 else { throw LogError(.range, "an entry has at most 65535 bytes") }
            bytes += [UInt8(entry.count >> 8), UInt8(entry.count & 0xff)] + entry
        }
        return bytes
    }
}
