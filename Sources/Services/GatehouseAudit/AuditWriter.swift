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
    private var current: (seal: RecordSeal, left: UInt64)?
    private var random = BufferedRandom()
    private var checkpointed: UInt64

    /// Uses of the sealing key that are reserved at a time.
    private static let leaseUses: UInt64 = 1 << 14

    /// Opens the folder and brings the tree up to the journal.
    ///
    /// - Throws: ``LogError`` for files that do not fit the signed checkpoint, ``AuditError``.
    init(path: String, origin: String, keys: AuditKeys, lease: @escaping (UInt64) throws -> KeyLease) throws {
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
    func add(_ cosignatures: [SignedNote.Signature], to text: String) throws {
        guard let bytes = folder.read("checkpoint") else { return }
        var note = try SignedNote(bytes)
        guard note.text == text else { return }
        note.signatures += cosignatures
        try folder.write("checkpoint", note.bytes)
    }

    /// Destroys the sealed event at an index; its entry stays.
    func erase(_ index: UInt64) throws {
        guard index < tree.size else { throw LogError(.range, "the log has no entry \(index)") }
        if isCheckpointDue { try checkpoint() }
        try change(index / 256) { $0.payloads[Int(index % 256)] = [] }
    }

    /// Seals the events of every bundle anew that older versions of the key sealed; returns how many.
    func rewrap(open: ([UInt8], Place) throws -> [UInt8]) throws -> Int {
        if isCheckpointDue { try checkpoint() }
        current = nil
        let label = try lease(0)
        let primary = label.id.bytes + bigEndianBytes(label.version)
        var count = 0
        for bundle in 0..<(tree.size + 255) / 256 {
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
        if current == nil || current?.left == 0 {
            let lease = try lease(Self.leaseUses)
            current = (try RecordSeal(material: lease.material, key: lease.id, version: lease.version), lease.uses)
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
