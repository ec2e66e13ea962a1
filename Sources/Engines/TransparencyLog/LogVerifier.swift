/// Checks a whole log: every tile and entry against a checkpoint, with the log's public key alone.
public struct LogVerifier {
    private let read: (String) throws -> [UInt8]?

    /// - Parameter read: the bytes of a file below the log's folder, nil where there is none.
    public init(read: @escaping (String) throws -> [UInt8]?) { self.read = read }

    /// The log's signed checkpoint.
    ///
    /// - Throws: ``LogError`` with code `missing`, `malformed` or `signature`.
    public func checkpoint(by key: NoteKey) throws -> (checkpoint: Checkpoint, note: SignedNote) {
        guard let bytes = try read("checkpoint") else { throw LogError(.missing, "`checkpoint` is missing") }
        let note = try SignedNote(bytes)
        // The note must be written as it would be written here: a byte changed outside the signature counts too.
        guard note.bytes == bytes else { throw LogError(.malformed, "`checkpoint` is not written canonically") }
        return (try Checkpoint(note: note, by: key), note)
    }

    /// Recomputes the tree from the entries and compares every tile and the root.
    ///
    /// - Parameters:
    ///   - known: checkpoints kept elsewhere; the log must have grown from each.
    ///   - witnesses: must each have cosigned the checkpoint.
    ///   - entry: sees every entry in order.
    /// - Throws: ``LogError`` with code `missing`, `malformed`, `tampered`, `signature` or `fork`; what `entry` throws.
    @discardableResult
    public func verify(
        key: NoteKey, known: [Checkpoint] = [], witnesses: [NoteKey] = [], entry: (UInt64, [UInt8]) throws -> Void = { _, _ in }
    ) throws -> Checkpoint {
        let (checkpoint, note) = try checkpoint(by: key)
        for witness in witnesses { try witness.verify(note) }
        for old in known where old.size > checkpoint.size {
            throw LogError(.fork, "the log has \(checkpoint.size) entries, a known checkpoint \(old.size): it was cut off or forked")
        }
        var tree = CompactTree()
        var rows: [UInt8: [UInt8]] = [:]
        try compare(known, tree)
        let reader = TileReader(size: checkpoint.size, read: read)
        for bundle in 0..<(checkpoint.size + 255) / 256 {
            for (offset, bytes) in try reader.entries(ofBundle: bundle).enumerated() {
                try entry(bundle * 256 + UInt64(offset), bytes)
                for (node, hash) in tree.append(.leaf(bytes)) where node.level % 8 == 0 {
                    rows[node.level / 8, default: []] += hash.bytes
                    if node.index % 256 == 255 { try compare(&rows, level: node.level / 8, index: node.index / 256, width: 256) }
                }
                try compare(known, tree)
            }
        }
        for (level, bytes) in rows where !bytes.isEmpty {
            try compare(&rows, level: level, index: (checkpoint.size >> (8 * UInt64(level))) / 256, width: bytes.count / 32)
        }
        guard tree.root == checkpoint.root else { throw LogError(.tampered, "the entries do not give the root that was signed") }
        return checkpoint
    }

    private func compare(_ known: [Checkpoint], _ tree: CompactTree) throws {
        for old in known where old.size == tree.size && old.root != tree.root {
            throw LogError(.fork, "the log does not grow from the known checkpoint of \(old.size)")
        }
    }

    private func compare(_ rows: inout [UInt8: [UInt8]], level: UInt8, index: UInt64, width: Int) throws {
        let tile = Tile(.hashes(level: level), index: index, width: width)
        guard let bytes = try read(tile.path) else { throw LogError(.missing, "`\(tile.path)` is missing") }
        guard bytes == rows[level] else { throw LogError(.tampered, "`\(tile.path)` does not hold the hashes of what is below it") }
        rows[level] = []
    }
}
