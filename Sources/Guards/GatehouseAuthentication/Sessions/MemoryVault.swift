internal import Synchronization

/// Keeps sessions for as long as the process runs; at most 100 000, of which the oldest make room.
final class MemoryVault: SessionVault {
    private let records = Mutex<[[UInt8]: SessionRecord]>([:])
    private static let capacity = 100_000

    func find(_ hash: [UInt8]) async throws -> SessionRecord? { records.withLock { $0[hash] } }

    func save(_ record: SessionRecord, isNew: Bool) async throws {
        records.withLock { records in
            guard isNew || records[record.hash] != nil else { return }
            if isNew, records.count >= Self.capacity, let oldest = records.values.min(by: { $0.seen < $1.seen }) {
                records[oldest.hash] = nil
            }
            records[record.hash] = record
        }
    }

    func remove(_ hash: [UInt8]) async throws { records.withLock { $0[hash] = nil } }

    func remove(issuer: String, session: String?, subject: String?) async throws -> Int {
        records.withLock { records in
            let ending = records.values.filter { record in
                record.issuer == issuer && (session.map { record.providerSession == $0 } ?? true)
                    && (subject.map { record.subject == $0 } ?? true)
            }
            for record in ending { records[record.hash] = nil }
            return ending.count
        }
    }

    func purge(at now: Int64) async throws { records.withLock { $0 = $0.filter { $0.value.expires > now } } }
}
