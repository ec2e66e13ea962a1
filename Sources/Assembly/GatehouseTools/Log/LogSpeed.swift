import CClock
import Envelope
import Foundation
import GatehouseAudit
import GatehouseStore

/// Measures what appending to the audit log and sealing a record cost.
public enum LogSpeed {
    /// Appends events to a log in a temporary folder and prints processor time per event: in the caller, and of the whole process until all is
    /// on disk, signed and checkpointed; then records sealed and opened per second on one core.
    public static func printTable(events: Int) async -> ToolResult {
        await toolResult {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-speed-\(UUID())").path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let store = try await Store.open(.file(folder + "/gatehouse.sqlite"))
            var generator = SystemRandomNumberGenerator()
            let root = try LocalKeyWrapper(root: KeyMaterial(random: 32, using: &generator))
            let keeper = try await KeyKeeper.open(store, root: root, tables: [])
            let log = try await AuditLog.open(path: folder + "/audit", origin: "speed.example/audit", keeper: keeper)
            let before = processorTime()
            var caller = 0.0
            for first in stride(from: 0, to: events, by: 1_000) {
                let start = threadTime()
                for number in first..<min(first + 1_000, events) { log.append(event(number)) }
                caller += threadTime() - start
                try await Task.sleep(for: .milliseconds(5))
            }
            try await log.close()
            let whole = (processorTime() - before) / Double(events) * 1e6
            let lines = [
                "audit append, in the caller: \(rounded(caller / Double(events) * 1e6)) us of CPU an event",
                "audit append, all in all:    \(rounded(whole)) us of CPU an event (\(events) events, durable and in the signed tree)",
                try seals(),
            ]
            return ToolResult(output: lines.joined(separator: "\n") + "\n")
        }
    }

    private static func seals() throws -> String {
        var generator = SystemRandomNumberGenerator()
        let seal = try RecordSeal(material: KeyMaterial(random: 32, using: &generator), key: KeyID(using: &generator), version: 1)
        let place = Place(purpose: "identity.contact", tenant: "acme", table: "people", row: "1234", column: "email", revision: 7)
        let value = [UInt8](repeating: 7, count: 255)
        let count = 20_000
        let start = threadTime()
        for _ in 0..<count { _ = try seal.open(SealedRecord(seal.seal(value, at: place, using: &generator)), at: place) }
        return "record of 255 bytes:         \(rounded((threadTime() - start) / Double(count) * 1e6)) us of CPU to seal and open"
    }

    private static func event(_ number: Int) -> AuditEvent {
        AuditEvent(
            .decision, action: "RateLimitGuard", actor: "user\(number % 97)@example.org", subject: "GET shop.example/orders/\(number)",
            outcome: "refuse", trace: "4bf92f3577b34da6a3ce929d0e0e4736",
            facts: [
                .init("rule", "per-user"), .init("mode", "enforce"), .init("reason", "more than 100 requests a minute"),
                .init("client", "192.0.2.7"),
            ])
    }

    private static func rounded(_ value: Double) -> String { String((value * 100).rounded() / 100) }

    private static func processorTime() -> Double { Double(gatehouse_process_nanoseconds()) / 1e9 }

    private static func threadTime() -> Double { Double(gatehouse_thread_nanoseconds()) / 1e9 }
}
