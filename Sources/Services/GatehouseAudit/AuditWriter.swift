import Envelope
import Foundation
import GatehouseStore
import TransparencyLog

/// Everything that the log's own queue does, one thing after another: journal, tree, checkpoints, erasure.
final class AuditWriter {
    private let keys: AuditKeys
    private let origin: String
    private let folder: AuditFolder
    private let journal: AuditJournal
    private let lease: (UInt64) throws -> KeyLease
    private var tree: AuditTree
    private var current: Lease?
    private let clock: () -> Int64
    private var random = BufferedRandom()
    private var checkpointed: UInt64

    /// Uses of the sealing key that are reserved at a time: few for a quiet log, many for a busy one.
    private var leaseUses: UInt64 = 256
    private static let mostLeaseUses: UInt64 = 1 << 14

    /// A version of the sealing key that may be used for a while.
    private struct Lease {
        var seal: RecordSeal
        var version: UInt32
        var left: UInt64
        /// When to stop, well before the lender lets go: what was sealed is in the tree by then.
        var until: Int64
    }

    /// Opens the folder and brings the tree up to the journal.
    ///
    /// - Throws: ``LogError`` for files that do not fit the signed checkpoint, ``AuditError``.
    init(
        path: String, origin: String, keys: AuditKeys, clock: @escaping () -> Int64, lease: @escaping (UInt64) throws -> KeyLease
    ) throws {
        self.clock = clock
        self.keys = keys
        self.origin = origin
        self.lease = lease
        folder = try AuditFolder(path + "/log")
        journal = try AuditJournal(path: path + "/journal", key: keys.journalKey)
        let files = folder
        let read = { (name: String) in files.read(name) }
        if read("checkpoint") == nil {
            tree = AuditTree()
        } else {
            let checkpoint = try LogVerifier(read: read).checkpoint(by: keys.signer.key).checkpoint
            tree = try AuditTree(checkpoint: checkpoint, key: keys.signer.key, read: read)
        }
        checkpointed = tree.size
        for record in try journal.records() where record.index >= tree.size {
            guard record.index == tree.size else { throw AuditError(reason: "the journal skips from \(tree.size) to \(record.index)") }
            try tree.append(record.entry, sealed: record.sealed)
        }
        if tree.size > checkpointed || read("checkpoint") == nil { try checkpoint() }
    }

    var size: UInt64 { tree.size }

    /// Makes events durable and puts them into the tree; returns the index of the first.
    func append(_ events: [AuditEvent], now: Int64) throws -> UInt64 {
        let first = tree.size
        var records: [AuditJournal.Record] = []
        records.reserveCapacity(events.count)
        for (offset, event) in events.enumerated() {
            let index = first + UInt64(offset)
            let salted = random.bytes(AuditEntry.saltCount) + event.payload
            let entry = AuditEntry(time: event.time == 0 ? now : event.time, kind: event.kind, salted: salted)
            records.append(.init(index: index, entry: entry.bytes, sealed: try sealed(salted, index)))
        }
        try journal.append(records)
        for record in records { try tree.append(record.entry, sealed: record.sealed) }
        return first
    }

    /// Writes tiles and bundles, signs the tree, and lets go of the journal.
    func checkpoint() throws {
        let files = try tree.files(signer: keys.signer)
        for file in files { try folder.write(file.path, file.bytes) }
        let text = Checkpoint(origin: origin, size: tree.size, root: tree.tree.root).text
        let note = SignedNote(text: text, signatures: [try keys.signer.signature(of: text)])
        try folder.write("checkpoint", note.bytes)
        try journal.clear()
        tree.written()
        checkpointed = tree.size
        for file in files { removeNarrower(file.path) }
    }

    /// Lets another program open the log.
    func close() { journal.release() }

    var isCheckpointDue: Bool { tree.size > checkpointed }

    /// Adds cosignatures to the checkpoint that they sign.
    func add(_ cosignatures: [SignedNote.Signature], to signed: SignedNote) throws {
        let current = try folder.read("checkpoint").map { try SignedNote($0) }
        guard var note = current, note.text == signed.text else {
            let before = try folder.read(AuditReader.witnessed).map { try SignedNote($0) }
            var note = before?.text == signed.text ? before ?? signed : signed
            note.signatures += cosignatures
            return try folder.write(AuditReader.witnessed, note.bytes)
        }
        note.signatures += cosignatures
        // The next checkpoint takes this one's place; the one that was witnessed stays beside it.
        try folder.write(AuditReader.witnessed, note.bytes)
        try folder.write("checkpoint", note.bytes)
    }

    /// Destroys the sealed event at an index; its entry stays.
    func erase(_ index: UInt64) throws {
        guard index < tree.size else { throw LogError(.range, "the log has no entry \(index)") }
        if isCheckpointDue { try checkpoint() }
        try change(index / 256) { $0.payloads[Int(index % 256)] = [] }
    }

    /// Bundles that hold events.
    var bundleCount: UInt64 { (tree.size + 255) / 256 }

    /// Seals the events of some bundles anew that older versions of the key sealed; returns how many.
    func rewrap(_ bundles: Range<UInt64>, open: ([UInt8], Place) throws -> [UInt8]) throws -> Int {
        if isCheckpointDue { try checkpoint() }
        let label = try lease(0)
        let primary = label.id.bytes + bigEndianBytes(label.version)
        if current?.version != label.version { current = nil }
        var count = 0
        for bundle in bundles where bundle < bundleCount {
            guard try payloads(bundle).payloads.contains(where: { !$0.isEmpty && Array($0[1..<13]) != primary }) else { continue }
            try change(bundle) { payloads in
                for (offset, sealed) in payloads.payloads.enumerated() where !sealed.isEmpty && Array(sealed[1..<13]) != primary {
                    let index = bundle * 256 + UInt64(offset)
                    payloads.payloads[offset] = try self.sealed(open(sealed, AuditKeys.place(origin: origin, index: index)), index)
                    count += 1
                }
            }
        }
        return count
    }

    private func payloads(_ bundle: UInt64) throws -> PayloadBundle {
        let width = Int(min(256, tree.size - bundle * 256))
        let path = PayloadBundle.path(bundle, width: width)
        guard let bytes = folder.read(path) else { throw LogError(.missing, "`\(path)` is missing") }
        return try PayloadBundle(bytes, index: bundle, width: width, key: keys.signer.key)
    }

    private func change(_ bundle: UInt64, _ body: (inout PayloadBundle) throws -> Void) throws {
        var payloads = try payloads(bundle)
        try body(&payloads)
        try folder.write(payloads.path, payloads.bytes(signer: keys.signer))
        tree.replace(payloads)
    }

    private func sealed(_ salted: [UInt8], _ index: UInt64) throws -> [UInt8] {
        if let current, current.left == 0 || clock() >= current.until {
            leaseUses = current.left == 0 ? min(leaseUses * 4, Self.mostLeaseUses) : max(leaseUses / 2, 256)
            self.current = nil
        }
        if current == nil {
            let lease = try lease(leaseUses)
            current = Lease(
                seal: try RecordSeal(material: lease.material, key: lease.id, version: lease.version), version: lease.version,
                left: lease.uses,
                until: min(lease.until, clock() + KeyLease.duration) - KeyLease.duration / 2)
        }
        guard let seal = current?.seal else { throw AuditError(reason: "no key") }
        current?.left -= 1
        return try seal.seal(salted, at: AuditKeys.place(origin: origin, index: index), using: &random)
    }

    private func removeNarrower(_ path: String) {
        let whole = path.firstRange(of: ".p/").map { String(path[..<$0.lowerBound]) } ?? path
        folder.removePartials(of: whole, except: path)
    }
}
