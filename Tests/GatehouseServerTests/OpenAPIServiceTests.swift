import Foundation
import GatehouseConfiguration
import GatehouseServer
import Testing

/// A service that follows a document, over real connections.
@Suite struct OpenAPIServiceTests {
    private static func document(_ name: String, extra: String = "") -> String {
        """
        openapi: 3.1.1
        info: {title: \(name), version: '1'}
        paths:
          /items:
            get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: 'types.yaml#/Items'}}}}}}
            post:
              requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string, maxLength: 5}}}}}}
              responses: {'200': {description: ok, content: {application/json: {}}}}
        \(extra)
        """
    }

    private func folder() throws -> String {
        let folder = NSTemporaryDirectory() + "gatehouse-openapi-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.document("one").write(toFile: folder + "/api.yaml", atomically: true, encoding: .utf8)
        try "Items: {type: array, items: {type: integer}}".write(toFile: folder + "/types.yaml", atomically: true, encoding: .utf8)
        return folder
    }

    private func json(_ body: String, status: String = "200 OK") -> (bytes: String, closes: Bool)? {
        ("HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)", false)
    }

    private func post(_ path: String, _ body: String, type: String = "application/json") -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    @Test func `only what the document allows reaches the backend and the client`() async throws {
        let folder = try folder()
        let backend = try await ScriptedBackend { request, _ in json(request.contains("broken=1") ? #"["secret-text"]"# : "[1,2]") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], service: "    openapi: \(folder)/api.yaml")
        #expect(try await RawClient.exchange(get("/items"), port: house.port).hasSuffix("[1,2]"))
        #expect(try await RawClient.exchange(get("/other"), port: house.port).hasPrefix("HTTP/1.1 404 "))
        let refused = try await RawClient.exchange(post("/items", #"{"name":"too long"}"#), port: house.port)
        #expect(refused.hasPrefix("HTTP/1.1 400 "))
        #expect(refused.contains(#""pointer":"/name","keyword":"maxLength""#))
        #expect(!refused.contains("too long"))
        #expect(try await RawClient.exchange(post("/items", #"{"name":"rope"}"#), port: house.port).hasSuffix("[1,2]"))
        let broken = try await RawClient.exchange(get("/items?broken=1"), port: house.port)
        #expect(broken.hasPrefix("HTTP/1.1 502 "))
        #expect(!broken.contains("secret-text"))
        let events = await house.stop()
        #expect(events.contains { $0.contains("follows") && $0.contains("2 operations of `one`") })
        #expect(events.contains { $0.contains("secret-text") && $0.contains("masked") })
        #expect(backend.requests.count == 3)
    }

    @Test func `a changed document comes into force, a broken one does not`() async throws {
        let folder = try folder()
        let backend = try await ScriptedBackend { _, _ in json("[1,2]") }
        let house = try await RunningHouse(upstreamPorts: [backend.port], service: "    openapi: \(folder)/api.yaml")
        #expect(house.server.referredFiles.map { $0.split(separator: "/").last } == ["api.yaml", "types.yaml"])
        #expect(try await RawClient.exchange(get("/items"), port: house.port).hasSuffix("[1,2]"))
        try "Items: {type: array, items: {type: string}}".write(toFile: folder + "/types.yaml", atomically: true, encoding: .utf8)
        await house.server.reload(ConfigurationLoader(file: house.file))
        #expect(try await RawClient.exchange(get("/items"), port: house.port).hasPrefix("HTTP/1.1 502 "))
        try Self.document("three", extra: "  /new: {got: {}}").write(toFile: folder + "/api.yaml", atomically: true, encoding: .utf8)
        await house.server.reload(ConfigurationLoader(file: house.file))
        #expect(try await RawClient.exchange(get("/new"), port: house.port).hasPrefix("HTTP/1.1 404 "))
        let events = await house.stop()
        #expect(events.contains { $0.contains("reload_refused") && $0.contains("api.yaml:9:") })
    }

    @Test func `without a document JSON with two readings is refused and uploads flow`() async throws {
        let backend = try await ScriptedBackend { _, _ in json("{}") }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        let refused = try await RawClient.exchange(post("/", #"{"role":"user","role":"admin"}"#), port: house.port)
        #expect(refused.hasPrefix("HTTP/1.1 400 "))
        #expect(refused.contains("json_duplicate_key"))
        let head = "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"NAME\"\r\nContent-Type: text/plain\r\n\r\n"
        let form = head + String(repeating: "x", count: 300_000) + "\r\n--B--\r\n"
        let upload = post("/", form.replacing("NAME", with: "a.txt"), type: "multipart/form-data; boundary=B")
        #expect(try await RawClient.exchange(upload, port: house.port).hasPrefix("HTTP/1.1 200 "))
        let script = post("/", form.replacing("NAME", with: "a.php"), type: "multipart/form-data; boundary=B")
        #expect(try await RawClient.exchange(script, port: house.port).hasPrefix("HTTP/1.1 415 "))
        _ = await house.stop()
    }

    @Test func `a fault late in a long upload ends the request before it is whole`() async throws {
        let backend = try await ScriptedBackend { _, _ in nil }
        let house = try await RunningHouse(upstreamPorts: [backend.port])
        func part(_ name: String) -> String {
            "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(name)\"\r\n\r\n" + String(repeating: "x", count: 300_000) + "\r\n"
        }
        for (form, status) in [(part("a.txt") + part("../b.txt") + "--B--\r\n", 400), (part("a.txt") + part("b.php"), 415), (part("a.txt"), 400)] {
            let upload = post("/", form, type: "multipart/form-data; boundary=B")
            #expect(try await RawClient.exchange(upload, port: house.port).hasPrefix("HTTP/1.1 \(status) "))
        }
        #expect(await house.stop().filter { $0.contains("file_name") || $0.contains("file_extension") }.count == 2)
    }
}
