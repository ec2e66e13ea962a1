import Testing

@testable import SecLang

@Suite struct FilterTests {
    @Test(
        arguments: [
            ("select.*from", ["select"]), ("(?i:SELECT|union\\s+all)x?", ["union", "select"]), ("a[bc]d", ["abd", "acd"]), ("\\d+", nil),
            ("(?:foo|bar)?", nil), ("(?=needle)x", nil), ("\\bonload\\s*=", ["onload"]), ("ab{2}c", ["abbc"]), ("(?i)Java", ["java"]), ("x*(y|zed)", ["y", "zed"]),
        ] as [(String, [String]?)])
    func theLiteralsThatAMatchIsBoundToHoldAreFound(_ pattern: String, _ literals: [String]?) {
        #expect(Requirement.of(pattern: Array(pattern.utf8)).literals?.map { String(decoding: $0, as: UTF8.self) } == literals)
    }

    @Test func manyLiteralsAreFoundInOnePass() {
        let arena = Arena()
        defer { withExtendedLifetime(arena) {} }
        let automaton = AhoCorasick([("he", 0), ("she", 1), ("his", 2), ("hers", 70)].map { (Array($0.0.utf8), $0.1) }, owners: 71)
        var bits = [UInt64](repeating: 0, count: automaton.words)
        let found = unsafe bits.withUnsafeMutableBufferPointer { unsafe automaton.scan(arena.copy("uSHErs"), into: $0.baseAddress!) }
        #expect(found)
        #expect(bits == [0b11, 1 << 6])
    }

    /// Texts that a pattern may match: pieces of it, with its special characters acted out at random.
    @Test(arguments: [
        ("(?i)union\\s+(?:all\\s+)?select", "Union  ALL select"), ("<script[^>]*>[\\s\\S]*?", "<script src=x>"),
        ("(?:^|[^\\w])(?:or|and)\\s+\\d+=\\d+", "x' or 1=1"), ("\\b(?:eval|exec|system)\\s*\\(", "a;exec (b)"),
        ("(?:\\.\\.[/\\\\]){2,}", "a/../..\\b"), ("[\"'`](?:[^\"'`]*)[\"'`]\\s*(?:=|<>|like)", "'a' LIKE 'b'"),
        ("(?:c0|e0)[a-f0-9]{2}", "xc0af"), ("(a|b)+c{2,3}d?", "abccd"), ("x(?!y)z|^\\s*$", "xz"),
    ])
    func theFilterNeverHidesAMatch(_ pattern: String, _ example: String) throws {
        let quoted = pattern.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let text = "SecRule ARGS \"@rx \(quoted)\" \"id:1,phase:2,pass,log,t:none,t:urlDecodeUni,t:lowercase\""
        let (fast, slow) = (try Exchange(text), try Exchange(text, usesFilter: false))
        var random = SeededGenerator(seed: UInt64(pattern.utf8.count))
        let pieces = pattern.split { "()|?*+[]{}\\^$".contains($0) }.map(String.init) + ["union", "select", "'", "\"", "=", " ", "<", ">", "../", "%41", "A", "\u{1}"]
        var matches = 0
        for _ in 0..<1_500 {
            var value = (0..<Int.random(in: 0...5, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            if Bool.random(using: &random) { value += example }
            if Bool.random(using: &random), let index = value.indices.randomElement(using: &random) { value.remove(at: index) }
            let target = "/?q=" + value.utf8.map { byte in isAlphanumeric(byte) ? String(UnicodeScalar(byte)) : "%" + Self.hex(byte) }.joined()
            let (left, right) = (fast.ids(target), slow.ids(target))
            #expect(left == right, "\(value)")
            matches += right.count
        }
        #expect(matches > 0)
    }

    private static func hex(_ byte: UInt8) -> String { String(decoding: [lowerHexDigits[Int(byte >> 4)], lowerHexDigits[Int(byte & 15)]], as: UTF8.self) }
}
