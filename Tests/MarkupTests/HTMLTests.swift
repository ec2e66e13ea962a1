import Markup
import Testing

@Suite struct HTMLTests {
    @Test func `text from outside cannot become markup`() {
        let hostile = "<script>alert('x')</script>&\"\u{0}"
        let page = element("p", .class("\"><b>")) { hostile }
        #expect(
            page.text
                == "<p class=\"&quot;&gt;&lt;b&gt;\">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;</p>")
    }

    @Test func `elements without content have no end tag`() {
        #expect(element("input", .name("a"), .flag("required")).text == "<input name=\"a\" required>")
        #expect(element("br").text == "<br>")
        #expect(element("div").text == "<div></div>")
    }

    @Test func `conditions and loops build pages`() {
        let items = element("ul") {
            for word in ["a", "b"] { element("li") { word } }
            if list(3).isEmpty { "never" } else { "always" }
        }
        #expect(items.text == "<ul><li>a</li><li>b</li>always</ul>")
    }

    func list(_ count: Int) -> [Int] { Array(repeating: 1, count: count) }

    @Test(arguments: [
        ("/account", true), ("https://a.example/x?y", true), ("mailto:a@b.example", true), ("javascript:alert(1)", false), ("//evil.example", false),
        ("/\\evil.example", false), ("data:text/html,x", false), ("", false), ("JaVaScRiPt:1", false), ("/a b", false), ("\tjavascript:1", false),
    ])
    func `only addresses that lead somewhere become links`(text: String, isGood: Bool) {
        #expect((WebAddress(text) != nil) == isGood)
    }

    @Test func `values are encoded into addresses`() {
        #expect(WebAddress.path("/id", "/signin").adding("flow", "a b&c").adding("x", "é").text == "/id/signin?flow=a%20b%26c&x=%C3%A9")
    }
}
