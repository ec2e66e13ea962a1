import JSONSchema
import StrictJSON
import Testing

@testable import GatehouseConfiguration

@Suite struct ConfigurationSchemaTests {
    @Test(arguments: [
        "services:\n  - upstream: http://127.0.0.1:3000",
        ConfigurationExamples.everything,
        "services: [{upstream: 'http://a', guards: {headers: report, rate_limits: off, cors: {origins: '*', max_age: 0}}, tls: }]",
        "services: [{upstreams: http://a, balance: {hash: client}}]\nlimits: {body_bytes: 512}\nadmin: {listen: off}\nguards:",
    ])
    func `the schema takes what the loader takes`(text: String) throws {
        let errors = try schema().errors(in: JSONDocument(try json(text)).root)
        #expect(errors.isEmpty, "\(errors)")
    }

    @Test(arguments: [
        "{}", "services: x", "services: [{upstreem: http://a}]", "services: [{upstream: 'ftp://a'}]",
        "services: [{upstream: http://a}]\nlimits: {connections: 0}",
        "services: [{upstream: http://a}]\nguards: {headers: {mode: on}}", "services: [{upstream: http://a, routes: [{methods: GET}]}]",
        "services: [{upstream: http://a, timeouts: {connect: soon}}]", "services: [{upstream: http://a, tls: {verify: 1}}]",
    ])
    func `the schema refuses mistakes of structure, words and ranges`(text: String) throws {
        #expect(!(try schema().isValid(json(text))))
        #expect(failure(text) != nil, "the loader takes it")
    }

    private func schema() throws -> JSONSchema { try JSONSchema(Configuration.jsonSchema) }

    /// What an editor makes of the text: plain words by the core schema of YAML 1.2.
    private func json(_ text: String) throws -> JSONValue { value(of: try YAMLReader.document(Array(text.utf8)).root) }

    private func value(of node: YAMLNode) -> JSONValue {
        switch node.content {
        case .sequence(let nodes): .array(nodes.map(value))
        case .mapping(let entries): .object(JSONObject(entries.map { ($0.key, value(of: $0.value)) }))
        case .scalar(let text, let isQuoted):
            if isQuoted {
                .string(text)
            } else if node.isNull {
                .null
            } else if let bool = Bool(text) {
                .bool(bool)
            } else {
                Double(text).flatMap(JSONNumber.init).map(JSONValue.number) ?? .string(text)
            }
        }
    }
}
