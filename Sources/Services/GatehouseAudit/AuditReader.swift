import Envelope
import Foundation
public import GatehouseStore
public import TransparencyLog

/// Reads a log's folder, or a copy of it: checks, proves, searches.
public struct AuditReader: Sendable {
    private let key: NoteKey
    private let read: @Sendable (String) -> [UInt8]?
    private let names: @Sendable () -> [String]

    /// A reader of the folder that `checkpoint` lies in.
    public init(path: String, key: NoteKey) {
        self.init(
            key: key, read: { FileManager.default.contents(atPath: path + "/" + $0).map { [UInt8]($0) } },
            names: { Self.files(below: path) })
    }

    /// A reader of files from elsewhere.
    ///
    /// - Parameters:
    ///   - read: the bytes of a file below the log's folder, nil where there is none.
    ///   - names: every file below the log's folder.
    public init(key: NoteKey, read: @escaping @Sendable (String) -> [UInt8]?, names: @escaping @Sendable () -> [String]) {
        self.key = key
        self.read = read
        self.names = names
    }

    /// What a check found.
    public struct Report: Sendable, Hashable {
        /// The checkpoint that everything fits.
        public var checkpoint: Checkpoint
        /// Events that were erased.
        public var erased: Int
    }

    /// Checks every byte of the folder with the public key alone.
    ///
    /// - Parameters:
    ///   - known: checkpoints kept elsewhere, which the log must have grown from. Without one, an older copy of the whole folder passes.
    ///   - witnesses: who must have cosigned this checkpoint or one that the log has grown from since.
    /// - Throws: ``LogError``, whose reason names the file.
    public func verify(known: [Checkpoint] = [], witnesses: [NoteKey] = []) throws -> Report {
        let seen = try witnessedCheckpoint(by: witnesses)
        let checkpoint = try LogVerifier(read: read).verify(
            key: key, known: known + [seen.checkpoint].compactMap(\.self), witnesses: seen.satisfies ? [] : witnesses
        ) { _, bytes in _ = try AuditEntry(bytes) }
        var erased = 0
        for bundle in 0..<(checkpoint.size + 255) / 256 {
            erased += try payloads(bundle, size: checkpoint.size).payloads.count { $0.isEmpty }
        }
        try refuseStrangers(checkpoint.size)
        return Report(checkpoint: checkpoint, erased: erased)
    }

    /// The last checkpoint that witnesses cosigned; the log may have grown since.
    static let witnessed = "checkpoint.witnessed"

    /// What of it holds: the checkpoint, which the log must have grown from, and whether every one of `witnesses` has cosigned it.
    private func witnessedCheckpoint(by witnesses: [NoteKey]) throws -> (checkpoint: Checkpoint?, satisfies: Bool) {
        guard let bytes = read(Self.witnessed) else { return (nil, false) }
        let note = try SignedNote(bytes)
        guard note.bytes == bytes else { throw LogError(.malformed, "`\(Self.witnessed)` is not written canonically") }
        let checkpoint = try Checkpoint(note: note, by: key)
        let satisfies = witnesses.allSatisfy { witness in (try? witness.verify(note)) != nil }
        return (checkpoint, satisfies && !witnesses.isEmpty)
    }

    /// A proof that the entry at an index is in the log.
    ///
    /// - Throws: ``LogError`` with code `range`.
    public func proof(of index: UInt64) throws -> (proof: LogProof, entry: [UInt8]) {
        let (checkpoint, note) = try LogVerifier(read: read).checkpoint(by: key)
        var reader = TileReader(size: checkpoint.size, read: read)
        let hashes = try MerkleProof.inclusion(of: index, size: checkpoint.size) { try reader.hash($0) }
        let entry = try reader.entries(ofBundle: index / 256)[Int(index % 256)]
        let proof = LogProof(index: index, hashes: hashes, checkpoint: note)
        try proof.verify(entry: entry, key: key)
        return (proof, entry)
    }

    /// One event of the log as it was read.
    public struct Found: Sendable, Hashable {
        /// Its index.
        public var index: UInt64
        /// What stands open.
        public var entry: AuditEntry
        /// The event; nil where it was erased.
        public var event: AuditEvent?
        /// The salt of its commitment; empty where erased.
        public var salt: [UInt8]
    }

    /// Opens the events of the log in order.
    ///
    /// - Parameter filter: says by index and open entry whether an event is wanted, before anything is opened.
    /// - Throws: ``LogError``; ``EnvelopeError`` with code `notAuthentic`; `tampered` for an event that its commitment does not fit.
    public func events(
        keeper: KeyKeeper, where filter: @Sendable (UInt64, AuditEntry) -> Bool = { _, _ in true }, each: (Found) throws -> Void
    ) async throws {
        let checkpoint = try LogVerifier(read: read).checkpoint(by: key).checkpoint
        let reader = TileReader(size: checkpoint.size, read: read)
        for bundle in 0..<(checkpoint.size + 255) / 256 {
            let entries = try reader.entries(ofBundle: bundle).map { try AuditEntry($0) }
            guard entries.indices.contains(where: { filter(bundle * 256 + UInt64($0), entries[$0]) }) else { continue }
            let sealed = try payloads(bundle, size: checkpoint.size).payloads
            let origin = checkpoint.origin
            let wanted = entries.indices.filter { filter(bundle * 256 + UInt64($0), entries[$0]) }
            let opened = try await keeper.store.read { transaction in
                try wanted.map { offset in
                    sealed[offset].isEmpty
                        ? []
                        : try keeper.open(
                            sealed[offset], at: AuditKeys.place(origin: origin, index: bundle * 256 + UInt64(offset)), in: transaction)
                }
            }
            for (offset, salted) in zip(wanted, opened) {
                try each(found(bundle * 256 + UInt64(offset), entries[offset], salted))
            }
        }
    }

    /// How many sealed events each key version opens, by the twelve bytes that name it.
    public func sealedLabels() throws -> [[UInt8]: Int] {
        guard read("checkpoint") != nil else { return [:] }
        let size = try LogVerifier(read: read).checkpoint(by: key).checkpoint.size
        var counts: [[UInt8]: Int] = [:]
        for bundle in 0..<(size + 255) / 256 {
            for sealed in try payloads(bundle, size: size).payloads where sealed.count > 13 {
                counts[Array(sealed[1..<13]), default: 0] += 1
            }
        }
        return counts
    }

    /// Everything of a log that keys are needed for, by the twelve bytes that name key and version: the events in its tree and in its journal, and
    /// the two keys that are the log's own for as long as it exists.
    ///
    /// - Parameter path: the folder that `log` and `journal` lie in.
    /// - Throws: ``LogError``, ``StoreError``.
    public static func needs(ofLogAt path: String, key: NoteKey, keeper: KeyKeeper) async throws -> KeyKeeper.OutsideValues {
        let own = [
            try await keeper.label(of: AuditKeys.signing, version: 1), try await keeper.label(of: AuditKeys.journal, version: 1),
        ].compactMap(\.self)
        let reader = AuditReader(path: path + "/log", key: key)
        return {
            var counts = try reader.sealedLabels()
            for label in AuditJournal.labels(at: path + "/journal") + own { counts[label, default: 0] += 1 }
            return counts
        }
    }

    private func found(_ index: UInt64, _ entry: AuditEntry, _ salted: [UInt8]) throws -> Found {
        guard !salted.isEmpty else { return Found(index: index, entry: entry, event: nil, salt: []) }
        guard entry.commits(to: salted) else { throw LogError(.tampered, "event \(index) is not the one that was committed to") }
        let event = try AuditEvent(kind: entry.kind, time: entry.time, payload: Array(salted.dropFirst(AuditEntry.saltCount)))
        return Found(index: index, entry: entry, event: event, salt: Array(salted.prefix(AuditEntry.saltCount)))
    }

    private func payloads(_ bundle: UInt64, size: UInt64) throws -> PayloadBundle {
        let width = Int(min(256, size - bundle * 256))
        let path = PayloadBundle.path(bundle, width: width)
        guard let bytes = read(path) else { throw LogError(.missing, "`\(path)` is missing") }
        return try PayloadBundle(bytes, index: bundle, width: width, key: key)
    }

    /// Refuses: files that the log does not need. What a crash may leave at the right edge is allowed: drafts, and tiles of another width or beyond the size.
    private func refuseStrangers(_ size: UInt64) throws {
        let known = Set(
            Tile.all(size: size).map(\.path)
                + (0..<(size + 255) / 256).map { PayloadBundle.path($0, width: Int(min(256, size - $0 * 256))) })
        for name in names() where name != "checkpoint" && name != Self.witnessed && !known.contains(name) {
            let isAtEdge = name.hasSuffix(".new") || name.hasPrefix("tile/") || name.hasPrefix("payload/")
            guard isAtEdge else { throw LogError(.tampered, "`\(name)` does not belong to the log") }
        }
    }

    private static func files(below path: String) -> [String] {
        guard let files = FileManager.default.enumerator(atPath: path) else { return [] }
        var names: [String] = []
        while let name = files.nextObject() as? String {
            if files.fileAttributes?[.type] as? FileAttributeType != .typeDirectory { names.append(name) }
        }
        return names
    }
}
