import StrictJSON
import Testing

@Suite struct JSONPointerTests {
    static let document = #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8,"01":9}"#

    @Test(arguments: [
        ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), ("/i\\j", "5"),
        ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"), ("/01", "9"),
    ])
    func theExamplesOfTheStandardHold(text: String, expected: String) throws {
        let pointer = try JSONPointer(parsing: text)
        let document = try JSONDocument(Self.document)
        #expect(document.root[pointer]?.value == (try JSONValue(parsing: expected)))
        #expect(document.root.value[pointer] == (try JSONValue(parsing: expected)))
        #expect(pointer.description == text)
    }

    @Test(arguments: ["/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/-1", "/foo/1e0", "/bar", "/foo/0/x", "/foo/99999999999999999999"])
    func pointersToNothingGiveNothing(text: String) throws {
        let pointer = try JSONPointer(parsing: text)
        #expect(try JSONDocument(Self.document).root[pointer] == nil)
        #expect(try JSONValue(parsing: Self.document)[pointer] == nil)
    }

    @Test(arguments: ["a", "#/a", "/~", "/~2", "/a~"])
    func malformedPointersAreRefused(text: String) {
        let error = #expect(throws: JSONError.self) { try JSONPointer(parsing: text) }
        #expect(error?.code == .invalidPointer)
    }

    @Test func theEmptyPointerIsTheWhole() throws {
        let root = try JSONDocument(Self.document).root
        #expect(root[try JSONPointer(parsing: "")]?.index == 0)
        #expect(JSONPointer().appending("a/~").appending(3).description == "/a~1~0/3")
    }

    @Test func valuesAreSetAndRemoved() throws {
        var value: JSONValue = ["a": [1, 2], "b": ["c": 3]]
        try value.set(JSONPointer(parsing: "/a/-"), to: 4)
        try value.set(JSONPointer(parsing: "/a/0"), to: "x")
        try value.set(JSONPointer(parsing: "/b/new"), to: nil)
        try value.remove(JSONPointer(parsing: "/b/c"))
        try value.remove(JSONPointer(parsing: "/a/1"))
        #expect(value == ["a": ["x", 4], "b": ["new": nil]])
        try value.set(JSONPointer(), to: 1)
        #expect(value == 1)
    }

    @Test(arguments: ["/x/y", "/a/5", "/s/t", "/a/x"])
    func changesBesideTheTreeAreRefusedAndLeaveItWhole(text: String) throws {
        let before: JSONValue = ["a": [1], "s": "t"]
        var value = before
        let error = #expect(throws: JSONError.self) { try value.set(JSONPointer(parsing: text), to: 1) }
        #expect(error?.code == .noSuchValue)
        #expect(value == before)
    }
}
