import Foundation

/// What a log commits to: its name, its size and its root (C2SP tlog-checkpoint).
public struct Checkpoint: Sendable, Hashable {
    /// The log's name, such as `gatehouse.example/audit`.
    public var origin: String
    /// Number of entries.
    public var size: UInt64
    /// The root of the tree of that size.
    public var root: MerkleHash

    /// A checkpoint.
    public init(origin: String, size: UInt64, root: MerkleHash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads a note's text; extension lines are allowed and not kept.
    ///
    /// - Throws: ``LogError`` with code `malformed`.
    public init(text: String) throws(LogError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", !lines.dropLast().contains(""), let size = UInt64(lines[1]), String(size) == lines[1],
            let root = canonicalBase64(lines[2])
        else { throw LogError(.malformed, "a checkpoint is an origin, a size and a root, one a line") }
        self.init(origin: String(lines[0]), size: size, root: try MerkleHash(bytes: root))
    }

    /// Reads a signed checkpoint and checks the log's signature.
    ///
    /// - Throws: ``LogError`` with code `malformed` or `signature`.
    public init(note: SignedNote, by key: NoteKey) throws(LogError) {
        try key.verify(note)
        try self.init(text: note.text)
        guard origin == key.name else { throw LogError(.signature, "the checkpoint is of `\(origin)`, the key of `\(key.name)`") }
    }

    /// The text that is signed.
    public var text: String { "\(origin)\n\(size)\n\(Data(root.bytes).base64EncodedString())\n" }
}

/// A proof that one entry is in a log, complete with its checkpoint (C2SP tlog-proof).
public struct LogProof: Sendable, Hashable {
    /// The entry's index.
    public var index: UInt64
    /// The hashes, leaf to root.
    public var hashes: [MerkleHash]
    /// The signed checkpoint.
    public var checkpoint: SignedNote

    /// A proof.
    public init(index: UInt64, hashes: [MerkleHash], checkpoint: SignedNote) {
        self.index = index
        self.hashes = hashes
        self.checkpoint = checkpoint
    }

    private static let header = "c2sp.org/tlog-proof@v1"

    /// Reads a proof.
    ///
    /// - Throws: ``LogError`` with code `malformed`.
    public init(_ bytes: [UInt8]) throws(LogError) {
        guard bytes.count <= SignedNote.limit, let text = String(validating: bytes, as: UTF8.self), let end = text.range(of: "\n\n") else {
            throw LogError(.malformed, "a proof is a header, hashes, a blank line and a checkpoint")
        }
        let lines = text[..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
        let rest = lines.dropFirst().drop { $0.hasPrefix("extra ") }
        guard lines.first.map(String.init) == Self.header, let first = rest.first, first.hasPrefix("index "),
            let index = UInt64(first.dropFirst(6)),
            rest.count <= MerkleProof.limit + 1
        else { throw LogError(.malformed, "the header of the proof cannot be read") }
        var hashes: [MerkleHash] = []
        for line in rest.dropFirst() {
            guard let bytes = canonicalBase64(line) else { throw LogError(.malformed, "a hash of the proof is no base64") }
            hashes.append(try MerkleHash(bytes: bytes))
        }
        self.init(index: index, hashes: hashes, checkpoint: try SignedNote(Array(text[end.upperBound...].utf8)))
    }

    /// The proof's text.
    public var text: String {
        let lines = [Self.header, "index \(index)"] + hashes.map { Data($0.bytes).base64EncodedString() }
        return lines.joined(separator: "\n") + "\n\n" + String(decoding: checkpoint.bytes, as: UTF8.self)
    }

    /// Checks that the entry is in the log of the key.
    ///
    /// - Throws: ``LogError`` with code `signature` or `proof`.
    public func verify(entry: [UInt8], key: NoteKey) throws(LogError) {
        let checkpoint = try Checkpoint(note: checkpoint, by: key)
        try MerkleProof.verifyInclusion(of: .leaf(entry), at: index, size: checkpoint.size, root: checkpoint.root, proof: hashes)
    }
}
