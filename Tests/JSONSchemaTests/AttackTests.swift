import JSONSchema
import StrictJSON
import Testing

@Suite struct AttackTests {
    private func nested(_ depth: Int, _ key: String, _ inner: String) -> String {
        String(repeating: "{\"\(key)\":", count: depth) + inner + String(repeating: "}", count: depth)
    }

    @Test func trackingWhatIsEvaluatedDoesNotDoubleWithEachLevel() throws {
        let schema = try JSONSchema(JSONDocument(##"{"anyOf":[{"properties":{"a":{"$ref":"#"}}},{"required":["b"]}],"unevaluatedProperties":false}"##))
        #expect(schema.isValid(try JSONDocument(nested(60, "a", "{}"))))
        #expect(!schema.isValid(try JSONDocument(nested(60, "a", "{\"c\":1}"))))
    }

    @Test func branchesThatDoubleWithEachLevelEndAtTheBudget() throws {
        let branch = ##"{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}"##
        var options = SchemaOptions()
        options.steps = 100_000
        let schema = try JSONSchema(JSONDocument("{\"anyOf\":[\(branch),\(branch)]}"), options: options)
        #expect(!schema.isValid(try JSONDocument(nested(60, "a", "1"))))
    }

    @Test func longChainsOfReferencesEndAtTheDepthLimit() throws {
        let links = (0..<3000).map { "\"d\($0)\":{\"allOf\":[{\"$ref\":\"#/$defs/d\($0 + 1)\"}]}" }.joined(separator: ",")
        let text = "{\"$ref\":\"#/$defs/d0\",\"$defs\":{\(links),\"d3000\":true}}"
        let schema = try JSONSchema(JSONDocument(text, limits: .trusted))
        #expect(!schema.isValid(1))
        #expect(schema.errors(in: JSONDocument(1).root).count == 1)
    }

    @Test func manyElementsAreComparedInLessThanSquareTime() throws {
        let schema = try JSONSchema(["uniqueItems": true])
        let numbers = (0..<100_000).map { "\($0)" }
        #expect(schema.isValid(try JSONDocument("[\(numbers.joined(separator: ","))]")))
        let objects = (0..<20_000).map { "{\"a\":{\"b\":\($0)}}" }
        #expect(!schema.isValid(try JSONDocument("[\(objects.joined(separator: ",")),{\"a\":{\"b\":17.0}}]")))
    }

    @Test func largeObjectsAreComparedInAnyOrder() throws {
        let forward = (0..<5000).map { "\"k\($0)\":\($0)" }
        let schema = try JSONSchema(JSONDocument("{\"const\":{\(forward.joined(separator: ","))}}"))
        #expect(schema.isValid(try JSONDocument("{\(forward.reversed().joined(separator: ","))}")))
        #expect(!schema.isValid(try JSONDocument("{\(forward.reversed().joined(separator: ",").replacing("k17\"", with: "x17\""))}")))
    }

    @Test func patternsCannotBeMadeToBacktrack() throws {
        let schema = try JSONSchema(["pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"])
        #expect(!schema.isValid(.string(String(repeating: "a", count: 100_000))))
    }

    @Test func checkingAPatternAgainstTheGrammarWorksOutNoProperty() throws {
        var options = SchemaOptions()
        options.assertsFormats = true
        let schema = try JSONSchema(["format": "regex"], options: options)
        #expect(schema.isValid(.string(String(repeating: #"\p{Alphabetic}"#, count: 4000))))
        #expect(!schema.isValid(.string(String(repeating: "(", count: 60_000))))
    }
}
