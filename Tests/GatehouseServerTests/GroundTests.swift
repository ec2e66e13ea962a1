import Foundation
import GatehouseAudit
import GatehouseConfiguration
import GatehouseServer
import GatehouseStore
import Testing
import TransparencyLog

@Suite struct GroundTests {
    @Test func keepsWhatAnAuditorAsksAbout() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(
            upstreamPorts: [backend.port], service: "    guards:\n      addresses:\n        deny: [127.0.0.0/8]\n")
        for _ in 0..<3 { _ = try await RawClient.exchange(get("/refused"), port: house.port) }
        let file = NSTemporaryDirectory() + "gatehouse-reload-\(UUID().uuidString).yaml"
        try "services:\n  - upstream: http://127.0.0.1:\(backend.port)\n".write(toFile: file, atomically: true, encoding: .utf8)
        await house.server.reload(ConfigurationLoader(file: file))
        try "servicez: []".write(toFile: file, atomically: true, encoding: .utf8)
        await house.server.reload(ConfigurationLoader(file: file))
        _ = await house.stop()
        let events = try await house.auditEvents()
        #expect(events.filter { $0.kind == .decision && $0.action == "addresses" && $0.outcome == "refuse" }.count == 3)
        #expect(events.contains { $0.kind == .configuration && $0.action == "reloaded" && $0.facts.contains { $0.name.hasPrefix("sha256 of ") } })
        #expect(events.contains { $0.kind == .configuration && $0.action == "reload_refused" })
        #expect(events.contains { $0.kind == .administration && $0.action == "started" })
        #expect(events.contains { $0.kind == .administration && $0.action == "stopped" })
    }

    @Test func continuesTheSameLogAfterARestart() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let first = try await RunningHouse(upstreamPorts: [backend.port])
        _ = await first.stop()
        let before = try await first.auditEvents().count
        let second = try await RunningHouse(upstreamPorts: [backend.port], folder: first.folder)
        _ = await second.stop()
        #expect(try await second.auditEvents().count > before)
    }

    @Test func servesWithoutAuditLogWhereTheFolderCannotBeWrittenAndSaysSo() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], data: "/proc/gatehouse-cannot-write")
        #expect(try await RawClient.exchange(get("/"), port: house.port).hasSuffix("ok"))
        let events = await house.stop()
        #expect(events.contains { $0.contains("audit_unavailable") && $0.contains("/proc/gatehouse-cannot-write") })
    }

    @Test func doesNotStartWithoutAnAuditLogThatIsRequired() async throws {
        await #expect(throws: GroundFailure.self) {
            try await RunningHouse(upstreamPorts: [1], more: "audit: required\n", data: "/proc/gatehouse-cannot-write")
        }
    }

    @Test func touchesNothingWhereNothingNeedsTheGround() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], more: "audit: off\n")
        #expect(try await RawClient.exchange(get("/"), port: house.port).hasSuffix("ok"))
        _ = await house.stop()
        #expect(!FileManager.default.fileExists(atPath: house.folder + "/data"))
    }

    @Test func refusesToMakeARootKeyForAStoreThatHasKeys() async throws {
        let backend = try await ScriptedBackend { _, _ in answer("ok") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        _ = await house.stop()
        try FileManager.default.removeItem(atPath: house.folder + "/data/root.key")
        await #expect(throws: GroundFailure.self) {
            try await RunningHouse(upstreamPorts: [backend.port], more: "audit: required\n", folder: house.folder)
        }
        #expect(!FileManager.default.fileExists(atPath: house.folder + "/data/root.key"))
    }

    @Test func keepsFilesToItself() async throws {
        let house = try await RunningHouse(upstreamPorts: [1])
        _ = await house.stop()
        for name in ["root.key", "gatehouse.sqlite", "audit/journal", "audit/log.vkey", "audit/log/checkpoint"] {
            let mode = try FileManager.default.attributesOfItem(atPath: house.folder + "/data/" + name)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600, "\(name)")
        }
    }
}
