import Foundation
internal import GatehouseConfiguration
import GatehouseCore
import OpenAPI
import Testing

@testable import GatehouseServer

/// Every route, method and user of the demo, through the house: what is expected against what happens.
@Suite struct DemoAuthorizationTests {
    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    private static let users = ["alice", "bob", ""]

    /// What becomes of a request: it reaches the shop, its caller may not, or must say who it is.
    private enum End: String { case passes, denied, unknown }

    /// For each operation of the document: Alice, Bob (who is a clerk), and nobody. All else is denied.
    private static let expected: [String: [End]] = [
        "GET /items": [.passes, .passes, .passes], "GET /items/1": [.passes, .passes, .passes], "GET /search": [.passes, .passes, .passes],
        "GET /crash": [.passes, .passes, .passes], "GET /slow": [.passes, .passes, .passes], "POST /orders": [.passes, .passes, .unknown],
        "GET /orders/17": [.passes, .passes, .unknown], "GET /orders/18": [.denied, .passes, .unknown],
        "GET /users/alice": [.passes, .denied, .unknown], "GET /users/bob": [.denied, .passes, .unknown],
        "HEAD /items": [.passes, .passes, .passes], "HEAD /items/1": [.passes, .passes, .passes], "HEAD /search": [.passes, .passes, .passes],
        "HEAD /crash": [.passes, .passes, .passes],
        // an owner that only the answer tells is not told by an answer without a body
        "HEAD /orders/17": [.denied, .passes, .unknown], "HEAD /orders/18": [.denied, .passes, .unknown],
        "HEAD /users/alice": [.passes, .denied, .unknown], "HEAD /users/bob": [.denied, .passes, .unknown],
    ]

    /// The paths of the document, each parameter with the values that matter.
    private static let paths = [
        "/items", "/items/1", "/orders", "/orders/17", "/orders/18", "/users/alice", "/users/bob", "/search", "/slow", "/crash",
    ]

    @Test func `the table has every path of the document`() throws {
        let document = try OpenAPIValidator(name: "demo", bytes: Array(DemoDocument.openAPI.utf8))
        let forms = Set(Self.paths.compactMap { document.operation(method: "GET", path: Array($0.utf8))?.operation.path } + ["/orders"])
        #expect(forms == Set(document.operations.map(\.path)))
        for operation in document.operations {
            #expect(
                Self.expected.keys.contains { $0.hasPrefix(operation.method + " ") && document.operation(method: operation.method, path: Array($0.dropFirst(operation.method.count + 1).utf8))?.operation.id == operation.id },
                "\(operation.method) \(operation.path)")
        }
    }

    @Test func `every route, method and user ends as expected`() async throws {
        let shop = DemoShop()
        let backend = LocalHTTPServer(Endpoint(host: "127.0.0.1", port: 0))
        try await backend.start { await shop.answer($0) }
        var demo = DemoProgram(port: 0, shopPort: 0)
        demo.folder = NSTemporaryDirectory() + "demo-\(UUID().uuidString)"
        var configuration = try demo.configuration(backend.port)
        configuration.admin.listen = nil
        configuration.services[0].guards.rateLimits.limits = []
        for index in configuration.services[0].routes.indices { configuration.services[0].routes[index].guards.rateLimits.limits = [] }
        let server = try await HouseServer(configuration, workers: 1)
        try await server.start()
        let port = Int(server.addresses[0].split(separator: ":").last ?? "") ?? 0
        var differences: [String] = []
        for path in Self.paths {
            for method in Self.methods where path != "/slow" || method != "HEAD" {
                for (index, user) in Self.users.enumerated() {
                    let end = try await Self.ask(method, path, user, port)
                    let wanted = Self.expected["\(method) \(path)"]?[index] ?? (user.isEmpty ? .unknown : .denied)
                    if end != wanted { differences.append("\(method) \(path) as \(user): expected \(wanted), got \(end)") }
                }
            }
        }
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        let profile = try await RawClient.exchange(get("/users/alice", fields: "X-Api-Key: alice-demo-key-17\r\n"), port: port)
        #expect(profile.hasSuffix(#"{"name":"alice","email":"alice@shop.example"}"#))
        await server.stop()
        await backend.stop()
    }

    private static func ask(_ method: String, _ path: String, _ user: String, _ port: Int) async throws -> End {
        let body = method == "POST" ? #"{"item":1,"quantity":1}"# : ""
        var fields = "Accept: application/json\r\n" + (DemoPolicies.keys[user].map { "X-Api-Key: \($0)\r\n" } ?? "")
        if !body.isEmpty { fields += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        let target = path == "/search" ? "/search?q=rope" : path
        let text = "\(method) \(target) HTTP/1.1\r\nHost: test.example\r\n\(fields)Connection: close\r\n\r\n\(body)"
        switch try await RawClient.exchange(text, port: port).split(separator: " ", maxSplits: 2).dropFirst().first {
        case "401"?: return .unknown
        case "403"?: return .denied
        case nil: throw HouseSilence()
        default: return .passes
        }
    }
}

/// The house did not answer.
private struct HouseSilence: Error {}
