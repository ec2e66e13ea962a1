import ConformanceSupport
import Testing

@testable import OpenAPI

@Suite struct FuzzTests {
    static let seeds = [
        """
        openapi: 3.1.1
        info: {title: t, version: '1'}
        servers: [{url: 'https://{a}.example/{b}', variables: {a: {default: x}, b: {enum: [v1, v2], default: v1}}}]
        paths:
          /a/{b}.{c}:
            parameters: &p [{name: b, in: path, required: true, style: label, schema: {type: array, items: {type: integer}}}]
            get: {parameters: *p, responses: {'2XX': {description: ok, content: {application/*+json: {schema: {$ref: '#/components/schemas/S'}}}}}}
            post: {requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/S'}, encoding: {a: {contentType: text/plain}}}}}, responses: {default: {description: d}}}
        components: {schemas: {S: {type: [object, 'null'], properties: {a: {pattern: '^a+$', $ref: '#/components/schemas/S'}, b: {oneOf: [{type: string}, {const: 1}]}}}}}
        """,
        #"{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/x":{"get":{"parameters":[{"name":"q","in":"query","schema":{"type":"object","additionalProperties":{"type":"integer"}}}],"responses":{"200":{"description":"d"}}}}}}"#,
    ].map { Array($0.utf8) }

    @Test func `no mutated description traps the loader`() {
        var mutations = Mutations(seed: 1)
        for round in 0..<1_500 { fuzzOpenAPIDocument(mutations.next(from: Self.seeds[round % Self.seeds.count])) }
    }

    @Test func `no mutated request traps the judge`() throws {
        let api = try OpenAPIValidator(name: "fuzz.yaml", bytes: Self.every)
        let requests = [
            "/v/.1.2/;m=1/7?f=1&d[R]=1&s=1%202&p=1|2&o=1\napplication/json\nc=1; l=1&l=2\n{\"a\":1}",
            "/v/.1/;m=1/7?f=1\nmultipart/form-data; boundary=B\nBearer x\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--\r\n",
            "/v/.1/;m=1/7\napplication/x-www-form-urlencoded\ngzip\na=1&b=%7B%7D&l=1&l=2",
            "/v/.1/;m=1/7\napplication/xml\n*/*;q=0.5\n<o a='1'><b>1</b><l>1</l></o>",
        ].map { Array($0.utf8) }
        var mutations = Mutations(seed: 2)
        for round in 0..<4_000 { fuzzOpenAPIRequest(mutations.next(from: requests[round % requests.count]), api) }
    }

    @Test func `no mutated body traps a reader`() {
        let bodies = [
            "<?xml version='1.0'?><a xmlns:p='u' p:b='1'><!-- c --><![CDATA[d]]>&amp;&#x41;</a>",
            "--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nbody\r\n--B--\r\n",
            "text/html;q=0.5, */*;q=0", "/a/{b}-{c}/d%2Fe", "data: a\nevent: b\n\ndata: c\n\n", "{\"a\":1}\n{\"b\":2}\n",
            "https://{a}/{b}{c}?x#y",
        ].map { Array($0.utf8) }
        var mutations = Mutations(seed: 3)
        for round in 0..<6_000 { fuzzOpenAPIBodies(mutations.next(from: bodies[round % bodies.count])) }
    }

    /// A description with a parameter of every style and a body of every kind.
    static let every = Array(
        """
        openapi: 3.2.0
        info: {title: t, version: '1'}
        paths:
          /v/{a}/{m}/{x}:
            parameters:
              - {name: a, in: path, required: true, style: label, explode: true, schema: {type: array, items: {type: integer}}}
              - {name: m, in: path, required: true, style: matrix, schema: {type: [integer, string]}}
              - {name: x, in: path, required: true, schema: {anyOf: [{type: integer}, {type: object, additionalProperties: {type: integer}}]}}
              - {name: f, in: query, schema: {type: integer}}
              - {name: d, in: query, style: deepObject, schema: {type: object, properties: {R: {type: integer}}}}
              - {name: s, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: integer}}}
              - {name: p, in: query, style: pipeDelimited, explode: false, schema: {type: object, additionalProperties: {type: integer}}}
              - {name: o, in: query, schema: {type: object, additionalProperties: {type: string}}}
              - {name: j, in: query, content: {application/json: {schema: {type: object}}}}
              - {name: c, in: cookie, schema: {type: integer}}
              - {name: l, in: cookie, schema: {type: array, items: {type: integer}}}
              - {name: X-List, in: header, schema: {type: array, items: {type: integer}}}
            get: &operation
              requestBody:
                content: &content
                  application/json: {schema: &schema {type: object, properties: {a: {type: integer}, b: {type: object}, l: {type: array, items: {type: integer}}}}}
                  application/x-www-form-urlencoded: {schema: *schema}
                  multipart/form-data: {schema: *schema}
                  multipart/mixed: {itemSchema: *schema, itemEncoding: {contentType: application/json}}
                  application/xml: {schema: *schema}
                  text/*: {schema: {type: integer}}
                  application/jsonl: {itemSchema: *schema}
                  '*/*': {schema: {type: string, format: binary, maxLength: 100}}
              responses: {'200': {description: ok, content: *content, headers: {X-List: {schema: {type: array, items: {type: integer}}}}}}
            post: *operation
        """.utf8)
}

/// Small changes to known inputs, the same in every run.
struct Mutations {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func random(below bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(bound, 1)))
    }

    mutating func next(from seed: [UInt8]) -> [UInt8] {
        var bytes = seed
        for _ in 0...random(below: 6) {
            let place = random(below: bytes.count)
            switch random(below: 6) {
            case 0 where !bytes.isEmpty: bytes[place] = UInt8(random(below: 256))
            case 1 where !bytes.isEmpty: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random(below: 12)))
            case 2:
                bytes.insert(
                    contentsOf: Array("%[]{}&=;,|.:\"'<>*!\n\r\0-~/$#".utf8).shuffledSlice(random(below: 27)), at: min(place, bytes.count))
            case 3 where !bytes.isEmpty:
                let end = min(bytes.count, place + 1 + random(below: 30))
                bytes.insert(contentsOf: bytes[place..<end], at: random(below: bytes.count))
            case 4 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(random(below: 8))
            default: bytes = Array(bytes.prefix(place + 1))
            }
        }
        return bytes
    }
}

extension [UInt8] {
    fileprivate func shuffledSlice(_ start: Int) -> ArraySlice<UInt8> { self[Swift.min(start, count)...].prefix(2) }
}
