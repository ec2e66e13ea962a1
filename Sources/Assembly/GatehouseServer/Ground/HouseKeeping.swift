internal import Envelope
internal import GatehouseAudit
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseStore
internal import Synchronization

/// What the house does for its ground by itself while it runs: events on their way into the audit log, losses said, keys rotated and what
/// they sealed sealed anew.
final class HouseKeeping: Sendable {
    private let ground: HouseGround
    private let rotateAfter: Duration
    private let say: @Sendable (String, String, Severity, String, [(name: String, value: String)]) -> Void
    private let work = Mutex<Task<Void, Never>?>(nil)

    /// - Parameter say: tells the event outputs, not the audit log, which it is often about: component, name, severity, message, facts.
    init(
        _ ground: HouseGround, rotateAfter: Duration,
        say: @escaping @Sendable (String, String, Severity, String, [(name: String, value: String)]) -> Void
    ) {
        self.ground = ground
        self.rotateAfter = rotateAfter
        self.say = say
    }

    /// Begins; ends with ``stop()``.
    func start() {
        work.withLock { work in
            work = work ?? Task { await self.run() }
        }
    }

    /// Ends, and waits for what is under way.
    func stop() async {
        let task = work.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    private func run() async {
        var known = AuditLog.Status()
        var second = 0
        var sealing: [UInt8]?
        while !Task.isCancelled {
            await attempt("the outbox of the audit log") { try await self.drain() }
            tell(&known)
            if second % 60 == 0 { await attempt("the keys") { try await self.rotate() } }
            if second % 10 == 0 { await attempt("the audit log's events") { try await self.rewrapAudit(&sealing) } }
            if let audit = ground.audit {
                for witness in ground.witnesses { await attempt("a witness of the audit log") { try await witness.callIfDue(audit) } }
            }
            second += 1
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func drain() async throws {
        guard let audit = ground.audit, let outbox = ground.outbox else { return }
        try await outbox.drain(into: audit)
    }

    /// Says once what was lost or fails.
    private func tell(_ known: inout AuditLog.Status) {
        guard let status = ground.audit?.status else { return }
        if status.lost > known.lost {
            say(
                "audit", "audit_events_lost", .high, "events found no room in the queue of the audit log",
                [("count", String(status.lost - known.lost))])
        }
        if let failure = status.failure, failure != known.failure {
            say("audit", "audit_failing", .high, "the audit log cannot be written, events wait: \(failure)", [])
        } else if status.failure == nil, known.failure != nil {
            say("audit", "audit_recovered", .informational, "the audit log is written again", [])
        }
        known = status
    }

    private func rotate() async throws {
        let names = try await ground.keeper.rotateDue(olderThan: rotateAfter.milliseconds)
        guard !names.isEmpty else { return }
        for name in names { say("keys", "key_rotated", .informational, "a key has a new version", [("key", name.description)]) }
        let count = try await ground.keeper.rewrap()
        say("keys", "rewrapped", .informational, "stored values were sealed anew", [("count", String(count))])
    }

    /// Whoever rotated the key of the log's events: what it sealed is sealed anew by the house, which alone may write there.
    private func rewrapAudit(_ sealing: inout [UInt8]?) async throws {
        guard let audit = ground.audit, let label = try await audit.sealingLabel(), label != sealing else { return }
        let count = try await audit.rewrap()
        if count > 0 { say("keys", "rewrapped", .informational, "events of the audit log were sealed anew", [("count", String(count))]) }
        sealing = label
    }

    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do { try await body() } catch {
            guard !Task.isCancelled else { return }
            say("house", "housekeeping_failed", .medium, "\(what): \(error)", [])
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
