import OpenAPI

/// How long loading and judging take on one core here.
public enum OpenAPISpeed {
    /// Measures and prints a line for each: its name and microseconds for one.
    ///
    /// - Parameter file: a description whose loading is measured too, once.
    /// - Throws: what loading throws.
    public static func printTable(seconds: Double, file: String?) throws {
        if let file {
            let start = ContinuousClock.now
            _ = try OpenAPIFiles.load(file)
            print("load", file, microseconds(ContinuousClock.now - start))
        }
        let api = try OpenAPIValidator(name: "orders.yaml", bytes: Array(document.utf8))
        let duration = Duration.milliseconds(Int(seconds * 1000))
        let json: HeaderList = [
            "content-type": "application/json", "authorization": "Bearer abc", "x-request-id": "6f1c2a34-1111-4222-8333-444455556666",
        ]
        let post = RequestHead(method: "POST", target: "/v1/shops/17/orders?dryRun=true&tag=a&tag=b", headers: json)
        let get = RequestHead(method: "GET", target: "/v1/shops/17/orders/9f8a?limit=20", headers: json)
        let answer: HeaderList = ["content-type": "application/json"]
        let operation = api.validate(post, body: body).operation
        precondition(api.validate(post, body: body).isValid && api.validate(get, body: []).isValid, "the example is valid")
        measure("request-without-body", duration) { _ = api.validate(get, body: []) }
        measure("request-json-\(body.count)-bytes", duration) { _ = api.validate(post, body: body) }
        measure("refused-json-\(wrong.count)-bytes", duration) { _ = api.validate(post, body: wrong) }
        if let operation {
            measure("response-json-\(body.count)-bytes", duration) {
                _ = api.validateResponse(to: operation, status: 201, headers: answer, body: body)
            }
        }
        let formType: HeaderList = ["content-type": "application/x-www-form-urlencoded"]
        let submit = RequestHead(method: "POST", target: "/v1/forms", headers: formType)
        measure("form-\(form.count)-bytes", duration) { _ = api.validate(submit, body: form) }
    }

    private static func measure(_ name: String, _ duration: Duration, _ body: () -> Void) {
        let clock = ContinuousClock()
        for _ in 0..<50 { body() }
        let start = clock.now
        var count = 0
        while clock.now - start < duration {
            for _ in 0..<16 { body() }
            count += 16
        }
        print(name, microseconds((clock.now - start) / count))
    }

    private static func microseconds(_ duration: Duration) -> Double {
        let parts = duration.components
        return ((Double(parts.seconds) * 1e6 + Double(parts.attoseconds) / 1e12) * 100).rounded() / 100
    }
}

// MARK: The example

extension OpenAPISpeed {
    static let body: [UInt8] = {
        let items = (1...12).map { number in
            #"{"sku":"AB-\#(1000 + number)","name":"Article number \#(number) of the list","quantity":\#(number),"price":"\#(number).95","tags":["new","sale"],"weight":\#(number).25}"#
        }
        return Array(
            #"{"customer":{"name":"Ada Lovelace","email":"ada@example.org","address":{"street":"12 Long Lane","city":"London","postcode":"EC1A 9EJ","country":"GB"}},"currency":"EUR","placed":"2026-01-31T12:00:00Z","items":[\#(items.joined(separator: ","))],"payment":{"kind":"card","number":"4111111111111111","expires":"2028-01"},"note":"leave at the door"}"#
                .utf8)
    }()

    static let wrong: [UInt8] = Array(String(decoding: body, as: UTF8.self).replacing(#""quantity":12"#, with: #""quantity":0"#).utf8)

    static let form: [UInt8] = Array(
        ("name=Ada+Lovelace&email=ada%40example.org&age=36&newsletter=true&"
            + (0..<10).map { "interest=topic-\($0)-of-the-long-list" }.joined(separator: "&")).utf8)

    static let document = """
        openapi: 3.1.1
        info: {title: Orders, version: '1'}
        servers: [{url: 'https://api.example.com/v1'}]
        security: [{token: []}]
        paths:
          /shops/{shop}/orders:
            parameters:
              - {name: shop, in: path, required: true, schema: {type: integer, minimum: 1}}
              - {name: X-Request-Id, in: header, schema: {type: string, format: uuid}}
            post:
              parameters:
                - {name: dryRun, in: query, schema: {type: boolean}}
                - {name: tag, in: query, schema: {type: array, items: {type: string, maxLength: 20}}}
              requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
              responses:
                '201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
          /shops/{shop}/orders/{order}:
            parameters:
              - {name: shop, in: path, required: true, schema: {type: integer, minimum: 1}}
              - {name: order, in: path, required: true, schema: {type: string, pattern: '^[0-9a-f]{4,32}$'}}
            get:
              parameters: [{name: limit, in: query, schema: {type: integer, maximum: 100}}]
              responses: {'200': {description: ok}}
          /forms:
            post:
              security: []
              requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Form'}}}}
              responses: {'200': {description: ok}}
        components:
          securitySchemes: {token: {type: http, scheme: bearer}}
          schemas:
            Form:
              type: object
              required: [name]
              properties: {name: {type: string}, email: {type: string, format: email}, age: {type: integer}, newsletter: {type: boolean}, interest: {type: array, items: {type: string}}}
            Order:
              type: object
              required: [customer, currency, items, payment]
              additionalProperties: false
              properties:
                customer: {$ref: '#/components/schemas/Customer'}
                currency: {type: string, enum: [EUR, GBP, USD]}
                placed: {type: string, format: date-time}
                items: {type: array, minItems: 1, maxItems: 100, items: {$ref: '#/components/schemas/Item'}}
                payment: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Invoice'}], discriminator: {propertyName: kind}}
                note: {type: string, maxLength: 500}
            Customer:
              type: object
              required: [name, email]
              properties:
                name: {type: string, minLength: 1, maxLength: 100}
                email: {type: string, format: email}
                address: {type: object, required: [city], properties: {street: {type: string}, city: {type: string}, postcode: {type: string, pattern: '^[A-Z0-9 ]{4,10}$'}, country: {type: string, minLength: 2, maxLength: 2}}}
            Item:
              type: object
              required: [sku, quantity, price]
              additionalProperties: false
              properties:
                sku: {type: string, pattern: '^[A-Z]{2}-[0-9]+$'}
                name: {type: string, maxLength: 200}
                quantity: {type: integer, minimum: 1}
                price: {type: string, pattern: '^[0-9]+[.][0-9]{2}$'}
                tags: {type: array, uniqueItems: true, items: {type: string}}
                weight: {type: number, multipleOf: 0.01}
            Card: {type: object, required: [kind, number, expires], properties: {kind: {const: card}, number: {type: string, pattern: '^[0-9]{12,19}$'}, expires: {type: string}}}
            Invoice: {type: object, required: [kind, days], properties: {kind: {const: invoice}, days: {type: integer}}}
        """
}
