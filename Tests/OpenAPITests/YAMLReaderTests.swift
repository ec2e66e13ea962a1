import Testing

@testable import OpenAPI

@Suite struct YAMLReaderTests {
    @Test func `a plain scalar has the type that YAML 1.2 gives it`() throws {
        let node = try read("a: yes\nb: true\nc: 0o17\nd: 012\ne: .5\nf: 1e3\ng: ~\nh: 12:30\ni: '1'\n")
        #expect(node["a"]?.string == "yes")
        #expect(node["b"]?.bool == true)
        #expect(node["c"]?.integer == 15)
        #expect(node["d"]?.integer == 12)
        #expect(node["i"]?.string == "1")
        #expect(node["h"]?.string == "12:30")
        guard case .number("0.5")? = node["e"]?.value, case .number("1e3")? = node["f"]?.value, case .null? = node["g"]?.value else {
            Issue.record("unexpected numbers")
            return
        }
    }

    private func read(_ text: String) throws -> Node {
        var reader = YAMLReader(file: "test.yaml", limits: DocumentLimits())
        return try reader.read(Array(text.utf8))
    }
}
