import StrictJSON
import Testing

@Suite struct AcceptedTextTests {
    @Test(
        arguments: [
            ("null", JSONValue.null), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("123", 123), ("-1.5e+3", -1500),
            ("1E-2", 0.01), ("0.5", 0.5), ("\"\"", ""), ("[]", []), ("{}", [:]), (" [ ] ", []), ("\t\r\n{ }\n", [:]), ("[[[]]]", [[[]]]),
            ("[1,2 , 3]", [1, 2, 3]), ("{\"\":0}", ["": 0]), ("{\"a\":{\"b\":[null]}}", ["a": ["b": [nil]]]),
            ("\"a/b\\/c\"", "a/b/c"), ("\"\\u0041\\u00e9\\u20AC\"", "A\u{E9}€"), ("\"\\ud83d\\ude00\"", "😀"), ("\"\\u0000\"", "\u{0}"),
            ("\"\\\"\\\\\\b\\f\\n\\r\\t\"", "\"\\\u{8}\u{C}\n\r\t"), ("\"\u{7F}\"", "\u{7F}"), ("\"\u{2028}\u{FFFF}\u{10FFFF}\"", "\u{2028}\u{FFFF}\u{10FFFF}"),
            ("\"é漢😀 and a longer tail\"", "é漢😀 and a longer tail"), ("\"\\uDBFF\\uDFFF\"", "\u{10FFFF}"),
            ("[123456789012345678901234567890]", [JSONValue.number(JSONNumber("123456789012345678901234567890")!)]),
        ] as [(String, JSONValue)])
    func validTextsGiveTheirValue(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
        #expect(JSONDocument(value).root.value == value)
    }

    @Test func theSameTextIsReadFromEverySource() throws {
        let bytes = Array(#"{"a":[1,"\u00e9"]}"#.utf8)
        let whole = try JSONDocument(bytes).root.value
        #expect(try JSONDocument(bytes.span).root.value == whole)
        #expect(try unsafe bytes.withUnsafeBytes { try unsafe JSONDocument($0).root.value } == whole)
    }

    @Test func longStringsAreReadOnBothSidesOfEveryWordBoundary() throws {
        for length in 0...40 {
            for special in ["", "é", "\\n", "\\ud83d\\ude00"] {
                let plain = String(repeating: "x", count: length)
                let value = try JSONValue(parsing: "\"\(plain)\(special)tail\"")
                let decoded = special == "\\n" ? "\n" : special == "\\ud83d\\ude00" ? "😀" : special
                #expect(value == .string(plain + decoded + "tail"))
            }
        }
    }

    @Test func numbersKeepTheirText() throws {
        let document = try JSONDocument("[1.0, 1e2, -0, 100000000000000000000]")
        #expect(document.root.elements.map { $0.number?.text } == ["1.0", "1e2", "-0", "100000000000000000000"])
        #expect(document.root.elements.map { $0.int64 } == [1, 100, 0, nil])
        #expect(document.root.elements.map { $0.number?.isInteger } == [true, true, true, true])
    }

    @Test func duplicateKeysAreKeptOnRequest() throws {
        var limits = JSONLimits()
        limits.duplicateKeys = .keep
        let document = try JSONDocument(#"{"a":1,"b":2,"a":3}"#, limits: limits)
        #expect(document.root.count == 3)
        #expect(document.root["a"]?.int64 == 3)
        #expect(document.root.value["a"] == 3)
        #expect(document.root.value.serialized() == #"{"a":1,"b":2,"a":3}"#)
    }

    @Test func theFlatFormCanBeWalked() throws {
        let document = try JSONDocument(#"{"a":[1,{"b":true}],"c":"x"}"#)
        #expect(document.count == 9)
        #expect(document.next(after: 0) == 9)
        #expect(document[entry: 1].flags.contains(.isKey))
        #expect(document[entry: 1].hash == JSONDocument.hash(of: "a".utf8))
        #expect(document.next(after: 2) == 7)
        #expect(document[entry: 2].length == 2)
    }

    @Test func flattenedNamesFollowTheText() throws {
        let document = try JSONDocument(#"{"a":[1,{"b":"x","c":[]},[2,3]],"d":{},"e":{"f":{"g":null}}}"#)
        var names: [String] = []
        document.forEachFlattened { name, leaf in
            names.append("\(name)=\(leaf.value)")
            return true
        }
        #expect(names == ["a.0=1", "a.1.b=\"x\"", "a.1.c=[]", "a.2.0=2", "a.2.1=3", "d={}", "e.f.g=null"])
    }

    @Test func flattenedNamesAreCutWhereTheyGrowTooLong() throws {
        let document = try JSONDocument("{\"\(String(repeating: "k", count: 10_000))\":[1,{\"a\":2}]}")
        document.forEachFlattened(longest: 20) { name, _ in
            #expect(name == String(repeating: "k", count: 20) + ".0" || name == String(repeating: "k", count: 20) + ".1")
            return true
        }
    }

    @Test func flatteningStopsOnRequest() throws {
        var count = 0
        try JSONDocument("[1,2,3]").forEachLeaf { path, _ in
            count += 1
            #expect(path == [.element(count - 1)])
            return count < 2
        }
        #expect(count == 2)
    }

    @Test func nodesAnswerByKindAlone() throws {
        let root = try JSONDocument(#"{"s":"x","n":2.5,"l":[true,null]}"#).root
        #expect(root["s"]?.string == "x")
        #expect(root["s"]?.number == nil)
        #expect(root["n"]?.double == 2.5)
        #expect(root["n"]?.int64 == nil)
        #expect(root["l"]?[0]?.bool == true)
        #expect(root["l"]?[1]?.isNull == true)
        #expect(root["l"]?[2] == nil)
        #expect(root["l"]?["s"] == nil)
        #expect(root["x"] == nil)
        #expect(root[0] == nil)
        #expect(root.members.map(\.name) == ["s", "n", "l"])
    }
}
