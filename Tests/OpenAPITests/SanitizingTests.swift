import Testing

@testable import OpenAPI

@Suite struct SanitizingTests {
    static let operations = """
        post:
          parameters:
            - {name: limit, in: query, schema: {type: integer, default: 20}}
            - {name: sort, in: query, explode: false, schema: {type: array, items: {type: string}, default: [a, b]}}
            - {name: q, in: query, schema: {type: string}}
            - {name: X-Mode, in: header, schema: {type: string, default: safe}}
          requestBody:
            content:
              application/json: {schema: {$ref: '#/components/schemas/User'}}
              application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/User'}}
          responses: {'200': {description: ok}}
        """
    static let components = """
        schemas:
          User:
            type: object
            properties:
              id: {type: integer, readOnly: true}
              name: {type: string}
              password: {type: string, format: password}
              role: {type: string, default: reader}
              items: {type: array, items: {type: object, properties: {n: {type: string}}}}
            oneOf:
              - {properties: {a: {type: integer, default: 1}}}
              - {properties: {b: {type: integer, default: 2}}, required: [b]}
        """

    private func run(_ body: String, _ steps: SanitizeSteps, type: String = "application/json", query: String? = nil) throws
        -> SanitizedRequest
    {
        let api = try validator(Self.operations, components: Self.components)
        let head = RequestHead(method: "POST", path: "/x", query: query, headers: HeaderList([("Content-Type", type)]))
        return api.sanitize(head, body: Array(body.utf8), by: steps)
    }

    @Test(arguments: [
        (
            SanitizeSteps.stripUnknown, #"{"name":"a","x":1,"items":[{"n":"1","y":2}]}"#, #"{"name":"a","items":[{"n":"1"}]}"#,
            ["removedUnknown body /x", "removedUnknown body /items/0/y"]
        ),
        (.stripReadOnly, #"{"id":1,"name":"a"}"#, #"{"name":"a"}"#, ["removedReadOnly body /id"]),
        (.trim, #"{"name":" a\t","password":" p "}"#, #"{"name":"a","password":" p "}"#, ["trimmed body /name"]),
        (.normalize, "{\"name\":\"e\u{301}\"}", "{\"name\":\"\u{e9}\"}", ["normalized body /name"]),
    ]) func `a JSON body is changed as asked and every change is told`(
        steps: SanitizeSteps, body: String, expected: String, changes: [String]
    ) throws {
        let result = try run(body, steps)
        #expect(result.body.map { Array(expected.utf8) == $0 } == true)
        #expect(result.changes.map(\.description) == changes)
    }

    @Test func `defaults are filled in, but not those of a branch that may not hold`() throws {
        let result = try run("{}", .fillDefaults, query: "q=1")
        #expect(result.body.map { String(decoding: $0, as: UTF8.self) } == #"{"role":"reader"}"#)
        #expect(result.query == "q=1&limit=20&sort=a,b")
        #expect(result.addedHeaders.map(\.name) == ["x-mode"])
    }

    @Test func `a query keeps the bytes of what is not changed`() throws {
        let result = try run("{}", [.stripUnknown, .trim], query: "limit=%31&x=1&q=+a%20")
        #expect(result.query == "limit=%31&q=a")
        #expect(result.body == nil)
    }

    @Test func `a form is changed pair by pair`() throws {
        let result = try run("name=+a&x=1", [.stripUnknown, .trim, .fillDefaults], type: "application/x-www-form-urlencoded")
        #expect(result.body.map { String(decoding: $0, as: UTF8.self) } == "name=a&role=reader")
    }

    @Test func `what needs no change is left byte for byte`() throws {
        let all: SanitizeSteps = [.stripUnknown, .stripReadOnly, .trim, .normalize]
        let result = try run(#"{ "name" : "a" }"#, all, query: "q=a")
        #expect(result.body == nil && result.query == nil && result.changes.isEmpty)
        #expect(try run("{", all).body == nil, "a body that cannot be read is not touched")
        #expect(try run("{}", []).changes.isEmpty)
    }
}
