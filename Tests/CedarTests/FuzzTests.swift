import StrictJSON
import Testing

@testable import Cedar

@Suite struct FuzzTests {
    private static let policySeed = FormTests.text + "permit(principal == ?principal, action, resource) when { ip(\"::1\").isLoopback() };"

    /// Changes a few bytes of a seed, or cuts and repeats pieces of it.
    private func mutate(_ seed: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = seed
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(contentsOf: seed[..<min(seed.count, Int.random(in: 0...20, using: &generator))], at: at)
            default: bytes[at] = Array("(){}[]\"\\.!&|=<>-+:,;@?*".utf8).randomElement(using: &generator) ?? 0
            }
        }
        return bytes
    }

    @Test func `no bytes stop the readers`() throws {
        var generator = SeededGenerator(seed: 42)
        let set = try PolicySet(parsing: Self.policySeed)
        let entities = Array(#"[{"uid":{"type":"A","id":"a"},"attrs":{"x":[1,{"__extn":{"fn":"ip","arg":"::1"}}]},"parents":[{"type":"A","id":"b"}],"tags":{"t":1}}]"#.utf8)
        let request = Array(#"{"principal":{"type":"A","id":"a"},"action":{"type":"Action","id":"a"},"resource":{"type":"A","id":"b"},"context":{"a":{"b":[1]}}}"#.utf8)
        let schema = Array(ValidationTests.schema.utf8)
        let schemaJSON = try SchemaFragment(parsing: schema).json.bytes()
        for _ in 0..<1_500 {
            CedarFuzz.policies(mutate(Array(Self.policySeed.utf8), &generator))
            CedarFuzz.policyJSON(mutate(set.json.bytes(), &generator))
            CedarFuzz.schema(mutate(schema, &generator))
            CedarFuzz.schema(mutate(schemaJSON, &generator))
            CedarFuzz.entities(mutate(entities, &generator))
            CedarFuzz.request(mutate(request, &generator))
        }
    }
}
