import StrictJSON
import Testing

@Suite struct JSONValueTests {
    @Test func equalityIsJSONs() throws {
        #expect(try JSONValue(parsing: #"{"a":1.0,"b":[2]}"#) == JSONValue(parsing: #"{"b":[2],"a":1}"#))
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect((["\u{E9}": 1] as JSONValue)["e\u{301}"] == nil)
        #expect(JSONValue.bool(false) != 0)
        #expect(JSONValue.null != [:])
        #expect(Set([1, JSONValue.number(JSONNumber("1.0")!), "1", true]).count == 3)
        #expect((["a": 1, "b": 2] as JSONValue).hashValue == (["b": 2, "a": 1] as JSONValue).hashValue)
    }

    @Test func objectsKeepOrderAndFindKeysInAnySize() {
        var object = JSONObject()
        for index in 0..<100 {
            object["k\(index)"] = JSONValue(index)
            #expect(object["k\(index / 2)"] == JSONValue(index / 2))
        }
        #expect(object.keys == (0..<100).map { "k\($0)" })
        object["k3"] = nil
        object["k50"] = "new"
        #expect(object.count == 99)
        #expect(object["k3"] == nil)
        #expect(object["k50"] == "new")
        #expect(object["k99"] == 99)
    }

    @Test func valuesAreChangedThroughSubscripts() {
        var value: JSONValue = ["a": ["b": 1]]
        value["a"]?["b"] = 2
        value["c"] = [1]
        #expect(value == ["a": ["b": 2], "c": [1]])
        value["a"] = nil
        #expect(value.object?.keys == ["c"])
    }

    @Test(
        arguments: [
            (JSONValue.string("a\"\\/\u{8}\u{C}\n\r\t\u{1}\u{7F}é"), "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\u{7F}é\""), (["b": [1, 2], "a": [:]], #"{"b":[1,2],"a":{}}"#),
            ([], "[]"), (1.5, "1.5"), (nil, "null"),
        ] as [(JSONValue, String)])
    func theCompactFormHasNoSpace(value: JSONValue, text: String) {
        #expect(value.serialized() == text)
    }

    @Test func thePrettyFormIndents() {
        let value: JSONValue = ["b": [1, []], "a": ["c": nil], "d": [:]]
        #expect(value.serialized(.pretty) == "{\n  \"b\": [\n    1,\n    []\n  ],\n  \"a\": {\n    \"c\": null\n  },\n  \"d\": {}\n}")
        #expect(value.serialized(JSONFormat(sortedKeys: true)) == #"{"a":{"c":null},"b":[1,[]],"d":{}}"#)
    }

    @Test func keysAreSortedByUTF16AsRFC8785Says() {
        let value: JSONValue = ["\u{FB33}": 1, "😀": 2, "1": 3, "\u{80}": 4]
        #expect(value.serialized(JSONFormat(sortedKeys: true)) == "{\"1\":3,\"\u{80}\":4,\"😀\":2,\"\u{FB33}\":1}")
    }

    @Test func theFormForPagesCannotCloseAScript() {
        let value: JSONValue = "</script>&\u{2028}\u{2029}\u{2027}"
        let text = value.serialized(JSONFormat(safeInHTML: true))
        #expect(text == #""\u003c/script\u003e\u0026\u2028\u2029"# + "\u{2027}\"")
        #expect(try! JSONValue(parsing: text) == value)
    }

    @Test func theWriterPlacesSeparators() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.write(1)
        writer.key("b")
        writer.beginArray()
        writer.write("x")
        writer.write(true)
        writer.writeNull()
        writer.endArray()
        writer.endObject()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"a":1,"b":["x",true,null]}"#)
    }
}
