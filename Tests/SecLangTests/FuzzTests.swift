import SecLang
import Testing

@Suite struct FuzzTests {
    private static let seeds = [
        "SecRule ARGS|!ARGS:a \"@rx ^(?i:a|b)+$\" \"id:1,phase:2,deny,msg:'x %{TX.0}',setvar:'tx.a=+%{tx.b}',chain\"\nSecRule TX:/^a/ \"@eq 0\"\n",
        "multipart/form-data; boundary=b\n--b\r\nContent-Disposition: form-data; name=\"a\"; filename='x\\'y'\r\n\r\nz\r\n--b--\r\n",
        "{\"a\":[1,{\"b\":\"\\u0041\\n\"},null,true],\"c\":-1.5e+3}", "<!DOCTYPE a [<!ENTITY e 'x'>]><a b='1'><c>&e;&#65;</c><![CDATA[x]]></a>",
        "%u0041%41\\u0041\\x41\\101&#x41;&lt;/*x*/../a/./b//--#<!-- -->YWJj0x414243\\41 \\", "a=1&b=%zz&&=c; d=e, f",
        "(?<!a)[^\\d\\x00-\\x1f[:alpha:]]{2,5}?(?:x|y(?=z))*+\\1\\Q.", "a.b|c[d]e(f)",
    ].map { Array($0.utf8) }

    @Test func nothingTrapsOnMutatedInput() {
        var random = SeededGenerator(seed: 11)
        for round in 0..<4_000 {
            var bytes = Self.seeds[round % Self.seeds.count]
            for _ in 0..<Int.random(in: 0...6, using: &random) { Self.mutate(&bytes, &random) }
            fuzzBodies(bytes)
            fuzzTransformations(bytes)
            fuzzPatternSyntax(bytes)
            if round % 4 == 0 { fuzzRuleText(bytes) }
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard let index = bytes.indices.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(bytes[index], at: index)
        case 3: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
        default: bytes.removeSubrange(index..<min(bytes.count, index + 9))
        }
    }
}
