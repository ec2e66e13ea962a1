import Testing

@testable import OpenAPI

/// The table "Style Examples" of the specification: `color` as empty text, as `blue`, as an array, as an object.
@Suite struct StyleTests {
    static let array = Serialized.list(["blue", "black", "brown"])
    static let object = Serialized.fields([
        .init(name: "R", value: "100"), .init(name: "G", value: "200"), .init(name: "B", value: "150"),
    ])
    static let scalar = Serialized.scalar("blue")
    static let empty = Serialized.scalar("")

    @Test(arguments: [
        (ParameterStyle.matrix, false, ";color", empty), (.matrix, false, ";color=blue", scalar),
        (.matrix, false, ";color=blue,black,brown", array), (.matrix, false, ";color=R,100,G,200,B,150", object),
        (.matrix, true, ";color", empty), (.matrix, true, ";color=blue", scalar),
        (.matrix, true, ";color=blue;color=black;color=brown", array), (.matrix, true, ";R=100;G=200;B=150", object),
        (.label, false, ".", empty), (.label, false, ".blue", scalar),
        (.label, false, ".blue,black,brown", array), (.label, false, ".R,100,G,200,B,150", object),
        (.label, true, ".", empty), (.label, true, ".blue", scalar),
        (.label, true, ".blue.black.brown", array), (.label, true, ".R=100.G=200.B=150", object),
        (.simple, false, "", empty), (.simple, false, "blue", scalar),
        (.simple, false, "blue,black,brown", array), (.simple, false, "R,100,G,200,B,150", object),
        (.simple, true, "", empty), (.simple, true, "blue", scalar),
        (.simple, true, "blue,black,brown", array), (.simple, true, "R=100,G=200,B=150", object),
    ]) func `path and header styles are taken apart as tabled`(style: ParameterStyle, explode: Bool, text: String, expected: Serialized)
        throws
    {
        let read = try PathStyles.parse(Array(text.utf8)[...], name: "color", style: style, explode: explode, form: expected.form)
        #expect(read == expected)
    }

    @Test(arguments: [
        (ParameterStyle.form, false, "color=", empty), (.form, false, "color=blue", scalar),
        (.form, false, "color=blue,black,brown", array), (.form, false, "color=R,100,G,200,B,150", object),
        (.form, true, "color=", empty), (.form, true, "color=blue", scalar),
        (.form, true, "color=blue&color=black&color=brown", array), (.form, true, "R=100&G=200&B=150", object),
        (.spaceDelimited, false, "color=blue%20black%20brown", array),
        (.spaceDelimited, false, "color=R%20100%20G%20200%20B%20150", object),
        (.spaceDelimited, false, "color=blue+black+brown", array),
        (.pipeDelimited, false, "color=blue%7Cblack%7Cbrown", array), (.pipeDelimited, false, "color=R%7C100%7cG%7C200%7CB%7C150", object),
        (.pipeDelimited, false, "color=blue|black|brown", array),
        (.deepObject, true, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150", object),
        (.deepObject, true, "color[R]=100&color[G]=200&color[B]=150&other[R]=1", object),
    ]) func `query styles are taken apart as tabled`(style: ParameterStyle, explode: Bool, text: String, expected: Serialized) throws {
        let query = try QueryString(Array(text.utf8)[...], limit: 100)
        let styles = QueryStyles(name: "color", style: style, explode: explode)
        #expect(try styles.parse(query, form: expected.form) { ["R", "G", "B"].contains($0) } == expected)
    }

    @Test(arguments: [
        (ParameterStyle.cookie, false, "color=", empty), (.cookie, false, "color=blue", scalar),
        (.cookie, false, "color=blue,black,brown", array), (.cookie, false, "color=R,100,G,200,B,150", object),
        (.cookie, true, "color=blue", scalar), (.cookie, true, "color=blue; color=black; color=brown", array),
        (.cookie, true, "R=100; G=200; B=150", object),
        (.form, true, "color=blue&color=black&color=brown", array), (.form, true, "color=blue; color=black; color=brown", array),
        (.form, false, "session=x; color=blue,black,brown", array), (.form, true, "session=x; color=\"blue\"", scalar),
    ]) func `cookie styles are taken apart as tabled`(style: ParameterStyle, explode: Bool, text: String, expected: Serialized) throws {
        let cookies = try CookieHeader([text], limit: 100)
        let read = try cookies.parse("color", style: style, explode: explode, form: expected.form) { ["R", "G", "B"].contains($0) }
        #expect(read == expected)
    }

    @Test func `an encoded delimiter belongs to the value`() throws {
        let query = try QueryString(Array("a=x%2Cy,z".utf8)[...], limit: 10)
        #expect(try QueryStyles(name: "a", style: .form, explode: false).parse(query, form: .list) { _ in false } == .list(["x,y", "z"]))
        let path = try PathStyles.parse(Array(".a%2Eb.c".utf8)[...], name: "p", style: .label, explode: true, form: .list)
        #expect(path == .list(["a.b", "c"]))
    }

    @Test func `a scalar that is sent twice is refused`() throws {
        let query = try QueryString(Array("a=1&b=2&a=1".utf8)[...], limit: 10)
        #expect(throws: StyleFault.repeated) {
            try QueryStyles(name: "a", style: .form, explode: true).parse(query, form: .scalar) { _ in false }
        }
        #expect(throws: StyleFault.repeated) {
            try QueryStyles(name: "a", style: .form, explode: false).parse(query, form: .list) { _ in false }
        }
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%ff"]) func `broken encoding of a value is refused`(text: String) throws {
        let query = try QueryString(Array(text.utf8)[...], limit: 10)
        #expect(throws: StyleFault.badEncoding) {
            try QueryStyles(name: "a", style: .form, explode: true).parse(query, form: .scalar) { _ in false }
        }
    }

    @Test(arguments: [("color", ParameterStyle.label), ("color", .matrix), (";size=1", .matrix), ("", .label)])
    func `a path text without its style's mark is refused`(text: String, style: ParameterStyle) {
        #expect(throws: StyleFault.malformed) {
            try PathStyles.parse(Array(text.utf8)[...], name: "color", style: style, explode: false, form: .scalar)
        }
    }

    @Test func `an object with a name but no value is refused`() {
        #expect(throws: StyleFault.malformed) {
            try PathStyles.parse(Array("R,100,G".utf8)[...], name: "color", style: .simple, explode: false, form: .fields)
        }
    }
}

extension Serialized {
    fileprivate var form: SerializedForm {
        switch self {
        case .scalar: .scalar
        case .list: .list
        case .fields: .fields
        }
    }
}
