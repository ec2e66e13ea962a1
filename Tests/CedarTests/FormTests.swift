import StrictJSON
import Testing

@testable import Cedar

@Suite struct FormTests {
    static let text = """
        @id("a") permit (principal == User::"alice", action in [Action::"view", Action::"edit"], resource is Doc in Folder::"f")
        when { if context.mfa then principal.level + 1 - 2 >= 3 * 4 else !(context has a.b) }
        unless { resource["odd name"] like "a*\\\\*" || [1, {x: -1}].contains(principal.getTag("t")) };
        """

    @Test func `the JSON format gives the policy back`() throws {
        let set = try PolicySet(parsing: Self.text)
        let again = try PolicySet(parsingJSON: set.json.bytes())
        #expect(again.json == set.json)
    }

    @Test func `printed text gives the policy back`() throws {
        let set = try PolicySet(parsing: Self.text)
        #expect(try PolicySet(parsing: set.cedarText).json == set.json)
    }

    @Test func `formatting twice changes nothing and keeps comments`() throws {
        let source = "// first\npermit(principal, action, resource) // why\nwhen { // open\n context.a && // left\n context.b };\n// last\n"
        let formatted = try PolicyFormatter().format(source)
        #expect(try PolicyFormatter().format(formatted) == formatted)
        for comment in ["// first", "// why", "// open", "// left", "// last"] { #expect(formatted.contains(comment)) }
    }

    @Test func `long conditions are broken at their operators`() throws {
        let formatted = try PolicyFormatter(width: 40).format(
            "permit(principal,action,resource) when{context.first==1&&context.second==2&&context.third==3};")
        #expect(
            formatted == """
                permit (principal, action, resource)
                when
                {
                  context.first == 1 &&
                  context.second == 2 &&
                  context.third == 3
                };

                """)
    }

    @Test func `a schema is the same in both forms`() throws {
        let fragment = try SchemaFragment(parsing: Array(ValidationTests.schema.utf8))
        let json = try SchemaFragment(parsingJSON: fragment.json.bytes())
        #expect(json.json == fragment.json)
        #expect(try SchemaFragment(parsing: Array(json.cedarText().utf8)).json == fragment.json)
    }

    @Test func `escapes print and read as they are`() throws {
        for text in ["\0\n\t\r\\\"'", "é", "e\u{301}", "\u{301}", "\u{200B}", "😀", "\u{7F}"] {
            #expect(try holds("\(Text(text).quoted) == context.x", context: Record([("x", .string(Text(text)))])) == true)
        }
    }
}
