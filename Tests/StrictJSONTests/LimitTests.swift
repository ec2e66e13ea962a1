import StrictJSON
import Testing

@Suite struct LimitTests {
    private func code(_ text: String, _ change: (inout JSONLimits) -> Void) -> JSONError.Code? {
        var limits = JSONLimits()
        change(&limits)
        do throws(JSONError) {
            _ = try JSONDocument(text, limits: limits)
            return nil
        } catch { return error.code }
    }

    @Test func depthIsLimitedBySixtyFourUnlessSaid() {
        let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(code(nested(64)) { _ in } == nil)
        #expect(code(nested(65)) { _ in } == .depthLimit)
        #expect(code(nested(100_000)) { _ in } == .depthLimit)
        #expect(code(nested(20_000)) { $0.depth = 20_000 } == nil)
        #expect(code("{\"a\":[]}") { $0.depth = 1 } == .depthLimit)
    }

    @Test func sizeIsLimited() {
        #expect(code("[1,2]") { $0.bytes = 5 } == nil)
        #expect(code("[1,2]") { $0.bytes = 4 } == .sizeLimit)
    }

    @Test func numbersAndStringsAreLimitedInLength() {
        #expect(code("[12345]") { $0.numberLength = 5 } == nil)
        #expect(code("[12.45e1]") { $0.numberLength = 6 } == .numberLengthLimit)
        #expect(code(String(repeating: "9", count: 257)) { _ in } == .numberLengthLimit)
        #expect(code("\"abc\"") { $0.stringLength = 3 } == nil)
        #expect(code("\"abcd\"") { $0.stringLength = 3 } == .stringLengthLimit)
        #expect(code("\"\\u0061bcd\"") { $0.stringLength = 3 } == .stringLengthLimit)
        #expect(code("{\"abcd\":1}") { $0.stringLength = 3 } == .stringLengthLimit)
    }

    @Test func valuesAndKeysAreCounted() {
        #expect(code("[1,[2]]") { $0.elements = 4 } == nil)
        #expect(code("[1,[2]]") { $0.elements = 3 } == .elementLimit)
        #expect(code("{\"a\":1,\"b\":2}") { $0.keys = 2 } == nil)
        #expect(code("{\"a\":1,\"b\":2}") { $0.keys = 1 } == .keyLimit)
        #expect(code("[{\"a\":1},{\"b\":2}]") { $0.keys = 1 } == nil)
    }

    @Test func numbersBeyondADoubleAreAcceptedOnRequest() throws {
        #expect(code("1e400") { $0.refusesNumbersBeyondDouble = false } == nil)
        #expect(code("1.7976931348623157e308") { _ in } == nil)
        #expect(code("1e-400") { _ in } == nil)
        #expect(code("0e99999") { _ in } == nil)
    }
}
