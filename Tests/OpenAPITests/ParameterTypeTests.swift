import Testing

@testable import OpenAPI

/// Parameters of every style with the types of their schemas, by whole requests.
@Suite struct ParameterTypeTests {
    static let types = [
        "integer": "type: integer", "number": "type: number", "boolean": "type: boolean", "string": "type: string",
        "list": "type: array, items: {type: integer}, maxItems: 3",
        "object": "type: object, required: [R], properties: {R: {type: integer}, G: {type: integer}}, additionalProperties: false",
        "free": "type: object, additionalProperties: {type: integer}",
        "either": "oneOf: [{type: integer}, {type: array, items: {type: integer}}]",
    ]

    static func query(_ style: String, _ explode: Bool, _ type: String, _ target: String) throws -> RequestVerdict {
        try validator(
            """
            get:
              parameters: [{name: p, in: query, style: \(style), explode: \(explode), schema: {\(types[type] ?? "")}}]
              responses: {'200': {description: ok}}
            """
        ).get("/x?" + target)
    }

    @Test(arguments: [
        ("form", true, "integer", "p=-12"), ("form", true, "number", "p=1.5e3"), ("form", true, "boolean", "p=true"),
        ("form", true, "string", "p="),
        ("form", true, "string", "p=a%26b"), ("form", true, "list", "p=1&p=2"), ("form", true, "list", "p=1"),
        ("form", false, "list", "p=1,2,3"),
        ("form", true, "object", "R=1&G=2"), ("form", false, "object", "p=R,1,G,2"), ("form", true, "free", "a=1&b=2"),
        ("spaceDelimited", false, "list", "p=1%202"), ("pipeDelimited", false, "list", "p=1%7C2"),
        ("pipeDelimited", false, "object", "p=R|1|G|2"),
        ("spaceDelimited", false, "object", "p=R%201"), ("deepObject", true, "object", "p[R]=1&p[G]=2"),
        ("deepObject", true, "free", "p%5Ba%5D=1"),
        ("form", true, "either", "p=1"), ("form", true, "either", "p=1&p=2"), ("form", true, "integer", "q=1"),
    ]) func `a query parameter that fits its schema is valid`(style: String, explode: Bool, type: String, target: String) throws {
        #expect(try Self.query(style, explode, type, target).issues == [])
    }

    @Test(arguments: [
        ("form", true, "integer", "p=1.0", "query p type"), ("form", true, "integer", "p=", "query p type"),
        ("form", true, "integer", "p=+1", "query p type"),
        ("form", true, "integer", "p=01", "query p type"), ("form", true, "boolean", "p=True", "query p type"),
        ("form", true, "boolean", "p=1", "query p type"),
        ("form", true, "number", "p=NaN", "query p type"), ("form", true, "number", "p=0x1F", "query p type"),
        ("form", true, "list", "p=1&p=x", "query p /1 type"),
        ("form", true, "list", "p=1&p=2&p=3&p=4", "query p maxItems"), ("form", false, "list", "p=1,,2", "query p /1 type"),
        ("form", false, "list", "p=1&p=2", "query p repeated"), ("form", true, "object", "R=x", "query p /R type"),
        ("form", true, "object", "G=1", "query p required"),
        ("form", false, "object", "p=R,1,G", "query p style"), ("form", true, "object", "R=1&R=2", "query p /R type"),
        ("deepObject", true, "object", "p[X]=1&p[R]=1", "query p /X false"), ("deepObject", true, "object", "p[R][S]=1", "query p style"),
        ("deepObject", true, "object", "p[]=1", "query p style"), ("form", true, "free", "a=x", "query p /a type"),
        ("form", true, "either", "p=x", "query p oneOf"),
        ("form", true, "string", "p=a&p=b", "query p repeated"), ("pipeDelimited", false, "list", "p=1|x", "query p /1 type"),
    ]) func `a query parameter that does not fit is refused`(style: String, explode: Bool, type: String, target: String, key: String) throws {
        #expect(keys(try Self.query(style, explode, type, target)) == [key])
    }

    @Test(arguments: [
        ("simple", false, "integer", "5"), ("simple", false, "list", "1,2"), ("simple", true, "object", "R=1,G=2"),
        ("simple", false, "object", "R,1"),
        ("label", false, "integer", ".5"), ("label", true, "list", ".1.2"), ("label", false, "list", ".1,2"),
        ("label", true, "object", ".R=1.G=2"),
        ("matrix", false, "integer", ";p=5"), ("matrix", true, "list", ";p=1;p=2"), ("matrix", true, "object", ";R=1"),
        ("matrix", false, "object", ";p=R,1"),
        ("simple", false, "string", "a%20b"),
    ]) func `a path parameter that fits its schema is valid`(style: String, explode: Bool, type: String, raw: String) throws {
        #expect(try path(style, explode, type, raw).issues == [])
    }

    @Test(arguments: [
        ("simple", false, "integer", "x", "path p type"), ("simple", false, "list", "1,x", "path p /1 type"),
        ("label", false, "integer", "5", "path p style"),
        ("matrix", false, "integer", ";q=5", "path p style"), ("matrix", true, "integer", ";p=5;p=6", "path p repeated"),
        ("simple", true, "object", "R", "path p style"),
    ]) func `a path parameter that does not fit is refused`(style: String, explode: Bool, type: String, raw: String, key: String) throws {
        #expect(keys(try path(style, explode, type, raw)) == [key])
    }

    @Test(arguments: [
        ("integer", ["5"], [String]()), ("list", ["1, 2"], []), ("list", ["1", "2"], []), ("object", ["R,1,G,2"], []),
        ("integer", ["x"], ["header p type"]),
        ("integer", ["1", "2"], ["header p repeated"]), ("integer", [], ["header p required"]), ("list", ["1,x"], ["header p /1 type"]),
    ]) func `a header is read in simple style`(type: String, lines: [String], expected: [String]) throws {
        let api = try validator(
            """
            get:
              parameters: [{name: P, in: header, required: true, schema: {\(Self.types[type] ?? "")}}]
              responses: {'200': {description: ok}}
            """)
        #expect(keys(api.get("/x", HeaderList(lines.map { ("P", $0) }))) == expected)
    }

    @Test func `blanks inside a header's items belong to them`() throws {
        let api = try validator(
            """
            get:
              parameters: [{name: P, in: header, schema: {type: array, items: {enum: [New York, Paris]}}}]
              responses: {'200': {description: ok}}
            """)
        #expect(api.get("/x", ["P": "New York , Paris"]).isValid)
        #expect(keys(api.get("/x", ["P": "NewYork"])) == ["header p /0 enum"])
    }

    @Test(arguments: [
        ("integer", "a=1; p=5", [String]()), ("integer", "p=x", ["cookie p type"]), ("integer", "p=1; p=2", ["cookie p repeated"]),
        ("integer", "q=1", ["cookie p required"]), ("list", "p=1&p=2", []), ("list", "p=1; p=2", []), ("string", "p=\"a\"", []),
    ]) func `a cookie is read in form style`(type: String, line: String, expected: [String]) throws {
        let api = try validator(
            """
            get:
              parameters: [{name: p, in: cookie, required: true, schema: {\(Self.types[type] ?? "")}}]
              responses: {'200': {description: ok}}
            """)
        #expect(keys(api.get("/x", ["Cookie": line])) == expected)
    }

    @Test func `a parameter with content is a document of its own`() throws {
        let api = try validator(
            """
            get:
              parameters: [{name: p, in: query, content: {application/json: {schema: {type: object, required: [a]}}}}]
              responses: {'200': {description: ok}}
            """)
        #expect(api.get("/x?p=%7B%22a%22:1%7D").isValid)
        #expect(keys(api.get("/x?p=%7B%7D")) == ["query p required"])
        #expect(keys(api.get("/x?p=%7B")) == ["query p syntax"])
    }

    @Test func `an object that is spread over names does not use its own`() throws {
        #expect(try Self.query("deepObject", true, "object", "p=1").undocumented == [UndocumentedItem(kind: .query, name: "p")])
        #expect(try Self.query("form", true, "object", "p=1&R=1").undocumented == [UndocumentedItem(kind: .query, name: "p")])
    }

    @Test func `an empty text may be the empty array`() throws {
        #expect(try Self.query("form", true, "list", "p=").isValid)
    }

    @Test func `an empty value passes where it is allowed`() throws {
        let api = try validator(
            """
            get:
              parameters: [{name: p, in: query, allowEmptyValue: true, schema: {type: integer}}]
              responses: {'200': {description: ok}}
            """)
        #expect(api.get("/x?p=").isValid)
        #expect(api.get("/x?p").isValid)
        #expect(keys(api.get("/x?p=x")) == ["query p type"])
    }

    @Test func `unencoded reserved characters are refused on request`() throws {
        var options = OpenAPIOptions()
        options.refusesUnencodedReserved = true
        let api = try validator(
            """
            get:
              parameters: [{name: p, in: query, schema: {type: string}}, {name: q, in: query, allowReserved: true, schema: {type: string}}]
              responses: {'200': {description: ok}}
            """, options: options)
        #expect(keys(api.get("/x?p=a:b&q=a:b")) == ["query p encoding"])
        #expect(api.get("/x?p=a%3Ab&q=a/b").isValid)
    }

    private func path(_ style: String, _ explode: Bool, _ type: String, _ raw: String) throws -> RequestVerdict {
        let text = """
            openapi: 3.1.1
            info: {title: t, version: '1'}
            paths:
              /a/{p}:
                get:
                  parameters: [{name: p, in: path, required: true, style: \(style), explode: \(explode), schema: {\(Self.types[type] ?? "")}}]
                  responses: {'200': {description: ok}}
            """
        return try OpenAPIValidator(name: "t.yaml", bytes: Array(text.utf8)).get("/a/" + raw)
    }
}
