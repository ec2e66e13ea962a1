import JSONSchema
import StrictJSON
import Testing

@Suite struct DialectTests {
    private func schema(_ text: String, _ dialect: Dialect) throws -> JSONSchema {
        var options = SchemaOptions()
        options.dialect = dialect
        return try JSONSchema(JSONDocument(text), options: options)
    }

    @Test func openAPI30HasItsOwnNullAndBounds() throws {
        let nullable = try schema(#"{"type":"string","nullable":true}"#, .openAPI30)
        #expect(nullable.isValid(nil) && nullable.isValid("a") && !nullable.isValid(1))
        let bounded = try schema(#"{"type":"number","minimum":1,"exclusiveMinimum":true,"maximum":2,"exclusiveMaximum":false}"#, .openAPI30)
        #expect(!bounded.isValid(1) && bounded.isValid(1.5) && bounded.isValid(2))
        #expect(try schema(#"{"nullable":true,"enum":["a"]}"#, .openAPI30).isValid(nil) == false)
    }

    @Test func openAPI30KnowsNoSiblingsOfReferencesAndNoLaterKeywords() throws {
        var registry = SchemaRegistry()
        let document = try JSONDocument(
            ##"{"components":{"schemas":{"A":{"type":"string"},"B":{"$ref":"#/components/schemas/A","maxLength":1},"C":{"const":1,"patternProperties":{".":false},"if":false,"propertyNames":false}}}}"##)
        try registry.add(container: document, at: "api.json", dialect: .openAPI30)
        #expect(try JSONSchema(reference: "api.json#/components/schemas/B", registry: registry).isValid("abc"))
        #expect(try JSONSchema(reference: "api.json#/components/schemas/C", registry: registry).isValid(["a": 2]))
    }

    @Test func draft7ReferencesHideTheirSiblings() throws {
        let text = ##"{"definitions":{"a":{"type":"string"}},"properties":{"x":{"$ref":"#/definitions/a","maxLength":1}}}"##
        #expect(try schema(text, .draft7).isValid(["x": "abc"]))
        #expect(!(try schema(text, .draft202012).isValid(["x": "abc"])))
    }

    @Test func theSchemasOwnDialectWins() throws {
        let text = #"{"$schema":"http://json-schema.org/draft-07/schema#","prefixItems":[false],"dependencies":{"a":["b"]}}"#
        let compiled = try schema(text, .draft202012)
        #expect(compiled.isValid([1]))
        #expect(!compiled.isValid(["a": 1]))
    }

    @Test func draft4IntegersHaveNoFraction() throws {
        #expect(!(try schema(#"{"type":"integer"}"#, .draft4).isValid(JSONDocument("1.0"))))
        #expect(try schema(#"{"type":"integer"}"#, .draft6).isValid(JSONDocument("1.0")))
    }

    @Test func formatsAssertWhereAskedTo() throws {
        let text = #"{"format":"ipv4"}"#
        #expect(try schema(text, .draft202012).isValid("x"))
        var options = SchemaOptions()
        options.assertsFormats = true
        #expect(!(try JSONSchema(JSONDocument(text), options: options).isValid("x")))
        var dialect = Dialect.draft202012
        dialect.vocabularies.insert(.formatAssertion)
        #expect(!(try schema(text, dialect).isValid("x")))
    }

    @Test func metaschemasJudgeSchemas() throws {
        for uri in [
            "https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2019-09/schema", "http://json-schema.org/draft-07/schema",
            "http://json-schema.org/draft-06/schema", "http://json-schema.org/draft-04/schema",
        ] {
            let meta = try JSONSchema(reference: uri, registry: SchemaRegistry())
            #expect(meta.isValid(["type": "object", "properties": ["a": ["minLength": 1]], "required": ["a"]]), "\(uri)")
            for wrong: JSONValue in [["type": "objekt"], ["minLength": -1], ["properties": ["a": ["items": 1]]], ["required": "a"], 1, ["pattern": 1]] {
                #expect(!meta.isValid(wrong), "\(uri) \(wrong)")
            }
        }
    }
}
