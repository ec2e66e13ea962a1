import Crypto
import Dispatch
import Envelope
import Foundation
import GatehouseStore
import Synchronization
import TransparencyLog

/// The audit log's keys: what signs, what seals, what codes the journal.
struct AuditKeys: Sendable {
    static let sealing = KeyName(.record, purpose: "audit")
    static let signing = KeyName(.signing, purpose: "audit")
    static let journal = KeyName(.index, purpose: "audit")

    let signer: NoteSigner
    let journalKey: [UInt8]

    init(_ keeper: KeyKeeper, origin: String) async throws {
        let (signing, journal) = try await keeper.store.write { transaction in
            // Version 1 for ever: a log is known by its key, a new key is a new log, and a journal is read by the key that wrote it.
            (
                try Self.first(Self.signing, keeper, transaction).material,
                try Self.first(Self.journal, keeper, transaction).material
            )
        }
        signer = try signing.withBytes { seed in try NoteSigner(name: origin, kind: .log, seed: seed) }
        journalKey = journal.withBytes { Derivation.bytes(from: $0, salt: [], info: Array("gatehouse audit journal".utf8), count: 32) }
    }

    /// Version 1, made where there is no key.
    private static func first(_ name: KeyName, _ keeper: KeyKeeper, _ transaction: Transaction) throws -> (
        material: KeyMaterial, id: KeyID, version: UInt32
    ) {
        _ = try keeper.material(name, in: transaction)
        return try keeper.material(name, version: 1, in: transaction)
    }

    /// Where a payload belongs, for its seal.
    static func place(origin: String, index: UInt64) -> Place {
        Place(purpose: sealing.purpose, table: origin, row: String(index), column: "event")
    }
}

/// Random bytes drawn from the system 4 KiB at a time: one call for many salts.
struct BufferedRandom: RandomNumberGenerator {
    private var words: [UInt64] = []

    mutating func next() -> UInt64 {
        if words.isEmpty {
            words = [UInt64](repeating: 0, count: 512)
            unsafe words.withUnsafeMutableBytes { buffer in
                if let start = buffer.baseAddress { unsafe arc4random_buf(start, buffer.count) }
            }
        }
        return words.removeLast()
    }

    mutating func bytes(_ count: Int) -> [UInt8] { Array((0..<(count + 7) / 8).flatMap { _ in bigEndianBytes(next()) }.prefix(count)) }
}
