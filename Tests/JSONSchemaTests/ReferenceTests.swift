import JSONSchema
import StrictJSON
import Testing

@Suite struct ReferenceTests {
    @Test func documentsReferToEachOther() throws {
        var registry = SchemaRegistry()
        try registry.add(["$defs": ["name": ["type": "string", "$anchor": "name"]], "type": "object"] as JSONValue, at: "http://a/common.json")
        try registry.add(["$id": "http://b/real.json", "type": "integer"] as JSONValue, at: "file:///other.json")
        let schema = try JSONSchema(
            [
                "properties": [
                    "a": ["$ref": "common.json#/$defs/name"], "b": ["$ref": "http://a/common.json#name"], "c": ["$ref": "http://b/real.json"],
                    "d": ["$ref": "file:///other.json"], "e": ["$ref": "./x/../common.json"],
                ]
            ], at: "http://a/main.json", registry: registry)
        #expect(schema.isValid(["a": "x", "b": "y", "c": 1, "d": 1, "e": [:]]))
        for wrong: JSONValue in [["a": 1], ["b": 1], ["c": "x"], ["d": "x"], ["e": 1]] { #expect(!schema.isValid(wrong)) }
    }

    @Test func dynamicReferencesTakeTheOutermostMeaning() throws {
        let registry = try treeRegistry()
        let open = try JSONSchema(reference: "http://t/tree", registry: registry)
        let strict = try JSONSchema(reference: "http://t/strict", registry: registry)
        let misspelt: JSONValue = ["children": [["daat": 1]]]
        #expect(open.isValid(misspelt))
        #expect(!strict.isValid(misspelt))
        #expect(strict.isValid(["children": [["data": 1]]]))
    }

    private func treeRegistry() throws -> SchemaRegistry {
        var registry = SchemaRegistry()
        try registry.add(
            JSONDocument(##"{"$dynamicAnchor":"node","type":"object","properties":{"data":true,"children":{"type":"array","items":{"$dynamicRef":"#node"}}}}"##),
            at: "http://t/tree")
        try registry.add(JSONDocument(#"{"$dynamicAnchor":"node","$ref":"tree","unevaluatedProperties":false}"#), at: "http://t/strict")
        return registry
    }

    @Test func oneProgramHoldsManyEntries() throws {
        var registry = SchemaRegistry()
        let document = try JSONDocument(
            ##"{"components":{"schemas":{"Pet":{"type":"object","required":["owner"],"properties":{"owner":{"$ref":"#/components/schemas/Owner"}}},"Owner":{"type":"object","properties":{"pets":{"items":{"$ref":"#/components/schemas/Pet"}}}}}},"paths":{"/pets":{"schema":{"items":{"$ref":"#/components/schemas/Pet"}}}}}"##
        )
        try registry.add(container: document, at: "openapi.json", dialect: .openAPI31)
        var compiler = SchemaCompiler(registry: registry)
        let pet = try compiler.entry("openapi.json#/components/schemas/Pet")
        let pets = try compiler.entry("openapi.json#/paths/~1pets/schema")
        let schemas = try compiler.finish()
        #expect(schemas[pet].isValid(["owner": ["pets": [["owner": [:]]]]]))
        #expect(!schemas[pet].isValid(["owner": ["pets": [[:]]]]))
        #expect(!schemas[pets].isValid([["owner": 1]]))
        let errors = schemas[pet].errors(in: try JSONDocument(#"{"owner":{"pets":[{}]}}"#).root)
        #expect(errors.first?.absoluteKeywordLocation == "openapi.json#/components/schemas/Pet/required")
        #expect(errors.first?.keywordLocation == "/properties/owner/$ref/properties/pets/items/$ref/required")
    }

    @Test(arguments: [
        (##"{"$ref":"#/nowhere"}"##, SchemaError.Code.unresolvedReference, "#"), (##"{"$ref":"#nowhere"}"##, .unresolvedReference, "#"),
        (#"{"properties":{"a":{"$ref":"http://x/y"}}}"#, .unresolvedReference, "#/properties/a"), (##"{"$ref":"#/%zz"}"##, .unresolvedReference, "#"),
        (#"{"$schema":"http://x/unknown"}"#, .unknownDialect, ""), (#"{"minLength":-1}"#, .invalidKeyword, "#/minLength"),
        (#"{"type":"text"}"#, .invalidKeyword, "#/type"), (#"{"allOf":[]}"#, .invalidKeyword, "#/allOf"), (#"{"properties":[]}"#, .invalidKeyword, "#/properties"),
        (#"{"multipleOf":0}"#, .invalidKeyword, "#/multipleOf"), (#"{"items":{"pattern":"("}}"#, .invalidPattern, "#/items/pattern"), (#"{"items":1}"#, .notASchema, "#/items"),
        (##"{"$ref":"#"}"##, .endlessReference, "#"), (##"{"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"not":{"$ref":"#"}}}}"##, .endlessReference, "#"),
        ("1", .notASchema, "#"), (#"{"$defs":{"a":{"$id":"x","type":"null"},"b":{"$id":"x"}}}"#, .duplicateIdentifier, "x"), (#"{"required":"a"}"#, .invalidKeyword, "#/required"),
    ])
    func wrongSchemasAreRefusedByName(text: String, code: SchemaError.Code, location: String) {
        let error = #expect(throws: SchemaError.self) { try JSONSchema(JSONDocument(text)) }
        #expect(error?.code == code)
        #expect(error?.location == location)
    }

    @Test func aDocumentCannotBeAddedTwice() throws {
        var registry = SchemaRegistry()
        try registry.add(true as JSONValue, at: "a.json")
        #expect(registry.contains("a.json#/x"))
        let error = #expect(throws: SchemaError.self) { try registry.add(false as JSONValue, at: "a.json") }
        #expect(error?.code == .duplicateIdentifier)
    }

    @Test func requiredVocabulariesMustBeKnown() throws {
        var registry = SchemaRegistry()
        try registry.add(
            ["$id": "http://m/meta", "$vocabulary": ["https://json-schema.org/draft/2020-12/vocab/core": true, "http://m/vocab": true]] as JSONValue, at: "http://m/meta")
        let error = #expect(throws: SchemaError.self) { try JSONSchema(["$schema": "http://m/meta"], registry: registry) }
        #expect(error?.code == .unknownVocabulary)
    }
}
