import JSONSchema
import StrictJSON
import Testing

@Suite struct FuzzTests {
    static let seeds = [
        ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/x"},"b":{"minimum":1.5}},"required":["a"],"$defs":{"x":{"enum":[1,"a"]}},"unevaluatedProperties":false,"a":1}"##,
        ##"{"anyOf":[{"items":{"type":"string","pattern":"^a(?=b)"}},{"contains":{"multipleOf":0.1}}],"uniqueItems":true,"$dynamicRef":"#m","$defs":{"q":{"$dynamicAnchor":"m"}}}"##,
        #"{"if":{"format":"date"},"then":{"minLength":2},"else":{"oneOf":[true,{"not":{}}]},"dependencies":{"if":["x"]},"propertyNames":{"format":"idn-hostname"}}"#,
    ]

    @Test(arguments: seeds.indices)
    func mutatedSchemasNeverStopTheProgram(seed: Int) {
        var generator = Generator(state: UInt64(seed) + 7)
        let tokens = ["$ref", "#", "items", "allOf", "[", "]", "{}", "true", "null", "-1", "1e308", "\"", ":", ",", "$id", "$anchor", "type", "{\"not\":{}}", "é"].map { Array($0.utf8) }
        for _ in 0..<300 {
            var bytes = Array(Self.seeds[seed].utf8)
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let start = Int.random(in: 0..<bytes.count, using: &generator)
                let end = min(bytes.count, start + Int.random(in: 0..<6, using: &generator))
                bytes.replaceSubrange(start..<end, with: tokens.randomElement(using: &generator) ?? [])
            }
            fuzzJSONSchema(bytes)
        }
    }

    @Test func anyStringCanBeCheckedAgainstEveryFormat() {
        var generator = Generator(state: 3)
        let parts = ["2024-02-29", "T", "23:59:60", "Z", "+01:00", "P1Y", "a@b", "[IPv6:", "::1", "]", "xn--", "-", ".", "//", "#", "?", "%41", "{", "}", "é", "\u{200D}", "\u{5D0}", "~", "\\p{", "(", "127.0.0.1", "\u{0}"]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0..<7, using: &generator)).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
            fuzzFormats(Array(text.utf8))
        }
    }
}

/// A generator with a seed (SplitMix64).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
