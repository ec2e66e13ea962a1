import Envelope
import Foundation
import Glibc

/// Where events are durable before they are in the tree: one synced write for each batch.
///
/// A record is its length, index, entry, sealed event and a code (HMAC-SHA-256, 16 bytes) under a key of the journal's own. What a crash cut
/// short at the end was never acknowledged and is dropped; a record changed before the end is refused.
final class AuditJournal {
    /// A record of the journal.
    struct Record: Hashable {
        var index: UInt64
        var entry: [UInt8]
        var sealed: [UInt8]
    }

    private let path: String
    private let key: CodeKey
    private var descriptor: Int32
    private static let codeCount = 16

    init(path: String, key: [UInt8]) throws {
        self.path = path
        self.key = CodeKey(key)
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AuditError.file(path, "cannot be opened") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw AuditError.file(path, "is in use by another program")
        }
    }

    deinit { release() }

    /// Lets another program open the journal; nothing can be appended afterwards.
    func release() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
    }

    /// Appends records and waits until they are on disk; on failure the journal is as it was.
    func append(_ records: [Record]) throws {
        let before = lseek(descriptor, 0, SEEK_END)
        do {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(records.reduce(0) { $0 + $1.entry.count + $1.sealed.count + 30 })
            for record in records { encode(record, to: &bytes) }
            try writeAll(bytes, to: descriptor, name: path)
            guard fdatasync(descriptor) == 0 else { throw AuditError.file(path, "cannot be synced") }
        } catch {
            // A torn record would stand before the next ones.
            _ = ftruncate(descriptor, before)
            throw error
        }
    }

    /// Forgets everything: the tree has it now.
    func clear() throws {
        guard ftruncate(descriptor, 0) == 0, fdatasync(descriptor) == 0 else { throw AuditError.file(path, "cannot be cut off") }
    }

    /// The records on disk, without what a crash cut short.
    ///
    /// - Throws: ``AuditError`` for a record that was changed.
    func records() throws -> [Record] {
        let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
        var records: [Record] = []
        var at = 0
        while at + 4 <= bytes.count {
            let end = at + 4 + Int(bigEndian(bytes[at..<(at + 4)], as: UInt32.self))
            guard end <= bytes.count else { break }
            guard let record = decoded(bytes[(at + 4)..<end]) else {
                guard end == bytes.count else { throw AuditError.file(path, "was changed at byte \(at)") }
                break
            }
            records.append(record)
            at = end
        }
        if at < bytes.count { guard ftruncate(descriptor, off_t(at)) == 0 else { throw AuditError.file(path, "cannot be cut off") } }
        return records
    }

    /// The key version of every sealed event in a journal, by its twelve bytes; read without the journal's key.
    static func labels(at path: String) -> [[UInt8]] {
        let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
        var (labels, at): ([[UInt8]], Int) = ([], 0)
        while at + 14 <= bytes.count {
            let end = at + 4 + Int(bigEndian(bytes[at..<(at + 4)], as: UInt32.self))
            let sealed = at + 14 + Int(bigEndian(bytes[(at + 12)..<(at + 14)], as: UInt16.self))
            guard end <= bytes.count, sealed + 13 <= end else { break }
            labels.append(Array(bytes[(sealed + 1)..<(sealed + 13)]))
            at = end
        }
        return labels
    }

    private func encode(_ record: Record, to bytes: inout [UInt8]) {
        bytes += bigEndianBytes(UInt32(10 + record.entry.count + record.sealed.count + Self.codeCount))
        let start = bytes.count
        bytes += bigEndianBytes(record.index)
        bytes += bigEndianBytes(UInt16(record.entry.count))
        bytes += record.entry
        bytes += record.sealed
        bytes += code(bytes[start...])
    }

    private func decoded(_ bytes: ArraySlice<UInt8>) -> Record? {
        guard bytes.count >= 10 + Self.codeCount else { return nil }
        let body = Array(bytes.dropLast(Self.codeCount))
        let split = 10 + Int(bigEndian(body[8..<10], as: UInt16.self))
        guard constantTimeEquals(code(body), bytes.suffix(Self.codeCount)), split <= body.count else { return nil }
        return Record(index: bigEndian(body[..<8], as: UInt64.self), entry: Array(body[10..<split]), sealed: Array(body[split...]))
    }

    private func code(_ body: some Collection<UInt8>) -> ArraySlice<UInt8> {
        key.code(of: body).prefix(Self.codeCount)
    }
}
