import Testing

@testable import OpenAPI

@Suite struct RequestTests {
    @Test func `a request within the document is valid`() throws {
        let api = try validator(
            """
            get:
              parameters:
                - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
                - {name: tag, in: query, schema: {type: array, items: {type: string}}}
              responses: {'200': {description: ok}}
            """)
        #expect(api.get("/x?limit=10&tag=a&tag=b").kind == .valid)
        #expect(keys(api.get("/x?limit=101")) == ["query limit maximum"])
        #expect(keys(api.get("/x?limit=ten")) == ["query limit type"])
        #expect(keys(api.get("/x?limit=1.0")) == ["query limit type"])
        #expect(keys(api.get("/x?limit=1&limit=2")) == ["query limit repeated"])
        #expect(keys(api.get("/x?limit=%zz")) == ["query limit encoding"])
        #expect(api.get("/x?other=1").undocumented == [UndocumentedItem(kind: .query, name: "other")])
    }

    @Test func `an unknown path is 404 and an unknown method 405 with what is allowed`() throws {
        let api = try validator("get:\n  responses: {'200': {description: ok}}\npatch:\n  responses: {'200': {description: ok}}")
        #expect(api.get("/y").kind == .notFound)
        #expect(api.post("{}").kind == .methodNotAllowed(allowed: ["GET", "HEAD", "PATCH"]))
        #expect(api.validate(RequestHead(method: "HEAD", path: "/x"), body: []).isValid)
        #expect(api.validate(RequestHead(method: "get", path: "/x"), body: []).status == 405)
    }

    @Test func `a JSON body is judged by its schema with pointers to value and rule`() throws {
        let api = try validator(
            """
            post:
              requestBody:
                required: true
                content:
                  application/json:
                    schema: {$ref: '#/components/schemas/Pet'}
              responses: {'201': {description: ok}}
            """,
            components: """
                schemas:
                  Pet:
                    type: object
                    required: [name]
                    properties:
                      name: {type: string, maxLength: 5}
                      age: {type: integer, minimum: 0}
                """)
        #expect(api.post(#"{"name":"Rex","age":3}"#).isValid)
        let long = api.post(#"{"name":"Rexington","age":-1}"#)
        #expect(keys(long) == ["body /name maxLength", "body /age minimum"])
        #expect(long.issues.first?.schemaPointer == "/components/schemas/Pet/properties/name/maxLength")
        #expect(long.issues.allSatisfy { !$0.reason.contains("Rexington") })
        #expect(keys(api.post("{}")) == ["body required"])
        #expect(keys(api.post("")) == ["body required"])
        #expect(keys(api.post(#"{"name":"a","name":"b"}"#)) == ["body syntax"])
        #expect(keys(api.post("{\"name\":NaN}")) == ["body syntax"])
        #expect(api.post("<a/>", "application/xml").kind == .unsupportedMediaType(supported: ["application/json"]))
        #expect(api.post("{\"name\":\"a\"}", "application/json; charset=utf-16").status == 415)
        #expect(api.post("{\"name\":\"a\"}", "application/json; charset=UTF-8").isValid)
        #expect(api.post("{\"name\":\"a\",\"x\":1}").undocumented == [UndocumentedItem(kind: .requestProperty, name: "/x")])
    }

    @Test func `readOnly properties are refused in requests and not required there, writeOnly ones in responses`() throws {
        let api = try validator(
            """
            post:
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
              responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
            """,
            components: """
                schemas:
                  User:
                    allOf:
                      - {$ref: '#/components/schemas/Base'}
                      - {type: object, required: [id, name, password]}
                  Base:
                    type: object
                    properties:
                      id: {type: integer, readOnly: true}
                      name: {type: string}
                      password: {type: string, writeOnly: true}
                """)
        #expect(api.post(#"{"name":"a","password":"p"}"#).isValid)
        #expect(keys(api.post(#"{"id":1,"name":"a","password":"p"}"#)) == ["body /id readOnly"])
        let operation = api.operations[0]
        let headers: HeaderList = ["Content-Type": "application/json"]
        func answer(_ text: String) -> ResponseVerdict {
            api.validateResponse(to: operation, status: 200, headers: headers, body: Array(text.utf8))
        }
        #expect(answer(#"{"id":1,"name":"a"}"#).isValid)
        #expect(answer(#"{"id":1,"name":"a","password":"p"}"#).issues.map(\.key) == ["body /password writeOnly"])
        #expect(answer(#"{"name":"a"}"#).issues.map(\.key) == ["body required"])
    }

    @Test func `3.0 nullable and boolean exclusive limits hold`() throws {
        let api = try validator(
            """
            post:
              requestBody: {content: {application/json: {schema: {type: object, properties: {a: {type: string, nullable: true}, b: {type: number, minimum: 0, exclusiveMinimum: true}}}}}}
              responses: {'200': {description: ok}}
            """, version: "3.0.4")
        #expect(api.post(#"{"a":null,"b":0.5}"#).isValid)
        #expect(keys(api.post(#"{"a":1}"#)) == ["body /a type"])
        #expect(api.post(#"{"b":0}"#).issues.map(\.pointer) == ["/b"])
    }

    @Test func `a discriminator tells which branch's errors count and never changes the verdict`() throws {
        let api = try validator(
            """
            post:
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
              responses: {'200': {description: ok}}
            """,
            components: """
                schemas:
                  Pet:
                    oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
                    discriminator: {propertyName: kind, mapping: {kitty: '#/components/schemas/Cat'}}
                  Cat: {type: object, required: [kind, lives], properties: {kind: {type: string}, lives: {type: integer}}, additionalProperties: false}
                  Dog: {type: object, required: [kind, bark], properties: {kind: {type: string}, bark: {type: boolean}}, additionalProperties: false}
                """)
        #expect(api.post(#"{"kind":"Cat","lives":9}"#).isValid)
        #expect(api.post(#"{"kind":"Dog","lives":9}"#).isValid, "the choice alone decides, not the name")
        #expect(keys(api.post(#"{"kind":"kitty","lives":"nine"}"#)) == ["body /lives type"])
        #expect(keys(api.post(#"{"kind":"Dog"}"#)) == ["body required"])
        #expect(keys(api.post(#"{"kind":"Fox"}"#)) == ["body /kind discriminator"])
        #expect(keys(api.post(#"{}"#)) == ["body /kind discriminator"])
    }

    @Test func `security requirements ask for the presence of credentials`() throws {
        let api = try validator(
            """
            get:
              security: [{key: []}, {token: [], tenant: []}]
              responses: {'200': {description: ok}}
            """,
            components: """
                securitySchemes:
                  key: {type: apiKey, in: query, name: api_key}
                  token: {type: http, scheme: bearer}
                  tenant: {type: apiKey, in: header, name: X-Tenant}
                """)
        #expect(api.get("/x").kind == .unauthorized(challenges: ["Bearer"]))
        #expect(api.get("/x?api_key=1").isValid)
        #expect(api.get("/x?api_key=1&api_key=2").status == 401)
        #expect(api.get("/x", ["Authorization": "Bearer abc"]).status == 401)
        #expect(api.get("/x", ["Authorization": "Bearer abc", "X-Tenant": "t"]).isValid)
        #expect(api.get("/x", ["Authorization": "Basic abc", "X-Tenant": "t"]).status == 401)
    }

    @Test func `a client that takes none of the documented types gets 406`() throws {
        let api = try validator("get:\n  responses: {'200': {description: ok, content: {application/json: {}, text/csv: {}}}}")
        #expect(api.get("/x", ["Accept": "application/xml"]).kind == .notAcceptable)
        #expect(api.get("/x", ["Accept": "text/*;q=0.5, application/xml"]).isValid)
        #expect(api.get("/x", ["Accept": "application/json;q=0, text/csv;q=0"]).status == 406)
        #expect(api.get("/x", ["Accept": "*/*"]).isValid)
        #expect(api.get("/x", ["Accept": "nonsense"]).isValid)
    }

    @Test(arguments: ["/x/%2e%2e", "/x/..", "/x/./", "/a%2fb", "/%", "/%c0%af", "/a%00", "x"])
    func `paths that two servers could read differently are refused`(path: String) throws {
        let api = try validator("get:\n  responses: {'200': {description: ok}}")
        #expect(api.get(path).status == 400)
    }

    @Test func `a body that no operation takes is refused, or reported by choice`() throws {
        var options = OpenAPIOptions()
        #expect(keys(try validator("post:\n  responses: {'200': {description: ok}}").post("{}")) == ["body undocumented"])
        options.unknownBodies = .report
        let lenient = try validator("post:\n  responses: {'200': {description: ok}}", options: options)
        #expect(lenient.post("{}").undocumented == [UndocumentedItem(kind: .body, name: "")])
    }

    @Test func `unknown query parameters are refused by choice`() throws {
        var options = OpenAPIOptions()
        options.unknownQueryParameters = .refuse
        let api = try validator("get:\n  responses: {'200': {description: ok}}", options: options)
        #expect(keys(api.get("/x?a=1")) == ["query a undocumented"])
    }

    @Test func `3.2 methods, querystring and sequential bodies are judged`() throws {
        let api = try validator(
            """
            query:
              parameters:
                - name: all
                  in: querystring
                  content: {application/x-www-form-urlencoded: {schema: {type: object, required: [a], properties: {a: {type: integer}}}}}
              responses: {'200': {description: ok}}
            additionalOperations:
              PURGE:
                responses: {'200': {description: ok}}
            post:
              requestBody: {content: {application/jsonl: {itemSchema: {type: object, required: [id]}}}}
              responses: {'200': {description: ok}}
            """, version: "3.2.0")
        #expect(api.validate(RequestHead(method: "QUERY", target: "/x?a=1"), body: []).isValid)
        #expect(keys(api.validate(RequestHead(method: "QUERY", target: "/x?a=b"), body: [])) == ["query all /a type"])
        #expect(api.validate(RequestHead(method: "PURGE", target: "/x"), body: []).isValid)
        #expect(api.post("{\"id\":1}\n{\"id\":2}\n", "application/jsonl").isValid)
        #expect(keys(api.post("{\"id\":1}\n{}\n", "application/jsonl")) == ["body /1 required"])
    }
}
