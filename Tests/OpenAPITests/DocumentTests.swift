import Testing

@testable import OpenAPI

@Suite struct DocumentTests {
    static let head = "openapi: 3.1.1\ninfo: {title: t, version: '1'}\n"

    static func refusal(_ text: String, files: [String: String] = [:], limits: DocumentLimits = DocumentLimits()) -> OpenAPIError? {
        do {
            _ = try OpenAPIValidator(name: "a/api.yaml", bytes: Array(text.utf8), limits: limits) { files[$0].map { Array($0.utf8) } }
            return nil
        } catch {
            return error as? OpenAPIError
        }
    }

    @Test(arguments: [
        ("swagger: '2.0'\n", OpenAPIError.Code.version, 1, "Swagger 2.0"),
        ("openapi: 3.0\n", .version, 1, "quotes"), ("openapi: '4.0.0'\n", .version, 1, "none of 3.0"),
        ("openapi: '3.1'\n", .version, 1, "none of 3.0"),
        ("info: {}\n", .version, 1, "missing"), ("- a\n", .version, 1, "an array"), ("", .syntax, 1, "empty"),
        ("a: 1\na: 2\n", .syntax, 2, "repeated"), ("a: *x\n", .syntax, 1, "anchor"), ("a: &x [*x]\n", .syntax, 1, "own anchor"),
        ("a: !!python/object:os.system x\n", .syntax, 1, "core schema"), ("a: b\n---\na: b\n", .syntax, 2, "second document"),
        ("? [a]\n: b\n", .syntax, 1, "key"), ("a:\n\t- b\n", .syntax, 2, ""), ("a: [1\n", .syntax, 2, ""),
        (head + "paths: {}\nfoo: 1\n", .structure, 4, "no field `foo`"), (head + "path: {}\n", .structure, 3, "did you mean `paths`"),
        (head, .structure, 1, "needs one of"), (head + "paths: {x: {}}\n", .structure, 3, "no field `x`"),
        (head + "paths:\n  /x:\n    get:\n      responses:\n        '600': {description: a}\n", .structure, 7, "`600`"),
        (
            head + "paths:\n  /x:\n    get:\n      parameters:\n        - {name: a, in: path, schema: {}}\n", .structure, 7,
            "needs the field `required`"
        ),
        (
            head + "paths:\n  /x:\n    get:\n      parameters:\n        - {name: a, in: body, schema: {}}\n", .structure, 7,
            "`body` is not one of"
        ),
        (head + "paths:\n  /x:\n    get:\n      parameters:\n        - {name: a, in: query}\n", .structure, 7, "`schema`, `content`"),
        (head + "paths:\n  /x: {$ref: 'other.yaml'}\n", .reference, 4, "nowhere"),
        (head + "paths: {}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}}}\n", .reference, 4, "nowhere"),
        (head + "paths: {}\ncomponents: {parameters: {A: {$ref: '#/components/parameters/A'}}}\n", .reference, 4, "circle"),
        (
            head + "paths: {}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}\n",
            .reference, 4, "circle"
        ),
    ]) func `a wrong document is refused with its place and reason`(text: String, code: OpenAPIError.Code, line: Int, part: String) throws {
        let error = try #require(Self.refusal(text))
        #expect(error.code == code)
        #expect(error.position.line == line)
        #expect(error.reason.contains(part), "\(error)")
        #expect(error.file == "a/api.yaml")
    }

    @Test func `an anchor bomb is refused before it is written out`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        #expect(Self.refusal(text)?.code == .limit)
    }

    @Test func `nesting, size and bombs of merge keys are limits`() {
        #expect(Self.refusal(String(repeating: "[", count: 300) + String(repeating: "]", count: 300))?.code == .limit)
        #expect(Self.refusal(String(repeating: "[", count: 5_000)) != nil)
        #expect(Self.refusal(String(repeating: "{\"a\":", count: 5_000))?.code == .limit)
        var limits = DocumentLimits()
        limits.fileBytes = 10
        #expect(Self.refusal("openapi: 3.1.1", limits: limits)?.code == .limit)
    }

    @Test func `schemas may be recursive and lie in other files`() throws {
        let files = [
            "a/schemas.yaml":
                "Pet: {type: object, properties: {next: {$ref: '#/Pet'}, owner: {$ref: 'more/owner.json#/definitions/Owner'}}}\n",
            "a/more/owner.json":
                #"{"definitions":{"Owner":{"type":"object","required":["name"],"properties":{"pet":{"$ref":"../schemas.yaml#/Pet"}}}}}"#,
            "a/path.yaml": "get: {responses: {'200': {description: ok}}}\n",
        ]
        let text =
            Self.head + """
                paths:
                  /y: {$ref: path.yaml}
                  /x:
                    post:
                      requestBody: {content: {application/json: {schema: {$ref: 'schemas.yaml#/Pet'}}}}
                      responses: {'200': {description: ok}}
                """
        let api = try OpenAPIValidator(name: "a/api.yaml", bytes: Array(text.utf8)) { files[$0].map { Array($0.utf8) } }
        #expect(api.files == ["a/api.yaml", "a/more/owner.json", "a/path.yaml", "a/schemas.yaml"])
        #expect(api.get("/y").isValid)
        #expect(api.post(#"{"next":{"next":{"owner":{"name":"a"}}}}"#).isValid)
        #expect(keys(api.post(#"{"next":{"owner":{}}}"#)) == ["body /next/owner required"])
    }

    @Test func `a fault in another file names that file`() throws {
        let text = Self.head + "paths: {}\ncomponents: {schemas: {A: {$ref: 'b.yaml#/A'}}}\n"
        let error = try #require(Self.refusal(text, files: ["a/b.yaml": "A:\n  $ref: '#/C'\n"]))
        #expect(error.file == "a/b.yaml")
        #expect(error.position.line == 2)
    }

    @Test func `anchors and identifiers of schemas are followed`() throws {
        let api = try validator(
            "post: {requestBody: {content: {application/json: {schema: {$ref: '#thing'}}}}, responses: {'200': {description: ok}}}",
            components:
                "schemas: {A: {$anchor: thing, type: object, properties: {b: {$ref: 'https://x.example/b'}}}, B: {$id: 'https://x.example/b', type: integer}}"
        )
        #expect(api.post(#"{"b":1}"#).isValid)
        #expect(keys(api.post(#"{"b":"1"}"#)) == ["body /b type"])
    }

    @Test func `a pattern that cannot be enforced is a warning, or a refusal by choice`() throws {
        let operations =
            "post: {requestBody: {content: {application/json: {schema: {type: string, pattern: '('}}}}, responses: {'200': {description: ok}}}"
        let api = try validator(operations)
        #expect(api.warnings.contains { $0.reason.hasPrefix("not enforced") && $0.position.line == 5 })
        #expect(api.post("\"x\"").isValid)
        #expect(keys(api.post("1")) == ["body type"])
        var strict = OpenAPIOptions()
        strict.refusesFaultySchemas = true
        #expect(throws: OpenAPIError.self) { try validator(operations, options: strict) }
    }

    @Test func `YAML that other readers take differently is a warning`() throws {
        let api = try validator("get: {tags: [no, 'yes'], responses: {'200': {description: 12:30}}}")
        #expect(api.warnings.map(\.reason).filter { $0.contains("YAML 1.1") }.count == 2)
    }

    @Test func `merge keys are merged and do not overwrite`() throws {
        let text =
            Self.head
            + "paths:\n  /x:\n    get: &a {summary: s, responses: {'200': {description: ok}}}\n    put: {<<: *a, summary: other}\n"
        let api = try OpenAPIValidator(name: "m.yaml", bytes: Array(text.utf8))
        #expect(api.operations.map(\.method) == ["GET", "PUT"])
    }

    @Test func `JSON is read strictly`() {
        #expect(Self.jsonRefusal(#"{"openapi":"3.1.1","openapi":"3.1.1"}"#)?.code == .syntax)
        #expect(Self.jsonRefusal("{\n  \"openapi\": 3.1\n}")?.position == SourcePosition(line: 2, column: 14))
    }

    static func jsonRefusal(_ text: String) -> OpenAPIError? {
        do {
            _ = try OpenAPIValidator(name: "a.json", bytes: Array(text.utf8))
            return nil
        } catch {
            return error as? OpenAPIError
        }
    }
}
