import TransparencyLog

/// The log's tree at its right edge: what the next checkpoint has to write.
///
/// A pure state machine over the files that it asks for and hands out.
struct AuditTree {
    private(set) var tree = CompactTree()
    /// Entries and events of the bundle that is not full yet.
    private var entries: [[UInt8]] = []
    private(set) var payloads: PayloadBundle
    /// Hashes of each level's tile that is not full yet.
    private var rows: [UInt8: [UInt8]] = [:]
    /// Files that became full since the last checkpoint.
    private var full: [(path: String, bytes: [UInt8])] = []
    private var fullPayloads: [PayloadBundle] = []

    var size: UInt64 { tree.size }

    /// An empty log.
    init() { payloads = PayloadBundle(index: 0) }

    /// A log of a known size, its right edge read from files.
    ///
    /// - Throws: ``LogError``.
    init(checkpoint: Checkpoint, key: NoteKey, read: @escaping (String) -> [UInt8]?) throws {
        let size = checkpoint.size
        var reader = TileReader(size: size, read: read)
        let parts = try TreeNode.cover(size).map { try reader.hash($0) }
        tree = try CompactTree(size: size, edge: parts)
        guard tree.root == checkpoint.root else { throw LogError(.tampered, "the tiles do not give the root of the checkpoint") }
        let (bundle, width) = (size / 256, Int(size % 256))
        payloads = PayloadBundle(index: bundle)
        if width > 0 {
            entries = try reader.entries(ofBundle: bundle)
            let path = PayloadBundle.path(bundle, width: width)
            guard let bytes = read(path) else { throw LogError(.missing, "`\(path)` is missing") }
            payloads = try PayloadBundle(bytes, index: bundle, width: width, key: key)
        }
        var (level, count) = (UInt8(0), size)
        while count > 0 {
            if count % 256 > 0 {
                let tile = Tile(.hashes(level: level), index: count / 256, width: Int(count % 256))
                guard let bytes = read(tile.path) else { throw LogError(.missing, "`\(tile.path)` is missing") }
                rows[level] = bytes
            }
            (level, count) = (level + 1, count / 256)
        }
    }

    /// Adds an entry and its sealed event.
    mutating func append(_ entry: [UInt8], sealed: [UInt8]) throws {
        entries.append(entry)
        payloads.payloads.append(sealed)
        let last = tree.size
        for (node, hash) in tree.append(.leaf(entry)) where node.level % 8 == 0 {
            let level = node.level / 8
            rows[level, default: []] += hash.bytes
            if node.index % 256 == 255 {
                full.append((Tile(.hashes(level: level), index: node.index / 256).path, rows[level] ?? []))
                rows[level] = nil
            }
        }
        guard last % 256 == 255 else { return }
        full.append((Tile(.entries, index: last / 256).path, try Tile.bundle(entries)))
        fullPayloads.append(payloads)
        entries = []
        payloads = PayloadBundle(index: last / 256 + 1)
    }

    /// Every file that the tree of this size needs and that was not handed out before.
    func files(signer: NoteSigner) throws -> [(path: String, bytes: [UInt8])] {
        var files = full
        for bundle in fullPayloads { files.append((bundle.path, try bundle.bytes(signer: signer))) }
        for (level, bytes) in rows {
            files.append((Tile(.hashes(level: level), index: (size >> (8 * UInt64(level))) / 256, width: bytes.count / 32).path, bytes))
        }
        if !entries.isEmpty {
            files.append((Tile(.entries, index: size / 256, width: entries.count).path, try Tile.bundle(entries)))
            files.append((payloads.path, try payloads.bytes(signer: signer)))
        }
        return files
    }

    /// The files are on disk; they need not be handed out again.
    mutating func written() {
        full = []
        fullPayloads = []
    }

    /// Replaces sealed events of the bundle that is not full yet.
    mutating func replace(_ bundle: PayloadBundle) { if bundle.index == payloads.index { payloads = bundle } }
}
