import ECMARegex
import Testing

@Suite struct ECMARegexTests {
    @Test(
        arguments: [
            ("", "", true), ("", "abc", true), ("abc", "xabcx", true), ("^abc$", "abc", true), ("^abc$", "abc\n", false), ("a.c", "a\nc", false), ("a.c", "a\u{2028}c", false),
            ("a.c", "a😀c", true), ("^.$", "😀", true), ("^..$", "😀", false), ("a|b|", "z", true), ("^(a|b)+$", "abba", true), ("^(?:a|b){2,3}$", "abba", false),
            ("^a{2}$", "aa", true), ("^a{2,}$", "aaaa", true), ("^a{0}$", "", true), ("^(a*)*$", "aaaab", false), ("^(a|aa)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false),
            ("[a-c]", "B", false), ("[^a-c]", "abc", false), ("[^]", "\n", true), ("[]", "a", false), ("[\\]a-]", "]", true), ("[-a]", "-", true), ("[\\b]", "\u{8}", true),
            ("\\d\\D\\w\\W\\s\\S", "1aa. x", true), ("\\bfoo\\b", "a foo b", true), ("\\bfoo\\b", "afoob", false), ("\\Boo\\b", "foo", true), ("^\\B", "", true), ("\\b", "é", false),
            ("^\\u{1F600}$", "😀", true), ("^\\ud83d\\ude00$", "😀", true), ("^\\x41\\u0042\\cJ\\0$", "AB\n\u{0}", true), ("\\t\\n\\v\\f\\r", "\t\n\u{B}\u{C}\r", true),
            ("^\\p{L}+$", "äβ漢", true), ("^\\p{Lu}$", "É", true), ("^\\P{Lu}$", "É", false), ("^\\p{Script=Greek}+$", "αβγ", true), ("^\\p{sc=Grek}$", "a", false),
            ("^\\p{Script_Extensions=Hiragana}$", "ー", true), ("^\\p{Script=Hiragana}$", "ー", false), ("^\\p{Emoji}$", "😀", true), ("^\\p{gc=Nd}+$", "४२", true),
            ("^[\\p{L}\\d_-]+$", "é1-_", true), ("^\\p{Any}$", "\u{10FFFF}", true), ("^\\p{Assigned}$", "\u{378}", false), ("^\\p{LC}$", "ǅ", true),
            ("^(?=.*[A-Z])(?=.*\\d).{4,}$", "abC1", true), ("^(?=.*[A-Z])(?=.*\\d).{4,}$", "abc1", false), ("^(?!foo)", "foobar", false), ("^(?!foo)", "barfoo", true),
            ("(?<=\\$)\\d+", "cost $42", true), ("(?<=\\$)\\d+", "cost 42", false), ("(?<!-)\\b\\d", "-1", false), ("(?<!-)\\b\\d", "+1", true), ("a(?=b(?=c))", "abd", false),
            ("a(?=b(?=c))", "abc", true), ("(?<=a(?=b))b", "ab", true), ("^(?:(?=.*a)a|b)*$", "ababa", true), ("(?<=^ab)c", "abc", true), ("(?<=^ab)c", "xabc", false),
            ("^(a+)-\\1$", "aa-aa", true), ("^(a+)-\\1$", "aa-a", false), ("(?<q>['\"]).*\\k<q>", "say 'x'", true), ("\\1(a)", "a", true), ("^(?:(a)|b)*\\1$", "ab", true),
            ("^(?:(a)|b)*\\1$", "aba", false), ("(?<=\\1(a))b", "aab", true), ("^(z)((a+)?(b+)?(c))*$", "zaacbbbcac", true), ("^(.)(?!\\1)", "aa", false),
        ] as [(String, String, Bool)])
    func stringsMatchAsInECMAScript(pattern: String, text: String, expected: Bool) throws {
        #expect(try ECMARegex(pattern).matches(text) == expected)
    }

    @Test(arguments: [
        "(", ")", "a)", "(a", "[", "[a", "*", "+a", "?", "a**", "a{2}{3}", "a{3,2}", "(?a)", "(?<>a)", "(?<1a>b)", "(?<a>x)(?<a>y)", "\\", "\\u", "\\u12", "\\u{110000}",
        "\\xg1", "\\c", "\\c1", "\\k<a>", "\\k", "\\1", "(a)\\2", "\\a", "\\Z", "\\A", "\\p{Foo}", "\\p{Script=Foo}", "\\pL", "\\p{l}", "[b-a]", "(?=a)*", "^*", "\\01", "a++", "(?i:a)",
    ])
    func malformedPatternsAreRefused(pattern: String) {
        #expect(throws: RegexError.self) { try ECMARegex(pattern) }
        #expect(throws: RegexError.self) { try ECMARegex.check(pattern) }
    }

    @Test(arguments: ["]", "}", "{", "a{", "a{,5}", "x{1", "\\-", "\\@", "\\_", "\\ ", "\\'", "[a-\\d]", "\\é"])
    func whatOnlyOldBrowsersAcceptIsLenient(pattern: String) throws {
        #expect(throws: RegexError.self) { try ECMARegex.check(pattern) }
        _ = try ECMARegex(pattern)
    }

    @Test func lenientPatternsMeanTheCharacters() throws {
        #expect(try ECMARegex("^a{,5}$").matches("a{,5}"))
        #expect(try ECMARegex("^\\@\\_$").matches("@_"))
        #expect(try ECMARegex("^[\\w-\\.]+$").matches("a-.b"))
    }

    @Test(arguments: [
        "^[A-Z]{3}-[0-9]{6}$", "^[^@\\s]+@[^@\\s]+$", "^\\p{L}{1,64}$", "^(?:a|b|ab)*c$", "\\b[a-z]+\\b", "^.{1,255}$",
    ])
    func commonPatternsBecomeAutomata(pattern: String) throws {
        #expect(try ECMARegex(pattern).isAutomaton)
    }

    @Test func patternsBeyondAnAutomatonAreSimulated() throws {
        let regex = try ECMARegex("a[ab]{21}c")
        #expect(!regex.isAutomaton)
        let text = String(repeating: "ab", count: 40)
        #expect(!regex.matches(text))
        #expect(regex.matches(text + "c"))
    }

    @Test(arguments: ["^(a+)+$", "^(a|a)*$", "(a*)*b", "^(?=(a+)+$)a*$", "(.*)*x"])
    func classicAttacksTakeLinearTime(pattern: String) throws {
        let regex = try ECMARegex(pattern)
        #expect(!regex.matches(String(repeating: "a", count: 20_000) + "!"))
    }

    @Test func backReferencesStopAtTheirBudget() throws {
        var text = String(repeating: "a", count: 40) + "!"
        let regex = try ECMARegex("^(a+)+\\1$", stepLimit: 10_000)
        #expect(text.withUTF8 { unsafe regex.verdict(on: $0) } == .exhausted)
    }

    @Test func hugePatternsAreRefused() {
        for pattern in ["(?:a{1000}){1000}", "((a{100}){100}){100}", String(repeating: "(", count: 300) + String(repeating: ")", count: 300), String(repeating: "a", count: 70_000)] {
            let error = #expect(throws: RegexError.self) { try ECMARegex(pattern) }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test func automatonAndSimulationAgree() throws {
        var generator = SystemRandomNumberGenerator()
        let texts = (0..<200).map { _ in String((0..<Int.random(in: 0..<8, using: &generator)).map { _ in "ab-é".randomElement(using: &generator)! }) }
        for pattern in ["a+b", "^(a|b-)*$", "\\bab\\b", "[^a]é?$", "(?:ab|a)(?:b|$)", "^-*\\Ba"] {
            let plain = try ECMARegex(pattern)
            // An empty look-ahead changes nothing but the engine.
            let simulated = try ECMARegex("(?=)(?:\(pattern))")
            let backtracking = try ECMARegex("()\\1(?:\(pattern))")
            for text in texts {
                #expect(plain.matches(text) == simulated.matches(text), "\(pattern) on \(text)")
                #expect(plain.matches(text) == backtracking.matches(text), "\(pattern) on \(text)")
            }
        }
    }
}
