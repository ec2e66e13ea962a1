import GatehouseCore
internal import GatehouseGuards
import GatehouseTesting
internal import HTTPWire
import StrictJSON
import Testing

@testable import GatehouseAuthorization

@Suite struct LogTests {
    @Test func `every decision is logged with what it rests on`() throws {
        let shop = try Shop(more: "      decision_log: decisions.jsonl")
        let (exchange, _) = shop.ask(.get, "/items/7", as: caller("alice", roles: ["clerk"]))
        #expect(shop.status(.post, "/orders", as: caller("bob")) == 401)
        shop.runtime.finish()
        let lines = shop.lines.values
        #expect(lines.count == 2)
        let first = try #require(lines.first)
        #expect(first["id"]?.string == exchange.incident.description)
        #expect(first["decision"] == "allow")
        #expect(first["reason"] == ["everyone-reads"])
        #expect(first["principal"] == ["type": "User", "id": "https://id.example|alice"])
        #expect(first["resource"] == ["type": "Item", "id": "7"])
        #expect(first["route"] == "GET /items/{id}")
        #expect(first["time"] == "2026-01-01T00:00:00.000000Z")
        #expect(first["policies"]?.string?.count == 32 && first["schema"]?.string?.count == 32)
        #expect(first["microseconds"]?.int64 != nil)
        #expect(first["entities"]?.array?.count == 2)
        #expect(lines[1]["reason"] == ["strong-login", "write-scope"])
    }

    @Test func `decisions without room are counted, written and told, or refuse their requests`() throws {
        let shop = try Shop(more: "      decision_log: {path: decisions.jsonl, queue: 16}")
        for _ in 0..<100_000 where shop.runtime.lostDecisions == 0 { _ = shop.status(.get, "/items", as: caller("alice")) }
        shop.runtime.finish()
        let lost = shop.lines.values.reduce(0) { $0 + ($1["lost"]?.int64 ?? 0) }
        #expect(lost > 0)
        #expect(shop.systemEvents.contains("decisions_lost"))
        let strict = try Shop(more: "      decision_log: {path: decisions.jsonl, queue: 16, overflow: deny}")
        var status = 0
        for _ in 0..<100_000 where status == 0 { status = strict.status(.get, "/items", as: caller("alice")) }
        #expect(status == 503)
        strict.runtime.finish()
    }

    @Test func `a candidate set decides in parallel, and its flips are told`() throws {
        let candidate = """
            @id("new") permit(principal in Role::"clerk", action == Action::"listItems", resource);
            """
        let shop = try Shop(
            more: "      shadow: candidate.cedar\n      decision_log: decisions.jsonl", files: ["candidate.cedar": candidate])
        #expect(shop.status(.get, "/items", as: caller("alice")) == 0)
        #expect(shop.status(.get, "/items", as: caller("bob", roles: ["clerk"])) == 0)
        shop.runtime.finish()
        #expect(shop.recorder.rules == ["shadow_flip"])
        #expect(shop.lines.values.map { $0["shadow"]?["decision"]?.string } == ["deny", nil])
    }
}
