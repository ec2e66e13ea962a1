import Foundation
import GatehouseTools
import OpenAPI
import Testing

@Suite struct OpenAPIToolsTests {
    static let document = """
        openapi: 3.1.1
        info: {title: Orders, version: '1'}
        security: [{token: []}]
        paths:
          /shops/{shop}/orders:
            post:
              parameters:
                - {name: shop, in: path, required: true, schema: {type: integer}}
                - {name: dryRun, in: query, schema: {type: boolean}}
              requestBody: {content: {application/json: {schema: {$ref: 'order.yaml#/Order'}}}}
              responses: {'201': {description: ok, content: {application/json: {schema: {type: object, required: [id]}}}}}
        components: {securitySchemes: {token: {type: http, scheme: bearer}}}
        """

    /// A folder with the document and the file it refers to.
    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("openapi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.document.utf8).write(to: folder.appendingPathComponent("api.yaml"))
        try Data("Order: {type: object}\n".utf8).write(to: folder.appendingPathComponent("order.yaml"))
        return folder
    }

    @Test func `check describes what was understood, files that are referred to included`() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var check = OpenAPICheck()
        check.listsOperations = true
        let path = folder.appendingPathComponent("api.yaml").path
        let lines = try check.describe(path)
        #expect(
            lines == [
                "\(path): ok: OpenAPI 3.1, `Orders` 1",
                "  2 files, 1 path, 1 operation, 4 schemas, 0 warnings",
                "  security token: HTTP bearer",
                "  POST /shops/{shop}/orders (path shop, query dryRun) takes application/json answers 201 asks for token",
            ])
        try FileManager.default.removeItem(at: folder.appendingPathComponent("order.yaml"))
        #expect(throws: OpenAPIError.self) { try check.describe(path) }
    }

    @Test func `judge answers a line with verdict, issues and the response's verdict`() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let judge = OpenAPIJudge(try OpenAPIFiles.load(folder.appendingPathComponent("api.yaml").path))
        let wrong = judge.answer(#"{"method":"POST","target":"/shops/1/orders?dryRun=maybe","headers":{"Authorization":"Bearer x"}}"#)
        #expect(wrong.contains(#""verdict":"badRequest","status":400,"operation":"POST /shops/{shop}/orders""#))
        #expect(wrong.contains(#""in":"query","name":"dryRun""#))
        let right = judge.answer(
            #"{"method":"POST","target":"/shops/1/orders","headers":[["Authorization","Bearer x"],["Content-Type","application/json"]],"body":{"hex":"7b7d"},"response":{"status":201,"headers":{"Content-Type":"application/json"},"body":"{}"}}"#
        )
        #expect(right.contains(#""verdict":"valid","status":null"#))
        #expect(right.contains(#""response":{"verdict":"responseMismatch""#))
        #expect(judge.answer("{}").hasPrefix(#"{"error""#))
    }
}
