import StrictJSON
import Testing

@Suite struct RefusedTextTests {
    @Test(arguments: [
        ("", JSONError.Code.empty, 0), (" \n", .empty, 2), ("[", .unexpectedEnd, 1), ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
        ("[1,", .unexpectedEnd, 3), ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6),
        ("\"abc", .unexpectedEnd, 4), ("\"abc\\", .unexpectedEnd, 5), ("\"\\u12", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 0),
        ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
        ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2),
        ("{\"a\":1]", .unexpectedByte, 6), ("{\"a\":1,}", .unexpectedByte, 7), ("{,}", .unexpectedByte, 1), ("{a:1}", .unexpectedByte, 1),
        ("{'a':1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5), ("{\"a\"::1}", .unexpectedByte, 5), ("{1:1}", .unexpectedByte, 1),
        ("]", .unexpectedByte, 0), ("'a'", .unexpectedByte, 0), ("True", .unexpectedByte, 0), ("nul1", .unexpectedByte, 0),
        ("truth", .unexpectedByte, 0), ("[nullx]", .unexpectedByte, 5), ("undefined", .unexpectedByte, 0), ("[\u{B}1]", .unexpectedByte, 1),
        ("[\u{A0}1]", .unexpectedByte, 1), ("\\u0031", .unexpectedByte, 0), ("[1\u{0}]", .unexpectedByte, 2), ("[0x10]", .unexpectedByte, 2),
        ("1 2", .trailingBytes, 2), ("{}}", .trailingBytes, 2), ("[] ]", .trailingBytes, 3), ("1\u{0}", .trailingBytes, 1),
        ("\"a\"b", .trailingBytes, 3), ("nullnull", .trailingBytes, 4), ("[]//", .comment, 2), ("/* a */1", .comment, 0), ("[1,//\n2]", .comment, 3),
        ("NaN", .notANumber, 0), ("[Infinity]", .notANumber, 1), ("-Infinity", .notANumber, 0), ("-NaN", .notANumber, 0),
        ("01", .invalidNumber, 0), ("-01", .invalidNumber, 0), ("+1", .invalidNumber, 0), (".5", .invalidNumber, 0), ("1.e1", .invalidNumber, 2),
        ("1ex", .invalidNumber, 2), ("-x", .invalidNumber, 1), ("00", .invalidNumber, 0), ("1.5.5", .trailingBytes, 3), ("1e400", .numberRange, 0),
        ("-1.8e308", .numberRange, 0), ("[10000e100000000000000000000]", .numberRange, 1),
        ("\"\\x\"", .invalidEscape, 1), ("\"\\'\"", .invalidEscape, 1), ("\"\\u12g4\"", .invalidEscape, 1), ("\"\\U0041\"", .invalidEscape, 1),
        ("\"\\ud800\"", .loneSurrogate, 1), ("\"\\udc00\"", .loneSurrogate, 1), ("\"a\\ud800\\u0041\"", .loneSurrogate, 2),
        ("\"\\ud800\\ud800\"", .loneSurrogate, 1), ("\"\\udc00\\ud800\"", .loneSurrogate, 1), ("\"\\ud800x\"", .loneSurrogate, 1),
        ("\"\n\"", .controlCharacter, 1), ("\"a\tb\"", .controlCharacter, 2), ("\"\u{0}\"", .controlCharacter, 1), ("\"\\n\u{1F}\"", .controlCharacter, 3),
        ("{\"a\":1,\"a\":2}", .duplicateKey, 7), ("{\"a\":1,\"\\u0061\":2}", .duplicateKey, 7), ("[{\"b\":{\"a\":1,\"c\":2,\"a\":1}}]", .duplicateKey, 19),
        ("{\"\":1,\"\":2}", .duplicateKey, 6), ("\u{FEFF}1", .byteOrderMark, 0), ("[\u{FEFF}1]", .byteOrderMark, 1),
    ])
    func malformedTextsAreRefusedByName(text: String, code: JSONError.Code, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
        #expect(error?.code == code)
        #expect(error?.position.offset == offset)
        #expect(error?.reason.isEmpty == false)
    }

    @Test(
        arguments: [
            [0xFF], [0x80], [0xC0, 0xAF], [0xC1, 0x81], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE0, 0x80, 0xAF], [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0xAF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFE, 0xFE], [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func stringsThatAreNotUTF8AreRefused(bytes: [UInt8]) {
        for prefix in ["", "abcdefg", "\\n"] {
            let text = Array("[\"\(prefix)".utf8) + bytes + Array("\"]".utf8)
            let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
            #expect(error?.code == .invalidUTF8)
            #expect(error?.position.offset == 2 + prefix.utf8.count)
        }
    }

    @Test(arguments: [[0xEF, 0xBB, 0xBF, 0x31], [0xFE, 0xFF, 0, 0x31], [0xFF, 0xFE, 0x31, 0], [0, 0, 0xFE, 0xFF], [0xFF, 0xFE, 0, 0]] as [[UInt8]])
    func byteOrderMarksOfEveryEncodingAreRefused(bytes: [UInt8]) {
        #expect(throws: JSONError(code: .byteOrderMark, reason: "", position: JSONPosition(offset: 0, line: 1, column: 1))) {
            try JSONDocument(bytes)
        }
    }

    @Test func textsInUTF16AreRefused() {
        #expect(throws: JSONError.self) { try JSONDocument([0x5B, 0, 0x5D, 0]) }
        #expect(throws: JSONError.self) { try JSONDocument([0, 0x5B, 0, 0x5D]) }
    }

    @Test(arguments: [2, 15, 16, 32, 33, 100, 1000])
    func aDuplicateKeyIsFoundInObjectsOfEverySize(count: Int) throws {
        let members = (0..<count).map { "\"key\($0)\":[{\"x\":1}]" }.joined(separator: ",")
        #expect(try JSONDocument("{\(members)}").root.count == count)
        for repeated in [0, count / 2, count - 1] {
            let text = "{\(members),\"key\(repeated)\":0}"
            let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
            #expect(error?.code == .duplicateKey)
            #expect(error?.position.offset == text.utf8.count - "\"key\(repeated)\":0}".utf8.count)
        }
    }

    @Test func thePositionCountsLinesAndCodePoints() {
        let error = #expect(throws: JSONError.self) { try JSONDocument("{\r\n  \"é\": 1,\n  \"漢字\": x\r}") }
        #expect(error?.position == JSONPosition(offset: 26, line: 3, column: 9))
        #expect(error?.description == "expected a value, found `x` (line 3, column 9)")
    }

    @Test func theInputInAMessageIsInBackticks() {
        let error = #expect(throws: JSONError.self) { try JSONDocument("{\"role\":1,\"role\":2}") }
        #expect(error?.description == "duplicate key `role` (line 1, column 11)")
    }

    @Test func aKeyInAMessageCannotBeginALine() {
        let error = #expect(throws: JSONError.self) { try JSONDocument(#"{"a\nb":1,"a\nb":2}"#) }
        #expect(error?.reason == #"duplicate key `a\u{a}b`"#)
    }
}
