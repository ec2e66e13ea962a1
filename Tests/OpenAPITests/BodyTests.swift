internal import CCompression
import Testing

@testable import OpenAPI

@Suite struct FormBodyTests {
    static let schema = """
        post:
          requestBody:
            content:
              application/x-www-form-urlencoded:
                schema:
                  type: object
                  required: [name]
                  properties:
                    name: {type: string, maxLength: 10}
                    age: {type: integer}
                    tags: {type: array, items: {type: string}}
                    ids: {type: array, items: {type: integer}}
                    filter: {type: object, properties: {a: {type: integer}}, additionalProperties: false}
                    deep: {type: object, properties: {a: {type: integer}}}
                    code: {anyOf: [{type: integer}, {type: string, pattern: '^[a-z]+$'}]}
                encoding:
                  ids: {style: pipeDelimited, explode: false}
                  deep: {style: deepObject, explode: true}
          responses: {'200': {description: ok}}
        """

    @Test(arguments: [
        "name=Ada", "name=Ada&age=36", "name=Ada+L&tags=a&tags=b", "name=a&ids=1|2|3", "name=a&ids=1%7C2",
        "name=a&filter=%7B%22a%22%3A1%7D",
        "name=a&deep[a]=1", "name=a&code=7", "name=a&code=abc", "name=%C3%A9",
    ]) func `a form that fits is valid`(text: String) throws {
        let verdict = try validator(Self.schema).post(text, "application/x-www-form-urlencoded")
        #expect(verdict.isValid, "\(verdict.issues)")
        #expect(verdict.undocumented.isEmpty)
    }

    @Test(arguments: [
        ("age=36", "body required"), ("name=Ada&age=x", "body /age type"), ("name=Ada&name=Bob", "body name repeated"),
        ("name=a&ids=1|x", "body /ids/1 type"), ("name=a&filter=%7B", "body filter syntax"),
        ("name=a&filter=%7B%22b%22%3A1%7D", "body /filter/b false"),
        ("name=a&deep[a]=x", "body /deep/a type"), ("name=%ff", "body name encoding"), ("n%zz=1", "body encoding"),
        ("name=abcdefghijk", "body /name maxLength"),
    ]) func `a form that does not fit is refused`(text: String, key: String) throws {
        #expect(keys(try validator(Self.schema).post(text, "application/x-www-form-urlencoded")) == [key])
    }

    @Test func `fields that no schema names are found`() throws {
        let verdict = try validator(Self.schema).post("name=a&x=1", "application/x-www-form-urlencoded")
        #expect(verdict.undocumented == [UndocumentedItem(kind: .requestProperty, name: "/x")])
    }
}

@Suite struct MultipartBodyTests {
    static let schema = """
        post:
          requestBody:
            content:
              multipart/form-data:
                schema:
                  type: object
                  required: [file, meta]
                  properties:
                    file: {type: string, format: binary, maxLength: 8}
                    pages: {type: array, items: {type: string, format: binary}}
                    meta: {type: object, required: [id], properties: {id: {type: integer}}}
                    count: {type: integer}
                encoding:
                  file: {contentType: 'image/png, image/jpeg', headers: {X-Id: {required: true, schema: {type: integer}}}}
          responses: {'200': {description: ok}}
        """

    static func part(_ name: String, _ body: String, type: String? = nil, file: String? = nil, headers: [String] = []) -> String {
        var lines = ["Content-Disposition: form-data; name=\"\(name)\"" + (file.map { "; filename=\"\($0)\"" } ?? "")]
        if let type { lines.append("Content-Type: \(type)") }
        return "--B\r\n" + (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body + "\r\n"
    }

    static let file = part("file", "\u{0}\u{1}PNG", type: "image/png", file: "a.png", headers: ["X-Id: 7"])
    static let meta = part("meta", "{\"id\":1}", type: "application/json")

    private func judge(_ parts: String..., end: String = "--B--\r\n") throws -> RequestVerdict {
        try validator(Self.schema).post(parts.joined() + end, "multipart/form-data; boundary=B")
    }

    @Test func `parts that fit are valid`() throws {
        #expect(try judge(Self.file, Self.meta).issues == [])
        #expect(try judge(Self.file, Self.part("meta", "{\"id\":1}")).issues == [], "an object without a content type is JSON")
        #expect(
            try judge(Self.file, Self.meta, Self.part("count", "3"), Self.part("pages", "x", file: "1"), Self.part("pages", "y", file: "2"))
                .issues == [])
    }

    @Test func `parts that do not fit are refused by name`() throws {
        #expect(keys(try judge(Self.file)) == ["body required"])
        #expect(
            keys(try judge(Self.part("file", "x", type: "text/html", file: "a", headers: ["X-Id: 1"]), Self.meta)) == [
                "body file contentType"
            ])
        #expect(
            keys(try judge(Self.part("file", "123456789", type: "image/png", headers: ["X-Id: 1"]), Self.meta)) == ["body file maxLength"])
        #expect(keys(try judge(Self.part("file", "x", type: "image/png"), Self.meta)) == ["header x-id required"])
        #expect(keys(try judge(Self.file, Self.part("meta", "{\"id\":\"1\"}"))) == ["body /meta/id type"])
        #expect(keys(try judge(Self.file, Self.meta, Self.meta)) == ["body meta repeated"])
        #expect(keys(try judge(Self.file, Self.part("meta", "{"))) == ["body meta syntax"])
        #expect(keys(try judge(Self.file, Self.meta, Self.part("count", "x"))) == ["body /count type"])
    }

    @Test(arguments: [
        "", "--B", "--B\r\n", "--B--\r\n--B", "x--B\r\n\r\n\r\n--B--", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n",
        "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--", "--B\r\n\r\nx\r\n--B--",
        "--B\nContent-Disposition: form-data; name=a\n\nx\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\n b: c\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--B--\r\nmore",
    ]) func `a body that two readers could cut differently is refused`(text: String) {
        let type = MediaType("multipart/form-data; boundary=B")!
        #expect(throws: BodyFault.self) { try MultipartReader(Array(text.utf8), contentType: type, limit: 10).parts() }
    }

    @Test func `parts beyond the limit are refused`() {
        let text = String(repeating: Self.part("a", "x"), count: 11) + "--B--"
        #expect(throws: BodyFault.self) {
            try MultipartReader(Array(text.utf8), contentType: MediaType("multipart/form-data; boundary=B")!, limit: 10).parts()
        }
    }
}

@Suite struct XMLBodyTests {
    static let schema = """
        post:
          requestBody: {content: {application/xml: {schema: {$ref: '#/components/schemas/Book'}}}}
          responses: {'200': {description: ok}}
        """
    static let components = """
        schemas:
          Book:
            type: object
            required: [id, title]
            properties:
              id: {type: integer, xml: {attribute: true}}
              title: {type: string, xml: {name: Title}}
              price: {type: number}
              authors: {type: array, items: {type: string, xml: {name: author}}, xml: {wrapped: true}}
              tags: {type: array, maxItems: 2, items: {type: string}}
              parent: {$ref: '#/components/schemas/Book'}
        """

    @Test func `elements, attributes and lists become the value the schema describes`() throws {
        let api = try validator(Self.schema, components: Self.components)
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Book id=\"1\"><Title>A &amp; B<![CDATA[ <x>]]></Title><price> 1.50 </price><authors><author>a</author><author>b</author></authors><tags>x</tags><tags>y</tags><parent id=\"2\"><Title>C</Title></parent></Book>"
        let verdict = api.post(text, "application/xml")
        #expect(verdict.issues == [])
        #expect(verdict.undocumented == [])
    }

    @Test(arguments: [
        ("<Book id='x'><Title/></Book>", "body /id type"), ("<Book><Title/></Book>", "body required"),
        ("<Book id='1'><Title/><tags>1</tags><tags>2</tags><tags>3</tags></Book>", "body /tags maxItems"),
        ("<Book id='1'><Title/><price>x</price></Book>", "body /price type"),
        ("<Book id='1'><Title/><parent id='2'/></Book>", "body /parent required"),
    ]) func `XML that does not fit is refused`(text: String, key: String) throws {
        #expect(keys(try validator(Self.schema, components: Self.components).post(text, "application/xml")) == [key])
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a>&x;</a>", "<a b='1' b='2'/>", "<a><b></a></b>", "<a", "<a></a><b/>", "text",
        "<a>\u{1}</a>",
        "<p:a/>", "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>", "<?xml version='1.0' encoding='UTF-16'?><a/>", "<a><?php ?></a>",
        "<a>&#xD800;</a>", "<a b=1/>",
        "<a b='<'/>", "<!-- a -- b --><a/>", "<1a/>",
    ]) func `XML that is malformed or could pull in more is refused`(text: String) {
        #expect(throws: BodyFault.self) {
            var reader = XMLReader(Array(text.utf8))
            _ = try reader.read()
        }
    }

    @Test func `XML that nests too deep is refused`() {
        let text = String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100)
        #expect(throws: BodyFault.self) {
            var reader = XMLReader(Array(text.utf8), depth: 64)
            _ = try reader.read()
        }
    }
}

@Suite struct CodedBodyTests {
    static let schema = """
        post:
          requestBody: {content: {application/json: {schema: {type: object, properties: {a: {type: integer}}}}}}
          responses: {'200': {description: ok}}
        """

    private func judge(_ body: [UInt8], _ coding: String, options: OpenAPIOptions = OpenAPIOptions()) throws -> RequestVerdict {
        let headers: HeaderList = ["Content-Type": "application/json", "Content-Encoding": coding]
        return try validator(Self.schema, options: options).validate(RequestHead(method: "POST", path: "/x", headers: headers), body: body)
    }

    @Test(arguments: ["gzip", "deflate", "br"]) func `a compressed body is opened and judged`(coding: String) throws {
        #expect(try judge(compress("{\"a\":1}", coding), coding).isValid)
        #expect(keys(try judge(compress("{\"a\":\"x\"}", coding), coding)) == ["body /a type"])
        #expect(keys(try judge(compress("{\"a\":1}", coding) + [0], coding)) == ["body syntax"], "bytes after the end")
        #expect(keys(try judge(Array(compress("{\"a\":1}", coding).dropLast(3)), coding)) == ["body syntax"], "an early end")
        #expect(keys(try judge(Array("{\"a\":1}".utf8), coding)) == ["body syntax"], "not compressed at all")
    }

    @Test(arguments: ["gzip", "deflate", "br"]) func `a bomb is refused by its growth`(coding: String) throws {
        let bomb = compress("\"" + String(repeating: "a", count: 4 << 20) + "\"", coding)
        #expect(try judge(bomb, coding).status == 413)
        var options = OpenAPIOptions()
        options.compressionRatio = 1_000_000
        options.bodyBytes = 1 << 20
        #expect(try judge(bomb, coding, options: options).kind == .tooLarge(limit: 1 << 20))
    }

    @Test func `codings that are not known, or too many, are 415`() throws {
        #expect(try judge([1], "compress").status == 415)
        #expect(try judge([1], "gzip, gzip, gzip").status == 415)
        #expect(try judge(compress(compress("{}", "gzip"), "br"), "gzip, br").isValid)
        #expect(try judge(Array("{}".utf8), "identity").isValid)
    }

    private func compress(_ text: String, _ coding: String) -> [UInt8] { compress(Array(text.utf8), coding) }

    private func compress(_ bytes: [UInt8], _ coding: String) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: bytes.count + 1_024)
        if coding == "br" {
            var size = output.count
            _ = unsafe BrotliEncoderCompress(5, 22, BROTLI_MODE_GENERIC, bytes.count, bytes, &size, &output)
            return Array(output.prefix(size))
        }
        var stream = unsafe z_stream()
        _ = unsafe deflateInit2_(
            &stream, 6, Z_DEFLATED, coding == "gzip" ? 31 : 15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { unsafe _ = deflateEnd(&stream) }
        var input = bytes
        let used = unsafe input.withUnsafeMutableBufferPointer { from in
            unsafe output.withUnsafeMutableBufferPointer { to in
                unsafe stream.next_in = from.baseAddress
                unsafe stream.avail_in = UInt32(from.count)
                unsafe stream.next_out = to.baseAddress
                unsafe stream.avail_out = UInt32(to.count)
                _ = unsafe deflate(&stream, Z_FINISH)
                return unsafe to.count - Int(stream.avail_out)
            }
        }
        return Array(output.prefix(used))
    }
}

@Suite struct OtherBodyTests {
    static let schema = """
        post:
          requestBody:
            required: true
            content:
              text/plain: {schema: {type: string, maxLength: 3}}
              application/x-www-form-urlencoded: {schema: {type: object}}
              application/json: {schema: {type: integer}}
              application/x-bytes: {schema: {type: string, format: binary}}
              image/*: {schema: {type: string, format: binary, maxLength: 4}}
              text/event-stream: {itemSchema: {type: object, required: [data]}}
              application/json-seq: {itemSchema: {type: integer}}
              multipart/mixed: {itemSchema: {type: object, required: [a]}, itemEncoding: {contentType: application/json}}
          responses: {'200': {description: ok}}
        """

    @Test(arguments: [
        ("abc", "text/plain", [String]()), ("abcd", "text/plain", ["body maxLength"]), ("", "text/plain", []),
        ("", "application/x-www-form-urlencoded", []),
        ("", "application/json", ["body required"]), ("1", "application/json", []), ("x", "application/json", ["body syntax"]),
        ("abcd", "image/png", []), ("a&b=", "application/x-bytes", []), ("abcde", "image/png", ["body maxLength"]), ("data: a\n\ndata: b\n\n", "text/event-stream", []),
        ("event: a\n\n", "text/event-stream", ["body /0 required"]), ("\u{1e}1\n\u{1e}2\n", "application/json-seq", []),
        ("\u{1e}1\n\u{1e}\"x\"\n", "application/json-seq", ["body /1 type"]), ("1\n", "application/json-seq", ["body syntax"]),
        ("--B\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--B--", "multipart/mixed; boundary=B", []),
        ("--B\r\nContent-Type: application/json\r\n\r\n{}\r\n--B--", "multipart/mixed; boundary=B", ["body /0 required"]),
        ("--B\r\nContent-Type: text/plain\r\n\r\n{}\r\n--B--", "multipart/mixed; boundary=B", ["body contentType"]),
    ]) func `text, bytes, sequences and unnamed parts are judged`(body: String, type: String, expected: [String]) throws {
        #expect(keys(try validator(Self.schema, version: "3.2.0").post(body, type)) == expected)
    }
}

@Suite struct MediaTypeTests {
    @Test(arguments: [
        ("text/html", "text/html"), ("Text/HTML; Charset=UTF-8", "text/html;charset=utf-8"), ("a/b;c=\"d e\"", "a/b;c=\"d e\""),
        ("a/b ; c=d;", "a/b;c=d"),
        ("application/vnd.a+json;v=1", "application/vnd.a+json;v=1"),
    ]) func `a media type is read in one form`(text: String, expected: String) {
        #expect(MediaType(text)?.description == expected)
    }

    @Test(arguments: [
        "", "text", "text/", "/html", "text/html;a", "text/html;a=", "text/html;a=1;A=2", "text/html, text/plain", "te xt/html",
        "text/html;a=\"x",
    ])
    func `a malformed media type is refused`(text: String) {
        #expect(MediaType(text) == nil)
    }

    @Test(arguments: [
        ("*/*", "a/b", true), ("a/*", "a/b", true), ("a/*", "c/b", false), ("a/*+json", "a/x+json", true), ("a/*+json", "a/json", false),
        ("a/b", "a/b;c=d", true), ("a/b;c=d", "a/b", false), ("a/b;c=d", "a/b;c=d;e=f", true),
        ("application/json", "application/problem+json", false),
    ]) func `a range covers what it names`(range: String, type: String, expected: Bool) throws {
        #expect(try #require(MediaType(range)).covers(#require(MediaType(type))) == expected)
    }

    @Test func `a body of bytes may be streamed past and judged by its length`() throws {
        let api = try validator(
            "post: {requestBody: {content: {image/png: {schema: {type: string, format: binary, maxLength: 4}}, application/json: {}}}, responses: {'200': {description: ok}}}"
        )
        func pending(_ headers: HeaderList) throws -> PendingBody {
            guard case .needsBody(let pending) = api.validateHead(RequestHead(method: "POST", path: "/x", headers: headers), hasBody: true)
            else {
                throw BodyFault("the head was decided")
            }
            return pending
        }
        let image = try pending(["Content-Type": "image/png"])
        #expect(!image.needsBytes && image.maximumLength == 4)
        #expect(api.validateBodyLength(4, of: image).isValid)
        #expect(keys(api.validateBodyLength(5, of: image)) == ["body maxLength"])
        #expect(try pending(["Content-Type": "application/json"]).needsBytes)
        #expect(try pending(["Content-Type": "image/png", "Content-Encoding": "gzip"]).needsBytes)
    }

    @Test func `bytes of an unknown type cannot be an object`() throws {
        let api = try validator(
            "post: {requestBody: {content: {'*/*': {schema: {type: object, required: [a]}}}}, responses: {'200': {description: ok}}}")
        #expect(keys(api.post("{}", "application/x-unknown")) == ["body contentType"])
        #expect(keys(api.post("{}", "text/plain")) == ["body type"])
        #expect(keys(api.post("{}", "application/json")) == ["body required"])
    }

    @Test func `the most exact entry counts`() throws {
        let api = try validator(
            """
            post:
              requestBody:
                content:
                  '*/*': {schema: {maxLength: 0, type: string, format: binary}}
                  application/*: {schema: {maxLength: 1, type: string, format: binary}}
                  application/json: {schema: {type: integer}}
                  application/json; v=2: {schema: {type: string}}
              responses: {'200': {description: ok}}
            """)
        #expect(api.post("1", "application/json").isValid)
        #expect(api.post("\"a\"", "application/json; v=2").isValid)
        #expect(keys(api.post("1", "application/json; v=2")) == ["body type"])
        #expect(api.post("x", "application/x").isValid)
        #expect(keys(api.post("x", "image/x")) == ["body maxLength"])
    }
}
