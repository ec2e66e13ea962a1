import Testing

@testable import SecLang

@Suite struct OperatorTests {
    struct Case: Sendable, CustomStringConvertible {
        var name: String
        var argument: String
        var value: [UInt8]
        var isMatch: Bool
        var description: String { "@\(name) \(argument) on \(String(decoding: value, as: UTF8.self)) is \(isMatch)" }

        init(_ name: String, _ argument: String, _ value: String, _ isMatch: Bool) { self.init(name, argument, Array(value.utf8), isMatch) }
        init(_ name: String, _ argument: String, _ value: [UInt8], _ isMatch: Bool) {
            (self.name, self.argument, self.value, self.isMatch) = (name, argument, value, isMatch)
        }
    }

    static let cases: [Case] = [
        Case("beginsWith", "ab", "abc", true), Case("beginsWith", "ab", "Abc", false), Case("beginsWith", "", "", true),
        Case("endsWith", "bc", "abc", true), Case("endsWith", "abcd", "abc", false), Case("contains", "b", "abc", true),
        Case("contains", "", "", true), Case("contains", "x", "", false), Case("containsWord", "or", "1 or 1", true),
        Case("containsWord", "or", "word order", false), Case("streq", "a", "a", true), Case("streq", "a", "A", false),
        Case("strmatch", "needle", "a needle here", true), Case("within", "GET HEAD", "HEAD", true), Case("within", "GET HEAD", "", true),
        Case("within", "GET", "GETX", false), Case("unconditionalMatch", "", "", true), Case("noMatch", "", "x", false),
        Case("eq", "3", " 3x", true), Case("eq", "0", "text", true), Case("gt", "2", "10", true), Case("ge", "2", "2", true),
        Case("lt", "0", "-1", true), Case("le", "9223372036854775807", "99999999999999999999999", true), Case("rx", "^a.b$", "a\nb", true),
        Case("rx", "^ab$", "ab\n", false), Case("rx", "(?i)ABC", "xabcx", true), Case("rx", "\\bx\\b", "a x b", true),
        Case("rx", "[^\\x00-\\x7f]", [0xff], true), Case("pm", "one TWO", "sayTwo", true), Case("pm", "one two", "thr ee", false),
        Case("pm", "a|41 42|c", "xaABc", true), Case("ipMatch", "10.0.0.0/8,2001:db8::/32", "10.1.2.3", true),
        Case("ipMatch", "10.0.0.0/8,2001:db8::/32", "2001:db8::1", true), Case("ipMatch", "10.0.0.0/8", "::ffff:10.0.0.1", true),
        Case("ipMatch", "10.0.0.0/8", "11.0.0.1", false), Case("ipMatch", "10.0.0.0/8", "010.0.0.1", false),
        Case("detectSQLi", "", "1' or '1'='1", true), Case("detectSQLi", "", "plain text", false),
        Case("detectXSS", "", "<script>alert(1)</script>", true), Case("detectXSS", "", "a < b", false),
        Case("validateByteRange", "32-126", "abc", false), Case("validateByteRange", "32-126", [97, 0], true),
        Case("validateByteRange", "0-255", [0, 255], false), Case("validateUrlEncoding", "", "%41", false),
        Case("validateUrlEncoding", "", "%4", true), Case("validateUrlEncoding", "", "%zz", true),
        Case("validateUtf8Encoding", "", "aä😀", false), Case("validateUtf8Encoding", "", [0xc0, 0xaf], true),
        Case("validateUtf8Encoding", "", [0xed, 0xa0, 0x80], true), Case("validateUtf8Encoding", "", [0xf5, 0x80, 0x80, 0x80], true),
        Case("verifyCC", "\\d{13,16}", "card 4111111111111111 ok", true), Case("verifyCC", "\\d{16}", "4111111111111112", false),
        Case("verifyCPF", "\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}", "529.982.247-25", true), Case("verifySSN", "\\d{3}-\\d{2}-\\d{4}", "078-05-1120", true),
        Case("verifySSN", "\\d{3}-\\d{2}-\\d{4}", "666-05-1120", false),
    ]

    @Test(arguments: cases)
    func theAnswerIsThatOfTheReferenceEngine(_ test: Case) throws {
        let exchange = try Exchange("")
        let context = CompileContext(arena: Arena(), resolver: RuleResolver())
        defer { withExtendedLifetime(context) {} }
        let subject = try Operators.make(test.name, test.argument, context)
        let transaction = exchange.transaction()
        let verdict = subject.evaluate(transaction.arena.copy(test.value), OperatorRun(transaction: transaction, captures: false))
        if case .match = verdict { #expect(test.isMatch) } else { #expect(!test.isMatch) }
    }

    @Test(arguments: ["nonsense", "inspectFile", "rsub", "fuzzyHash"])
    func anOperatorThatCannotBeEnforcedIsAnError(_ name: String) {
        #expect(throws: SecLangError.self) { try Exchange("SecRule ARGS \"@\(name) x\" \"id:1\"") }
    }

    @Test func plainWordsAreNoInjectionToLibinjection() {
        var random = SeededGenerator(seed: 3)
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".utf8)
        let words = ["select", "union", "or", "and", "drop", "x", "b", "n", "q", "u", "e", "if", "case", "null", "sleep", "exec", "waitfor"]
        let sqli = DetectSQLi()
        let transaction = try? Exchange("").transaction()
        for round in 0..<60_000 {
            var value = round % 3 == 0 ? Array((words.randomElement(using: &random) ?? "").utf8) : []
            value += (0..<Int.random(in: 0...9, using: &random)).compactMap { _ in letters.randomElement(using: &random) }
            if round % 5 == 0 { value = value.filter { $0 < 58 } }
            guard let transaction, DetectSQLi.isPlainWord(transaction.arena.copy(value)) else { continue }
            #expect(!sqli.askLibrary(value), "\(String(decoding: value, as: UTF8.self))")
        }
    }

    @Test func withoutATagOrAnEqualsSignNothingIsScriptToLibinjection() {
        var random = SeededGenerator(seed: 4)
        let bytes = Array("abonlickser'\"`/> \t\n:;&#-!?()javascript".utf8)
        for _ in 0..<60_000 {
            let value = (0..<Int.random(in: 0...24, using: &random)).compactMap { _ in bytes.randomElement(using: &random) }
            #expect(!DetectXSS().askLibrary(value), "\(String(decoding: value, as: UTF8.self))")
        }
    }
}
