import Foundation
import GatehouseConfiguration
import GatehouseCore
import GatehouseGuards
import GatehouseTesting
import HTTPWire
import NIOCore
import OpenAPI
import Testing

@testable import GatehouseValidation

/// A house whose one guard follows a document.
struct DocumentHouse {
    let house: TestHouse
    let document: OpenAPIDocument

    init(_ text: String = Self.shop, prefix: String = "", _ change: (inout OpenAPIGuardSettings) -> Void = { _ in }) throws {
        var settings = OpenAPIGuardSettings()
        change(&settings)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("api.yaml")
        try Data(text.utf8).write(to: file)
        settings.file = FilePath(file.path)
        document = try #require(try OpenAPILibrary().document(settings, service: "shop"))
        house = TestHouse([OpenAPIGuard(document, settings, strippedPrefix: prefix)])
    }

    /// Sends a request through all request phases.
    func send(
        _ method: HTTPMethod = .get, _ target: String, _ fields: KeyValuePairs<String, String> = [:], body: String? = nil,
        chunked: Bool = false
    ) -> Sent {
        let exchange = house.exchange(method, target, fields)
        let bytes = body.map { Array($0.utf8) } ?? []
        exchange.request.framing = chunked ? .chunked : body == nil ? .none : .length(bytes.count)
        var outcome = house.request(exchange)
        if outcome.isPass { outcome = house.requestBody(exchange, bytes) }
        return Sent(exchange: exchange, refusal: outcome.refusal)
    }

    struct Sent {
        let exchange: Exchange
        let refusal: Refusal?

        var status: Int { refusal?.problem.status ?? 200 }
        var body: String { String(decoding: exchange.requestBody.readableBytesView, as: UTF8.self) }
    }

    static let shop = """
        openapi: 3.1.1
        info: {title: Shop, version: '1'}
        servers: [{url: /v1}]
        paths:
          /items:
            get:
              parameters: [{name: limit, in: query, schema: {type: integer, maximum: 100, default: 20}}]
              responses:
                '200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}}}
            post:
              requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
              responses:
                '201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
          /items/{id}:
            get:
              security: [{token: []}]
              parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
              responses: {'200': {description: ok}}
            delete:
              deprecated: true
              parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
              responses: {'204': {description: gone}}
          /pictures:
            put:
              requestBody: {content: {image/png: {schema: {type: string, contentMediaType: image/png, maxLength: 4096}}, application/octet-stream: {}}}
              responses: {'204': {description: kept}}
        components:
          securitySchemes: {token: {type: http, scheme: bearer}}
          schemas:
            Item:
              type: object
              required: [name, price]
              properties:
                id: {type: integer, readOnly: true}
                name: {type: string, minLength: 1, maxLength: 20}
                price: {type: number, minimum: 0}
                colour: {type: string, default: grey}
        """
}
