import GatehouseIdentity
import Testing

@Suite struct FormParametersTests {
    @Test func `reads and writes what browsers send`() throws {
        let form = try FormParameters(parsing: "a=1&b=x+y%26%C3%A9&c=&d")
        #expect(form["a"] == "1" && form["b"] == "x y&é" && form["c"] == nil && form["d"] == nil)
        #expect(form.encoded == "a=1&b=x%20y%26%C3%A9")
        #expect(try FormParameters(parsing: "resource=a&resource=b").words("resource") == ["a", "b"])
    }

    @Test(arguments: ["a=1&a=2", "a=&a=1", "a=%", "a=%4", "a=%GG", "a=%FF", "a=%00", "a=x%0Ay"])
    func `refuses what two readers could read differently`(text: String) {
        #expect(throws: OAuthError(.invalidRequest, "")) { try FormParameters(parsing: text) }
    }
}
