import JSONSchema
import StrictJSON
import Testing

@Suite struct OutputTests {
    static let schema = #"""
        {"type": "object", "required": ["id", "tags"], "properties": {
          "id": {"$ref": "#/$defs/id"}, "tags": {"items": {"maxLength": 3}}, "a/b~": {"anyOf": [{"type": "null"}, {"minimum": 5}]}},
         "additionalProperties": false, "$defs": {"id": {"type": "integer", "minimum": 1}}}
        """#

    private func errors(_ text: String, limit: Int = 16) throws -> [ValidationError] {
        try JSONSchema(JSONDocument(Self.schema), at: "http://a/s.json").errors(in: JSONDocument(text).root, limit: limit)
    }

    @Test func errorsNameValueAndKeyword() throws {
        let errors = try errors("{\"id\": 0,\n \"tags\": [\"abc\", \"secret\"], \"x\": 1}")
        #expect(errors.map(\.instanceLocation.description) == ["/id", "/tags/1", "/x"])
        #expect(errors.map(\.keyword) == ["minimum", "maxLength", ""])
        #expect(errors.map(\.keywordLocation) == ["/properties/id/$ref/minimum", "/properties/tags/items/maxLength", "/additionalProperties"])
        #expect(errors[0].absoluteKeywordLocation == "http://a/s.json#/$defs/id/minimum")
        #expect(errors.map(\.message) == ["the number is less than the minimum of 1", "the string has more than 3 characters", "nothing is allowed here"])
        #expect(errors[1].value.position == JSONPosition(offset: 27, line: 2, column: 18))
    }

    @Test func messagesNeverTellTheValue() throws {
        for error in try errors(#"{"id":"secret","tags":["secret"],"a/b~":"secret"}"#).flatMap(\.flattened) {
            #expect(!error.message.contains("secret"))
        }
    }

    @Test func everyMissingMemberIsAnError() throws {
        #expect(try errors("{}").map(\.message) == ["the member `id` is missing", "the member `tags` is missing"])
        #expect(try errors("{}", limit: 1).count == 1)
    }

    @Test func theSearchEndsAtTheLimit() throws {
        let tags = (0..<100).map { "\"long\($0)\"" }.joined(separator: ",")
        #expect(try errors("{\"id\":1,\"tags\":[\(tags)]}", limit: 7).count == 7)
    }

    @Test func branchesAreCausesOfTheirKeyword() throws {
        let errors = try errors(#"{"id":1,"tags":[],"a/b~":1}"#)
        #expect(errors.map(\.keyword) == ["anyOf"])
        #expect(errors[0].instanceLocation.description == "/a~1b~0")
        #expect(errors[0].causes.map(\.keywordLocation) == ["/properties/a~1b~0/anyOf/0/type", "/properties/a~1b~0/anyOf/1/minimum"])
        #expect(errors[0].flattened.count == 3)
    }

    @Test func outputsHaveTheFormsOfTheStandard() throws {
        let schema = try JSONSchema(JSONDocument(Self.schema), at: "http://a/s.json")
        let (valid, invalid) = (try JSONDocument(#"{"id":1,"tags":[]}"#).root, try JSONDocument(#"{"id":1,"tags":[],"a/b~":1}"#).root)
        for format in SchemaOutput.allCases { #expect(schema.output(format, for: valid) == ["valid": true]) }
        #expect(schema.output(.flag, for: invalid) == ["valid": false])
        #expect(schema.output(.basic, for: invalid)["errors"]?.array?.count == 3)
        let detailed = schema.output(.detailed, for: invalid)["errors"]
        #expect(detailed?.array?.count == 1)
        #expect(detailed?[0]?["errors"]?.array?.count == 2)
        #expect(detailed?[0]?["instanceLocation"] == "/a~1b~0")
        #expect(detailed?[0]?["absoluteKeywordLocation"] == "http://a/s.json#/properties/a~1b~0/anyOf")
    }

    @Test func keysHavePointersToo() throws {
        let errors = try JSONSchema(["propertyNames": ["maxLength": 1]]).errors(in: JSONDocument(#"{"a":{"x":1},"bc":2}"#).root)
        #expect(errors.map(\.instanceLocation.description) == ["/bc"])
        #expect(errors.map(\.keywordLocation) == ["/propertyNames/maxLength"])
    }
}
