import JSONSchema
import StrictJSON
import Testing

@Suite struct KeywordTests {
    /// A schema, a valid value and one that is not.
    @Test(
        arguments: [
            (#"true"#, "1", nil), ("{}", "null", nil), (#"{"type":"integer"}"#, "1.0", "1.5"), (#"{"type":"integer"}"#, "1e3", "\"1\""),
            (#"{"type":["string","null"]}"#, "null", "1"), (#"{"type":"number"}"#, "1", "true"), (#"{"type":["integer","string"]}"#, "\"\"", "0.5"),
            (#"{"enum":[1,"a",{"b":[1]}]}"#, #"{"b":[1.0]}"#, #"{"b":[2]}"#), (#"{"const":{"a":1,"b":2}}"#, #"{"b":2,"a":1}"#, #"{"a":1}"#),
            (#"{"const":"é"}"#, #""\u00e9""#, #""e\u0301""#), (#"{"const":false}"#, "false", "0"), (#"{"const":[]}"#, "[]", "{}"),
            (#"{"minimum":1.5}"#, "1.5", "1.49"), (#"{"maximum":9007199254740993}"#, "9007199254740993", "9007199254740994"),
            (#"{"exclusiveMinimum":0}"#, "1e-300", "0.0"), (#"{"exclusiveMaximum":1}"#, "0.999999999999999999999", "1"),
            (#"{"minimum":-1}"#, "-0.5", "-1.5"), (#"{"maximum":0.1}"#, "0.1", "0.10000000000000001"),
            (#"{"multipleOf":0.01}"#, "19.99", "19.999"), (#"{"multipleOf":2.5}"#, "35", "36"), (#"{"multipleOf":3}"#, "-9", "10"),
            (#"{"minLength":2}"#, #""😀😀""#, #""😀""#), (#"{"maxLength":2.0}"#, #""éé""#, #""ééé""#), (#"{"maxLength":0}"#, #""""#, #""a""#),
            (#"{"pattern":"b+$"}"#, #""abb""#, #""abbc""#), (#"{"minItems":1}"#, "[0]", "[]"), (#"{"maxItems":1}"#, "{}", "[1,2]"),
            (#"{"uniqueItems":true}"#, #"[1,"1",true,[1]]"#, "[1,2,1.0]"), (#"{"uniqueItems":true}"#, "[0,false,null,\"\"]", #"[{"a":1,"b":2},{"b":2,"a":1}]"#),
            (#"{"uniqueItems":true}"#, "[1,2,3,4,5,6,7,8,9,10]", "[1,2,3,4,5,6,7,8,9,10,1e0]"),
            (#"{"items":{"type":"integer"}}"#, "[1,2]", #"[1,"a"]"#), (#"{"prefixItems":[true,{"type":"null"}],"items":false}"#, "[1,null]", "[1,null,2]"),
            (#"{"contains":{"const":1}}"#, "[0,1]", "[0]"), (#"{"contains":{"const":1},"minContains":2,"maxContains":3}"#, "[1,1]", "[1]"),
            (#"{"contains":{"const":1},"maxContains":1}"#, "[1,2]", "[1,1]"), (#"{"contains":true,"minContains":0}"#, "[]", nil),
            (#"{"minProperties":1}"#, #"{"a":1}"#, "{}"), (#"{"maxProperties":1}"#, "[1,2]", #"{"a":1,"b":2}"#),
            (#"{"required":["a","b"]}"#, #"{"b":1,"a":null}"#, #"{"a":1}"#), (#"{"properties":{"a":{"type":"string"}}}"#, #"{"b":1}"#, #"{"a":1}"#),
            (#"{"patternProperties":{"^x-":{"type":"integer"}}}"#, #"{"x-a":1,"a":""}"#, #"{"x-a":""}"#),
            (#"{"properties":{"a":true},"patternProperties":{"^b":true},"additionalProperties":false}"#, #"{"a":1,"bc":2}"#, #"{"c":1}"#),
            (#"{"additionalProperties":{"type":"integer"}}"#, #"{"a":1}"#, #"{"a":"1"}"#), (#"{"propertyNames":{"maxLength":2}}"#, #"{"ab":1}"#, #"{"abc":1}"#),
            (#"{"dependentRequired":{"a":["b"]}}"#, #"{"a":1,"b":1}"#, #"{"a":1}"#), (#"{"dependentSchemas":{"a":{"minProperties":2}}}"#, #"{"b":1}"#, #"{"a":1}"#),
            (#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, "2", "3"), (#"{"anyOf":[{"type":"null"},{"minimum":5}]}"#, "5", "4"),
            (#"{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}"#, "4", "6"), (#"{"not":{"type":"null"}}"#, "0", "null"),
            (#"{"if":{"type":"string"},"then":{"minLength":1},"else":{"minimum":0}}"#, "0", "-1"), (#"{"if":{"type":"string"},"then":{"minLength":1}}"#, "-1", #""""#),
            (##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"null"}}}"##, "null", "1"), (##"{"$ref":"#here","$defs":{"a":{"$anchor":"here","type":"null"}}}"##, "null", "1"),
            (##"{"properties":{"next":{"$ref":"#"}},"additionalProperties":false}"##, #"{"next":{"next":{}}}"#, #"{"next":{"nxt":{}}}"#),
            (#"{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}"#, #"{"a":1}"#, #"{"b":1}"#),
            (#"{"anyOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":true}}],"unevaluatedProperties":false}"#, #"{"a":1,"b":2}"#, #"{"a":2,"b":2}"#),
            (#"{"prefixItems":[true],"contains":{"const":2},"unevaluatedItems":false}"#, "[1,2]", "[1,2,3]"),
            (#"{"properties":{"":{"const":1}},"required":[""]}"#, #"{"":1}"#, #"{"":2}"#),
        ] as [(String, String, String?)])
    func keywordsTellValidFromInvalid(schema: String, valid: String, invalid: String?) throws {
        let compiled = try JSONSchema(JSONDocument(schema))
        #expect(compiled.isValid(try JSONDocument(valid)))
        #expect(compiled.isValid(try JSONValue(parsing: valid)))
        #expect(compiled.errors(in: try JSONDocument(valid).root).isEmpty)
        if let invalid {
            #expect(!compiled.isValid(try JSONDocument(invalid)))
            #expect(!compiled.errors(in: try JSONDocument(invalid).root).isEmpty)
        }
    }

    @Test func manyRequiredNamesAreAllLookedFor() throws {
        let names = (0..<200).map { "n\($0)" }
        let schema = try JSONSchema(["required": .array(names.map { .string($0) })])
        var value = JSONObject(names.map { ($0, 1) })
        #expect(schema.isValid(.object(value)))
        value["n150"] = nil
        #expect(!schema.isValid(.object(value)))
        #expect(schema.errors(in: JSONDocument(.object(value)).root).map(\.message) == ["the member `n150` is missing"])
    }

    @Test func equivalentButDifferentNamesAreDifferentProperties() throws {
        let schema = try JSONSchema(JSONDocument("{\"properties\":{\"\u{E9}\":{\"type\":\"null\"}},\"required\":[\"e\u{301}\"]}"))
        #expect(!schema.isValid(try JSONDocument("{\"\u{E9}\":null}")))
        #expect(schema.isValid(try JSONDocument("{\"e\u{301}\":1}")))
    }

    @Test func contentIsCheckedOnRequest() throws {
        var options = SchemaOptions()
        let text: JSONValue = ["contentEncoding": "base64", "contentMediaType": "application/json"]
        #expect(try JSONSchema(text, options: options).isValid("no base64!"))
        options.assertsContent = true
        let schema = try JSONSchema(text, options: options)
        #expect(schema.isValid("e30="))
        #expect(!schema.isValid("e30"))
        #expect(!schema.isValid("eyJhIjox"))
    }
}
