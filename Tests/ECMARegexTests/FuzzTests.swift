import ECMARegex
import Testing

@Suite struct FuzzTests {
    @Test func anyPatternAndTextCanBeTried() {
        var state: UInt64 = 11
        let parts = ["a", "b", "(", ")", "[", "]", "*", "+?", "{2,3}", "|", "^", "$", "\\b", "\\w", ".", "(?=", "(?<!", "(?:", "\\1", "-", "é", "\\p{L}", "[^a]", "aab", "ba"]
        for _ in 0..<3_000 {
            var text = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += parts[Int(state >> 33) % parts.count]
            }
            fuzzECMARegex(Array(text.utf8))
        }
    }
}
