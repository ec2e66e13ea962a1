import Envelope
public import GatehouseStore
import StrictJSON

/// Events for the audit log that were written down in the transaction that they tell of: both are kept or neither.
///
/// The log belongs to the running house; a command that changes keys while the house runs, or a transaction that uses them, leaves its
/// event in the store, and the house moves it into the log. An event that a crash caught between the two may stand in the log twice.
public struct AuditOutbox: Sendable {
    /// What is sealed, for ``KeyKeeper/open(_:root:formerRoots:tables:clock:)``.
    public static let sealed = SealedTable(
        "audit_outbox", row: "id", columns: [.record("event", purpose: "audit.outbox")])
    /// The changes that made the table.
    public static let migrations = MigrationSet(
        owner: "audit",
        [
            Migration(
                "events on their way into the log",
                "CREATE TABLE audit_outbox (id TEXT PRIMARY KEY, time BIGINT NOT NULL, class BIGINT NOT NULL, event BYTEA NOT NULL)")
        ])

    private let keeper: KeyKeeper
    private static let batch = 500

    /// An outbox in the keeper's store, its table made where there is none.
    ///
    /// - Throws: ``StoreError``.
    public static func open(_ keeper: KeyKeeper) async throws -> AuditOutbox {
        try await keeper.store.migrate([migrations])
        return AuditOutbox(keeper: keeper)
    }

    /// Writes down an event within a transaction.
    ///
    /// - Throws: ``StoreError``, ``EnvelopeError``.
    public func put(_ event: AuditEvent, in transaction: Transaction) throws {
        let time = event.time == 0 ? Store.milliseconds() : event.time
        var generator = SystemRandomNumberGenerator()
        let id = KeyID(using: &generator).description + KeyID(using: &generator).description
        let sealed = try keeper.seal(event.payload, at: Self.sealed.place("event", row: id), in: transaction)
        try transaction.run(
            "INSERT INTO audit_outbox (id, time, class, event) VALUES (\(id), \(time), \(Int64(event.kind.rawValue)), \(sealed))")
    }

    /// Writes down an event.
    ///
    /// - Throws: ``StoreError``, ``EnvelopeError``.
    public func put(_ event: AuditEvent) async throws { try await keeper.store.write { try put(event, in: $0) } }

    /// Takes account of everything that happens to keys from now on.
    ///
    /// - Parameter actor: who works with the keys; empty for the house.
    public func recordKeys(actor: String = "") {
        let outbox = self
        keeper.record { event, transaction in try outbox.put(AuditEvent(event, actor: actor), in: transaction) }
    }

    /// Moves what waits into the log; what was moved is durable there before it leaves the store. Returns how many.
    ///
    /// - Throws: ``StoreError``, ``EnvelopeError``, ``AuditError``.
    @discardableResult
    public func drain(into log: AuditLog) async throws -> Int {
        let waiting = try await keeper.store.read { transaction in
            try transaction.rows("SELECT id, time, class, event FROM audit_outbox ORDER BY time, id LIMIT \(Self.batch)").map { row in
                let id = try row.text("id")
                let payload = try keeper.open(row.blob("event"), at: Self.sealed.place("event", row: id), in: transaction)
                guard let kind = AuditClass(rawValue: UInt8(clamping: try row.integer("class"))) else {
                    throw StoreError(.decoding, "an event on its way into the log is of no known class")
                }
                return (id, try AuditEvent(kind: kind, time: row.integer("time"), payload: payload))
            }
        }
        guard !waiting.isEmpty else { return 0 }
        try await log.appendDurably(waiting.map(\.1))
        let ids = waiting.map(\.0)
        try await keeper.store.run("DELETE FROM audit_outbox WHERE id IN (\(list: ids))")
        return ids.count
    }
}

extension AuditEvent {
    /// What happened to a key.
    init(_ event: KeyEvent, actor: String) {
        self.init(
            .keyUse, action: event.action.rawValue, actor: actor, subject: event.name.description,
            facts: [Fact("version", String(event.version))] + (event.uses > 0 ? [Fact("uses", String(event.uses))] : []))
    }
}
