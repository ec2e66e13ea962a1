public import GatehouseCore
public import GatehouseStore
import StrictJSON
import Synchronization

/// Events of commands, on their way into the event stream of the running house: the command leaves them in the store, and the house emits them.
public struct EventOutbox: Sendable {
    private let store: Store
    private let sealer: any IdentitySealer

    /// The outbox of a store.
    public init(store: Store, sealer: any IdentitySealer) {
        self.store = store
        self.sealer = sealer
    }

    /// Leaves events in the store.
    public func put(_ events: [SystemRecord]) async throws {
        try await store.write { transaction in
            for event in events {
                let id = newIdentifier()
                let facts = event.facts.map { JSONValue.array([.string($0.name), .string($0.value)]) }
                let content: JSONValue = [
                    "component": .string(event.component), "name": .string(event.name), "severity": JSONValue(event.severity.rawValue),
                    "message": .string(event.message), "facts": .array(facts),
                ]
                let sealed = try sealer.seal(content.bytes(), table: "identity_events", column: "content", row: id, in: transaction)
                try transaction.run("INSERT INTO identity_events (id, time, content) VALUES (\(id), \(event.time), \(sealed))")
            }
        }
    }

    /// Takes what waits; of several houses each event goes to one.
    public func take() async throws -> [SystemRecord] {
        guard try await store.row("SELECT 1 AS found FROM identity_events LIMIT 1") != nil else { return [] }
        return try await store.write { transaction in
            try transaction.rows("SELECT * FROM identity_events ORDER BY time, id LIMIT 500").compactMap { row in
                let id = try row.text("id")
                let content = try sealer.open(row.blob("content"), table: "identity_events", column: "content", row: id, in: transaction)
                guard try transaction.run("DELETE FROM identity_events WHERE id = \(id)") == 1 else { return nil }
                return Self.record(try JSONValue(parsing: content), at: try row.integer("time"))
            }
        }
    }

    private static func record(_ value: JSONValue, at time: Int64) -> SystemRecord {
        let facts = (value["facts"]?.array ?? []).compactMap { pair -> (name: String, value: String)? in
            guard let words = pair.array, words.count == 2, let name = words[0].string, let text = words[1].string else { return nil }
            return (name, text)
        }
        let severity = (value["severity"]?.int64).flatMap { Severity(rawValue: UInt8(clamping: $0)) } ?? .low
        return SystemRecord(
            time: time, component: value["component"]?.string ?? "identity", name: value["name"]?.string ?? "", severity: severity,
            message: value["message"]?.string ?? "", facts: facts)
    }
}

/// Keeps events until a command has ended.
public final class CollectedEvents: EventSink {
    private let kept = Mutex<[SystemRecord]>([])

    /// None yet.
    public init() {}

    /// Keeps what happened to the house.
    public func emit(_ event: Event) { if case .system(let record) = event { kept.withLock { $0.append(record) } } }

    /// What was kept, once.
    public func take() -> [SystemRecord] {
        kept.withLock { kept in
            defer { kept = [] }
            return kept
        }
    }
}
