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

    @Test func `a decision point answers backends by the policies of a service`() async throws {
        let (house, backend, folder) = try await Self.decisions()
        let body = #"{"subject":{"type":"user","id":"alice"},"action":{"name":"read"},"resource":{"type":"order","id":"1","properties":{"owner":"public"}},"context":{}}"#
        func ask(_ fields: String, _ text: String = body, path: String = "/access/v1/evaluation") async throws -> String {
            let request = "POST \(path) HTTP/1.1\r\nHost: pdp.example\r\n\(fields)Content-Type: application/json\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
            return try await RawClient.exchange(request, port: house.port)
        }
        let known = "Authorization: Bearer secret-of-backends\r\nX-Request-ID: abc-1\r\n"
        let answer = try await ask(known)
        #expect(answer.hasPrefix("HTTP/1.1 200") && answer.hasSuffix("{\"decision\":true}"))
        #expect(answer.lowercased().contains("x-request-id: abc-1"))
        #expect(try await ask("").hasPrefix("HTTP/1.1 401"))
        #expect(try await ask("Authorization: Bearer other\r\n").hasPrefix("HTTP/1.1 401"))
        #expect(try await ask(known, "{}").hasPrefix("HTTP/1.1 400"))
        #expect(try await ask(known, body, path: "/access/v1/other").hasPrefix("HTTP/1.1 404"))
        let search = #"{"subject":{"type":"user","id":"alice"},"resource":{"type":"order","id":"1","properties":{"owner":"public"}}}"#
        #expect(try await ask(known, search, path: "/access/v1/search/action").contains(#"{"results":[{"name":"read"}]"#))
        let metadata = try await RawClient.exchange("GET /.well-known/authzen-configuration HTTP/1.1\r\nHost: pdp.example\r\nConnection: close\r\n\r\n", port: house.port)
        #expect(metadata.contains(#""policy_decision_point":"https://pdp.example""#) && metadata.contains("signed_metadata"))
        _ = await house.stop()
        let log = try String(contentsOfFile: folder + "/decisions.jsonl", encoding: .utf8)
        #expect(log.contains("\"phase\":\"evaluation\""))
        try await backend.close()
    }

    /// A house with a service and a decision point over the same policies.
    private static func decisions() async throws -> (RunningHouse, ScriptedBackend, String) {
        let folder = NSTemporaryDirectory() + "policies-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let files = [
            "shop.cedar": "permit(principal, action, resource) when { resource.owner == \"public\" };", "schema.cedarschema": schema,
            "token": "secret-of-backends",
        ]
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        let backend = try await ScriptedBackend { _, _ in answer("hello") }
        let service = """
                hosts: [shop.example]
                authorization:
                  policies: \(folder)/shop.cedar
                  schema: \(folder)/schema.cedarschema
                  decision_log: \(folder)/decisions.jsonl
              - builtin: decisions
                hosts: [pdp.example]
                decisions:
                  service: test
                  types: {user: User, order: Order}
                  url: https://pdp.example
                  tokens: ['file:\(folder)/token']

            """
        return (try await RunningHouse(upstreamPorts: [backend.port], service: service), backend, folder)
    }
}
