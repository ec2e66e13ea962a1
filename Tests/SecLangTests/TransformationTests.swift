import Testing

@testable import SecLang

@Suite struct TransformationTests {
    struct Case: Sendable, CustomStringConvertible {
        var name: String
        var input: [UInt8]
        var output: [UInt8]
        var description: String { "\(name) of \(String(decoding: input, as: UTF8.self))" }

        init(_ name: String, _ input: String, _ output: String) { (self.name, self.input, self.output) = (name, Array(input.utf8), Array(output.utf8)) }
        init(_ name: String, _ input: [UInt8], _ output: [UInt8]) { (self.name, self.input, self.output) = (name, input, output) }
    }

    static let cases: [Case] = [
        Case("lowercase", "AbC-ÄZ", "abc-Äz"), Case("uppercase", "aBc1", "ABC1"), Case("lowercase", "", ""),
        Case("removeNulls", [0, 65, 0, 66], [65, 66]), Case("replaceNulls", [65, 0, 66], [65, 32, 66]),
        Case("compressWhitespace", "a \t\n b", "a b"), Case("compressWhitespace", [97, 0xa0, 0xa0, 98], [97, 32, 98]),
        Case("removeWhitespace", " a\tb\u{b}c ", "abc"), Case("trim", " \t a b \n", "a b"), Case("trimLeft", "  a ", "a "),
        Case("trimRight", "  a ", "  a"), Case("trim", "   ", ""), Case("length", "abcde", "5"), Case("length", "", "0"),
        Case("hexEncode", [0, 255, 16], Array("00ff10".utf8)), Case("hexDecode", "41424", "AB"),
        Case("sqlHexDecode", "0x414243", "ABC"), Case("sqlHexDecode", "0xZZ 0X6162", "0xZZ ab"),
        Case("urlDecode", "a%20b+c%2", "a b c%2"), Case("urlDecode", "%zz%41", "%zzA"), Case("urlDecode", "%00", "\0"),
        Case("urlDecodeUni", "%u0041%uff21%u00ZZ", "AA%u00ZZ"), Case("urlDecodeUni", "%u2039script%u203a", "<script>"),
        Case("urlDecodeUni", "%u00", "%u00"), Case("urlDecodeUni", "%uff1cimg", "<img"), Case("urlEncode", "a b/ä*", "a+b%2f%c3%a4*"),
        Case("htmlEntityDecode", "&lt;&#x41;&#66&gt&quot;&amp;amp;&unknown;", "<AB>\"&amp;&unknown;"),
        Case("htmlEntityDecode", "&#;&#x;&", "&#;&#x;&"), Case("htmlEntityDecode", Array("&nbsp;".utf8), [0xa0]),
        Case("jsDecode", "\\u0041\\x42\\103\\n\\q\\", "ABC\nq\\"), Case("jsDecode", "\\uff21", "A"), Case("jsDecode", "\\477", "'7"),
        Case("escapeSeqDecode", "\\a\\x41\\101\\?\\q", "\u{7}AA?q"), Case("cssDecode", "\\6a avascript \\0000 6a \\\nx\\", "javascript \u{0}6a x"),
        Case("cssDecode", "\\ff21", "A"), Case("utf8toUnicode", "aä€😀", "a%u00e4%u20ac%u1f600"), Case("utf8toUnicode", [0xc0, 0xaf], Array("%u002f".utf8) + [0xc0]),
        Case("utf8toUnicode", [0xe2, 0x82], [0xe2, 0x82]), Case("normalizePath", "/a/./b/../c//d", "/a/c/d"),
        Case("normalizePath", "/../../etc", "/etc"), Case("normalizePath", "../../x", "../../x"), Case("normalizePath", "/a/b/..", "/a"),
        Case("normalizePath", "./a", "a"), Case("normalizePath", "/a/", "/a/"), Case("normalizePath", "/", "/"),
        Case("normalizePathWin", "\\a\\..\\b", "/b"), Case("cmdLine", "C^mD  /c \"who\\ami\" , x;(y", "cmd/c whoami x(y"),
        Case("replaceComments", "a/*b*/c/*d", "a c "), Case("replaceComments", "a*/b", "a*/b"), Case("removeComments", "a/*b*/cd--e", "acd"),
        Case("removeComments", "a<!--b-->c#d", "ac"), Case("removeCommentsChar", "a/*b*/c--#<!--d-->", "abcd"),
        Case("base64Encode", "abcd", "YWJjZA=="), Case("base64Decode", "YWJjZA==", "abcd"), Case("base64DecodeExt", "YW Jj!ZA==", "abcd"),
        Case("parityZero7bit", [0xc1], [0x41]), Case("parityEven7bit", [0x41, 0x43], [0x41, 0xc3]), Case("parityOdd7bit", [0x41], [0xc1]),
        Case("sqlHexDecode", "0x", "0x"),
    ]

    @Test(arguments: cases)
    func theResultIsThatOfTheReferenceEngine(_ test: Case) throws {
        let index = try #require(Transformation.index(named: test.name))
        #expect(Transformation.all[index].run(test.input).output == test.output)
    }

    @Test func digestsAreThoseOfTheirStandards() {
        let hex = { (bytes: [UInt8]) in Transformation.hexEncode.run(bytes).output }
        #expect(hex(Transformation.sha1.run(Array("abc".utf8)).output) == Array("a9993e364706816aba3e25717850c26c9cd0d89d".utf8))
        #expect(hex(Transformation.md5.run([]).output) == Array("d41d8cd98f00b204e9800998ecf8427e".utf8))
    }

    @Test func aValueWithoutTriggersIsNeverChanged() {
        var random = SeededGenerator(seed: 7)
        for transformation in Transformation.all where transformation.triggers != .all {
            let safe = transformation.triggers.inverted.members
            for _ in 0..<300 {
                let value = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in safe.randomElement(using: &random) }
                let arena = Arena()
                defer { withExtendedLifetime(arena) {} }
                let result = arena.write(capacity: transformation.capacity(value.count)) { _ = transformation.apply(arena.copy(value), &$0) }
                #expect(result.bytes == value, "\(transformation.name)")
            }
        }
    }

    @Test func namesAreFoundWithoutCaseAndByTheirOtherSpelling() {
        #expect(Transformation.index(named: "NORMALISEPATH") == Transformation.index(named: "normalizePath"))
        #expect(Transformation.index(named: "nonsense") == nil)
    }
}
