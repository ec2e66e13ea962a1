import Foundation
import GatehouseServer
import Testing

/// The authorization guard in a running house.
@Suite struct AuthorizationTests {
    private static let schema = """
        entity Nobody;
        entity User;
        entity Order = { owner: String };
        action read appliesTo { principal: [User, Nobody], resource: Order, context: { address: ipaddr } };
        """

    /// A house before a backend with an order, the folder of its policies, and the lines of its service.
    private static func house(_ policies: String) async throws -> (RunningHouse, ScriptedBackend, String) {
        let folder = NSTemporaryDirectory() + "policies-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(policies.utf8).write(to: URL(fileURLWithPath: folder + "/shop.cedar"))
        try Data(schema.utf8).write(to: URL(fileURLWithPath: folder + "/schema.cedarschema"))
        let backend = try await ScriptedBackend { request, _ in
            let owner = request.hasPrefix("GET /orders/1 ") ? "public" : "alice"
            let body = "{\"owner\":\"\(owner)\"}"
            return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)", false)
        }
        let service = """
                authorization:
                  policies: \(folder)
                  schema: \(folder)/schema.cedarschema
                  mapping: {anonymous: Nobody}
                  decision_log: \(folder)/decisions.jsonl
                  routes:
                    - path: /orders/{id}
                      methods: [GET]
                      action: read
                      resource: 'Order::"{id}"'
                      response: {attributes: {owner: /owner}}

            """
        return (try await RunningHouse(upstreamPorts: [backend.port], service: service), backend, folder)
    }

    private static let policies = """
        permit(principal, action, resource) when { resource.owner == "public" && context.address.isLoopback() };
        """

    @Test func `an order of somebody else is kept back, and the log has every decision`() async throws {
        let (house, backend, folder) = try await Self.house(Self.policies)
        let own = try await RawClient.exchange(get("/orders/1"), port: house.port)
        #expect(own.hasPrefix("HTTP/1.1 200") && own.hasSuffix("{\"owner\":\"public\"}"))
        let other = try await RawClient.exchange(get("/orders/2", fields: "Range: bytes=0-5\r\n"), port: house.port)
        #expect(other.hasPrefix("HTTP/1.1 401") && !other.contains("alice"))
        #expect(other.lowercased().contains("gatehouse-decision: "))
        let unknown = try await RawClient.exchange(get("/other"), port: house.port)
        #expect(unknown.hasPrefix("HTTP/1.1 401"))
        #expect(backend.requests.count == 2 && !backend.requests[1].lowercased().contains("range"))
        _ = await house.stop()
        let log = try String(contentsOfFile: folder + "/decisions.jsonl", encoding: .utf8)
        #expect(log.split(separator: "\n").map { $0.contains("\"decision\":\"allow\"") } == [false, true, false, false])
        try await backend.close()
    }

    @Test func `a set that is not valid does not start`() async throws {
        await #expect(throws: (any Error).self) { try await Self.house("permit(principal, action, resource) when { resource.nothing };") }
    }

    @Test func `a remote decision point is asked over HTTP, and its silence refuses`() async throws {
        let point = try await ScriptedBackend { request, _ in
            let isAllowed = request.contains("\"resource\":{\"type\":\"Route\",\"id\":\"/open\"}")
            guard !request.contains("/silent") else { return nil }
            let body = "{\"decision\":\(isAllowed)}"
            return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)", false)
        }
        let backend = try await ScriptedBackend { _, _ in answer("hello") }
        let service = """
                authorization:
                  pdp: {url: 'http://127.0.0.1:\(point.port)', timeout: 200ms}
                  mapping: {anonymous: Nobody}
                  routes: [{path: /open}, {path: /closed}, {path: /silent}]

            """
        let house = try await RunningHouse(upstreamPorts: [backend.port], service: service)
        #expect(try await RawClient.exchange(get("/open"), port: house.port).hasPrefix("HTTP/1.1 200"))
        #expect(try await RawClient.exchange(get("/closed"), port: house.port).hasPrefix("HTTP/1.1 401"))
        #expect(try await RawClient.exchange(get("/silent"), port: house.port).hasPrefix("HTTP/1.1 503"))
        #expect(point.requests.first?.hasPrefix("POST /access/v1/evaluation HTTP/1.1") == true)
        _ = await house.stop()
        try await backend.close()
        try await point.close()
    }
}
