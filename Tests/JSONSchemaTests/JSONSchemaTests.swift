import JSONSchema
import StrictJSON
import Testing

@Suite struct JSONSchemaTests {
    @Test func aSchemaCompilesAndDecides() throws {
        let schema = try JSONSchema(JSONValue(parsing: #"{"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 1}}}"#))
        #expect(schema.isValid(["id": 1]))
        #expect(!schema.isValid(["id": 0]))
        #expect(!schema.isValid([:]))
        #expect(!schema.isValid([1]))
    }
}
