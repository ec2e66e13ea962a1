import Testing

@testable import OpenAPI

@Suite struct InventoryTests {
    private func api() throws -> OpenAPIValidator {
        try validator(
            """
            get:
              responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {a: {type: integer}}}}}}}
            delete:
              responses: {'204': {description: gone}}
            """)
    }

    @Test func `undocumented traffic is counted by its form, and unused operations are listed`() throws {
        let api = try api()
        var inventory = OpenAPIInventory(api)
        for target in ["/x?debug=1", "/x?debug=2", "/users/17", "/users/18", "/users/6f1c2a34-1111-4222-8333-444455556666/keys"] {
            let head = RequestHead(method: "GET", target: target)
            inventory.record(api.validate(head, body: []), of: head)
        }
        let put = RequestHead(method: "PUT", path: "/x")
        inventory.record(api.validate(put, body: []), of: put)
        #expect(inventory.uses == [2, 0])
        #expect(inventory.unused.map(\.method) == ["DELETE"])
        #expect(inventory.shadowPaths[.init(method: "GET", path: "/users/{}")] == 2)
        #expect(inventory.shadowPaths[.init(method: "GET", path: "/users/{}/keys")] == 1)
        #expect(inventory.shadowItems[.init(operation: 0, path: "/x", item: UndocumentedItem(kind: .query, name: "debug"))] == 2)
        #expect(inventory.shadowItems[.init(operation: nil, path: "/x", item: UndocumentedItem(kind: .method, name: "PUT"))] == 1)
    }

    @Test func `memory is bounded`() throws {
        let api = try api()
        var limits = OpenAPIInventory.Limits()
        limits.paths = 2
        var inventory = OpenAPIInventory(api, limits: limits)
        for name in ["a", "b", "c", "d", "a"] {
            let head = RequestHead(method: "GET", path: "/" + name)
            inventory.record(api.validate(head, body: []), of: head)
        }
        #expect(inventory.shadowPaths.count == 2)
        #expect(inventory.shadowPaths.values.reduce(0, +) == 3)
        #expect(inventory.overflow == 2)
    }

    @Test func `a flood of names does not hide what comes again and again`() throws {
        let api = try api()
        var limits = OpenAPIInventory.Limits()
        limits.paths = 50
        var inventory = OpenAPIInventory(api, limits: limits)
        for number in 0..<400 {
            for path in ["/made-up-\(number)-x", number > 100 ? "/admin" : "/other"] {
                let head = RequestHead(method: "GET", path: path)
                inventory.record(api.validate(head, body: []), of: head)
            }
        }
        #expect(inventory.shadowPaths[.init(method: "GET", path: "/admin")] ?? 0 > 250)
        #expect(inventory.shadowPaths.count <= 50)
        #expect(inventory.overflow + inventory.shadowPaths.values.reduce(0, +) == 800)
    }

    @Test func `undocumented properties of responses are found`() throws {
        let api = try api()
        let verdict = api.validateResponse(
            to: api.operations[0], status: 200, headers: HeaderList([("Content-Type", "application/json")]),
            body: Array(#"{"a":1,"secret":2}"#.utf8))
        #expect(verdict.isValid)
        #expect(verdict.undocumented == [UndocumentedItem(kind: .responseProperty, name: "/secret")])
    }
}

@Suite struct ResponseTests {
    private func judge(_ status: Int, _ headers: HeaderList, _ body: String?) throws -> [String] {
        let api = try validator(
            """
            get:
              responses:
                '200': {description: ok, headers: {X-Rate: {required: true, schema: {type: integer}}}, content: {application/json: {schema: {type: array, items: {type: integer}}}}}
                '4XX': {description: no, content: {application/problem+json: {schema: {type: object, required: [title]}}}}
                '204': {description: nothing}
            """)
        return api.validateResponse(to: api.operations[0], status: status, headers: headers, body: body.map { Array($0.utf8) }).issues.map(
            \.key)
    }

    @Test func `status, headers and body are judged`() throws {
        let json: HeaderList = ["Content-Type": "application/json", "X-Rate": "5"]
        #expect(try judge(200, json, "[1]") == [])
        #expect(try judge(200, json, nil) == [])
        #expect(try judge(200, json, "[\"x\"]") == ["body /0 type"])
        #expect(try judge(200, json, "[") == ["body syntax"])
        #expect(try judge(200, ["Content-Type": "application/json"], "[]") == ["header x-rate required"])
        #expect(try judge(200, ["Content-Type": "application/json", "X-Rate": "x"], "[]") == ["header x-rate type"])
        #expect(try judge(200, ["Content-Type": "text/html", "X-Rate": "1"], "<p>") == ["body response"])
        #expect(try judge(200, ["X-Rate": "1"], "[]") == ["body response"])
        #expect(try judge(404, ["Content-Type": "application/problem+json"], "{}") == ["body required"])
        #expect(try judge(500, json, "[]") == ["status response"])
        #expect(try judge(204, [:], "") == [])
    }
}
