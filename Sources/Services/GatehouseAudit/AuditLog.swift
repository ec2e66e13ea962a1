import Dispatch
import Envelope
import Foundation
public import GatehouseStore
import Synchronization
public import TransparencyLog

/// The audit log: security events in a signed Merkle log that nobody can quietly edit.
///
/// ``append(_:)`` costs the caller a lock and an array append; encoding, sealing, hashing and the disk are another thread's. ``appendDurably(_:)`` returns
/// when the event is on disk; what it acknowledged outlives `kill -9`. Events of the first kind follow within ``delay``. Checkpoints are signed
/// about every second.
///
/// In the folder: `log/` is what anyone may copy and check, `journal` what is not in the tree yet, `log.vkey` the public key for convenience.
public final class AuditLog: Sendable {
    /// The public key that checks the log.
    public let key: NoteKey
    /// The folder.
    public let path: String

    /// How long an event may wait for company before it goes to disk.
    public static let delay = Duration.milliseconds(10)
    /// How long a checkpoint may lag behind.
    public static let checkpointInterval = Duration.seconds(1)
    /// Most events that wait; what comes above that is lost, and the number lost is itself logged.
    public static let queueLimit = 200_000

    private let keeper: KeyKeeper
    private let origin: String
    private let clock: @Sendable () -> Int64
    private let queue = DispatchQueue(label: "gatehouse.audit")
    private let state = Mutex(State())
    private let writer: Confined

    /// The writer, which is touched on the queue only.
    private final class Confined: @unchecked Sendable {  // confined to the log's queue
        let writer: AuditWriter
        init(_ writer: AuditWriter) { self.writer = writer }
    }

    private struct State {
        var waiting: [AuditEvent] = []
        var acknowledgements: [(range: Range<Int>, continuation: CheckedContinuation<UInt64, any Error>)] = []
        var lost = 0
        var lostInAll = 0
        var isScheduled = false
        var isCheckpointScheduled = false
        var failure: String?
    }

    /// Opens the log, making it where there is none; events that a crash left in the journal are put into the tree.
    ///
    /// - Parameters:
    ///   - path: the folder, such as `data/audit`.
    ///   - origin: the log's name in checkpoints, such as `gatehouse.example/audit`.
    /// - Throws: ``LogError`` when files do not fit the signed checkpoint, ``AuditError``, ``StoreError``, ``EnvelopeError``.
    public static func open(
        path: String, origin: String, keeper: KeyKeeper, clock: @escaping @Sendable () -> Int64 = { Store.milliseconds() }
    ) async throws -> AuditLog {
        let keys = try await AuditKeys(keeper, origin: origin)
        let log = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try AuditLog(path: path, origin: origin, keeper: keeper, keys: keys, clock: clock) })
            }
        }
        keeper.countOutside(try await AuditReader.needs(ofLogAt: path, key: log.key, keeper: keeper))
        return log
    }

    private init(path: String, origin: String, keeper: KeyKeeper, keys: AuditKeys, clock: @escaping @Sendable () -> Int64) throws {
        self.path = path
        self.origin = origin
        self.keeper = keeper
        self.clock = clock
        key = keys.signer.key
        writer = Confined(
            try AuditWriter(path: path, origin: origin, keys: keys, clock: clock) { uses in
                try waiting { try await keeper.lease(AuditKeys.sealing, uses: uses) }
            })
        try AuditFolder(path).write("log.vkey", Array("\(key)\n".utf8))
    }

    /// Takes an event; never waits.
    public func append(_ event: AuditEvent) {
        let isDue = state.withLock { state in
            guard state.waiting.count < Self.queueLimit else {
                state.lost += 1
                state.lostInAll += 1
                return false
            }
            state.waiting.append(event)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isDue { queue.asyncAfter(deadline: .now() + .milliseconds(10)) { self.drain() } }
    }

    /// Takes an event and returns its index once it is on disk.
    ///
    /// - Throws: ``AuditError`` when it cannot be written.
    @discardableResult
    public func appendDurably(_ event: AuditEvent) async throws -> UInt64 {
        try await durably([event])
    }

    /// Takes events and returns the index of the first once all are on disk, one behind the other.
    ///
    /// - Throws: ``AuditError`` when they cannot be written.
    @discardableResult
    public func appendDurably(_ events: [AuditEvent]) async throws -> UInt64? {
        events.isEmpty ? nil : try await durably(events)
    }

    /// Writes all that waits, signs a checkpoint, and returns it.
    ///
    /// - Throws: ``AuditError``.
    @discardableResult
    public func checkpoint() async throws -> SignedNote {
        try await onQueue { writer in
            self.drain()
            try self.throwFailure()
            try writer.checkpoint()
            return try SignedNote(AuditFolder(self.path + "/log").read("checkpoint") ?? [])
        }
    }

    /// Destroys the sealed event at an index, and logs that. The tree, its proofs and its checkpoints stay valid.
    ///
    /// - Throws: ``LogError`` with code `range`, ``AuditError``.
    public func erase(_ index: UInt64, by actor: String, reason: String) async throws {
        try await onQueue { writer in
            self.drain()
            try writer.erase(index)
        }
        try await appendDurably(
            AuditEvent(.administration, action: "erase_event", actor: actor, subject: String(index), facts: [.init("reason", reason)]))
    }

    /// Seals the events anew that older versions of the key sealed; may be stopped and started again. Returns how many.
    ///
    /// - Throws: ``LogError``, ``EnvelopeError``.
    @discardableResult
    public func rewrap() async throws -> Int {
        let keeper = keeper
        let bundles = try await onQueue { writer in
            self.drain()
            return writer.bundleCount
        }
        var count = 0
        // A few bundles at a time, so that new events get their turn.
        for first in stride(from: 0, to: bundles, by: 4) {
            count += try await onQueue { writer in
                try writer.rewrap(first..<min(first + 4, bundles)) { sealed, place in
                    try waiting { try await keeper.store.read { try keeper.open(sealed, at: place, in: $0) } }
                }
            }
            try Task.checkCancellation()
        }
        return count
    }

    /// The twelve bytes that name the key version that events are sealed with; nil before the first event.
    public func sealingLabel() async throws -> [UInt8]? { try await keeper.label(of: AuditKeys.sealing) }

    /// How the log is doing.
    public struct Status: Sendable, Hashable {
        /// Events that wait to be written.
        public var waiting: Int
        /// Events that found no room since the log was opened.
        public var lost: Int
        /// Why the last attempt to write failed; nil where it did not.
        public var failure: String?

        /// A log that does well.
        public init(waiting: Int = 0, lost: Int = 0, failure: String? = nil) {
            self.waiting = waiting
            self.lost = lost
            self.failure = failure
        }
    }

    /// How the log is doing.
    public var status: Status { state.withLock { Status(waiting: $0.waiting.count, lost: $0.lostInAll, failure: $0.failure) } }

    /// Sends the checkpoint to witnesses and keeps their cosignatures with it.
    ///
    /// - Returns: the size that the witness knows now.
    /// - Parameter send: passes a request to a witness and returns its answer: signature lines.
    /// - Throws: ``LogError`` with code `signature` for an answer that is none, or what `send` throws.
    @discardableResult
    public func cosign(
        by witness: NoteKey, knownSize: UInt64, send: @Sendable (WitnessRequest) async throws -> SignedNote.Signature
    ) async throws -> UInt64 {
        let note = try await checkpoint()
        let checkpoint = try Checkpoint(note: note, by: key)
        let folder = try AuditFolder(path + "/log")
        var reader = TileReader(size: checkpoint.size) { folder.read($0) }
        guard knownSize <= checkpoint.size else {
            throw LogError(.fork, "the witness `\(witness.name)` knows more entries than the log has")
        }
        let proof = knownSize == 0 ? [] : try MerkleProof.consistency(from: knownSize, to: checkpoint.size) { try reader.hash($0) }
        let signature = try await send(WitnessRequest(oldSize: knownSize, proof: proof, checkpoint: note))
        try witness.verify(SignedNote(text: note.text, signatures: [signature]))
        try await onQueue { writer in try writer.add([signature], to: note) }
        return checkpoint.size
    }

    /// Writes all that waits, signs a last checkpoint, and lets another program open the log.
    ///
    /// - Throws: ``AuditError``.
    public func close() async throws {
        _ = try await checkpoint()
        try await onQueue { writer in writer.close() }
    }

    private func durably(_ events: [AuditEvent]) async throws -> UInt64 {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { state in
                let first = state.waiting.count
                state.waiting += events
                state.acknowledgements.append((first..<state.waiting.count, continuation))
            }
            queue.async { self.drain() }
        }
    }

    private func onQueue<T: Sendable>(_ body: @escaping @Sendable (AuditWriter) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body(self.writer.writer) }) }
        }
    }

    private func throwFailure() throws {
        if let failure = state.withLock({ $0.failure }) { throw AuditError(reason: failure) }
    }

    /// On the queue: writes what waits. A failure is kept, told to those who wait, and the events are tried again with the next.
    private func drain() {
        let (events, acknowledgements, lost) = state.withLock { state in
            defer { (state.waiting, state.acknowledgements, state.lost, state.isScheduled) = ([], [], 0, false) }
            return (state.waiting, state.acknowledgements, state.lost)
        }
        let losses =
            lost == 0
            ? [] : [AuditEvent(.automaticAction, action: "events_lost", outcome: "lost", facts: [.init("count", String(lost))])]
        guard !events.isEmpty || lost > 0 else { return }
        do {
            let first = try writer.writer.append(events + losses, now: clock())
            state.withLock { $0.failure = nil }
            for (range, continuation) in acknowledgements { continuation.resume(returning: first + UInt64(range.lowerBound)) }
            scheduleCheckpoint()
        } catch {
            let unacknowledged = acknowledgements.reduce(into: Set<Int>()) { $0.formUnion($1.range) }
            let kept = events.enumerated().filter { !unacknowledged.contains($0.offset) }.map(\.element)
            state.withLock { state in
                state.failure = "\(error)"
                let returned = kept.prefix(max(0, Self.queueLimit - state.waiting.count))
                state.lost += kept.count - returned.count + lost
                state.lostInAll += kept.count - returned.count
                state.waiting.insert(contentsOf: returned, at: 0)
                for index in state.acknowledgements.indices {
                    let range = state.acknowledgements[index].range
                    state.acknowledgements[index].range = range.lowerBound + returned.count..<range.upperBound + returned.count
                }
                state.isScheduled = true
            }
            queue.asyncAfter(deadline: .now() + .seconds(1)) { self.drain() }
            for (_, continuation) in acknowledgements { continuation.resume(throwing: error) }
        }
    }

    private func scheduleCheckpoint() {
        let isDue = state.withLock { state in
            defer { state.isCheckpointScheduled = true }
            return !state.isCheckpointScheduled
        }
        guard isDue else { return }
        queue.asyncAfter(deadline: .now() + .seconds(1)) {
            self.state.withLock { $0.isCheckpointScheduled = false }
            guard self.writer.writer.isCheckpointDue else { return }
            do { try self.writer.writer.checkpoint() } catch { self.state.withLock { $0.failure = "\(error)" } }
        }
    }
}

/// Waits for asynchronous work on a thread that may block: the log's own queue, never an event loop.
private func waiting<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) throws -> T {
    let done = DispatchSemaphore(value: 0)
    let box = WaitBox<T>()
    Task.detached {
        do { box.put(.success(try await work())) } catch { box.put(.failure(error)) }
        done.signal()
    }
    done.wait()
    guard let value = box.take() else { throw AuditError(reason: "no answer") }
    return try value.get()
}

private final class WaitBox<T: Sendable>: Sendable {
    private let value = Mutex<Result<T, any Error>?>(nil)
    func put(_ result: Result<T, any Error>) { value.withLock { $0 = result } }
    func take() -> Result<T, any Error>? { value.withLock { $0 } }
}
