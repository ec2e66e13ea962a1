import Testing

@testable import SecLang

@Suite struct BodyTests {
    private func json(_ text: String, depth: Int = 10) throws -> [String] {
        let arena = Arena()
        defer { withExtendedLifetime(arena) {} }
        var found: [String] = []
        try JSONBody.read(arena.copy(text), depthLimit: depth, arena) { name, value in
            found.append("\(name.text)=\(value.text)")
            return true
        }
        return found
    }

    @Test func jsonValuesAreNamedByTheirPath() throws {
        #expect(try json(#"{"a":{"b":1,"c":[true,null,"x\u0041\n"]},"d":-1.5e3}"#) == ["a.b=1", "a.c.c=true", "a.c.c=", "a.c.c=xA\n", "d=-1.5e3"])
        #expect(try json(#"[1,{"k":2}]"#) == ["array.array=1", "array.array.k=2"])
        #expect(try json(#"{"items":[{"name":"x"}]}"#) == ["items.items.name=x"])
        #expect(try json("") == [])
    }

    @Test(arguments: [
        "{", "[1,]", "{\"a\" 1}", "01", "\"\u{1}\"", "{\"a\":1}x", "tru", "\"\\q\"", "[\"a\" \"b\"]", "{a:1}", "-", "1.", "\"abc",
    ])
    func whatIsNotJSONIsRefused(_ text: String) {
        #expect(throws: JSONBody.Failure.self) { try json(text) }
    }

    @Test func jsonThatNestsTooDeepIsRefused() {
        #expect(throws: JSONBody.Failure(reason: "JSON depth limit exceeded")) { try json(String(repeating: "[", count: 11), depth: 10) }
        #expect(throws: JSONBody.Failure.self) { try json(String(repeating: "[", count: 200_000), depth: 1_000_000) }
    }

    private func multipart(_ body: String, type: String = "multipart/form-data; boundary=xyz") -> (TransactionRecord, Transaction) {
        let exchange = try? Exchange("SecRule MULTIPART_STRICT_ERROR|MULTIPART_UNMATCHED_BOUNDARY|REQBODY_ERROR \"!@eq 0\" \"id:1,phase:2,deny\"")
        guard let exchange else { fatalError("the rules of the test are wrong") }
        let transaction = exchange.transaction()
        transaction.setRequestLine(method: "POST", target: "/", version: "HTTP/1.1")
        transaction.addRequestHeader("Content-Type", type)
        _ = transaction.processRequestHeaders()
        _ = transaction.appendRequestBody(Array(body.utf8))
        _ = transaction.processRequestBody()
        return (transaction.finish(), transaction)
    }

    private func values(_ variable: Variable, _ transaction: Transaction) -> [String] {
        transaction.workspace.tables[variable.table ?? 0].map { "\($0.name.text)=\(transaction.workspace.value($0.node).text)" }
    }

    @Test func partsBecomeArgumentsAndFiles() {
        let (record, transaction) = multipart(
            "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n--xyz\r\nContent-Disposition: form-data; name=\"f\"; "
                + "filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\ndata\r\n--xyz--\r\n")
        #expect(record.interruption == nil)
        #expect(values(.args, transaction) == ["a=one\r\ntwo"])
        #expect(values(.files, transaction) == ["f=x.txt"])
        #expect(values(.multipartPartHeaders, transaction).count == 3)
        #expect(transaction.filesSize == 4)
    }

    static let tricks: [(name: String, body: String, type: String)] = [
        ("lines that end with LF", "--xyz\nContent-Disposition: form-data; name=a\n\nx\n--xyz--\n", "multipart/form-data; boundary=xyz"),
        ("a folded header", part("Content-Disposition: form-data;\r\n name=\"a\""), "multipart/form-data; boundary=xyz"),
        ("single quotes", part("Content-Disposition: form-data; name='a'"), "multipart/form-data; boundary=xyz"),
        ("two names", part("Content-Disposition: form-data; name=a; name=b"), "multipart/form-data; boundary=xyz"),
        ("two file names", part("Content-Disposition: form-data; name=a; filename=b; filename=c"), "multipart/form-data; boundary=xyz"),
        ("a name with a star", part("Content-Disposition: form-data; name=a; filename*=UTF-8''x"), "multipart/form-data; boundary=xyz"),
        ("no name", part("Content-Disposition: form-data"), "multipart/form-data; boundary=xyz"),
        ("no disposition", part("Content-Type: text/plain"), "multipart/form-data; boundary=xyz"),
        ("a header twice", part("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b"), "multipart/form-data; boundary=xyz"),
        ("data before the first boundary", "x\r\n" + part("Content-Disposition: form-data; name=a"), "multipart/form-data; boundary=xyz"),
        ("data behind the last boundary", part("Content-Disposition: form-data; name=a") + "x", "multipart/form-data; boundary=xyz"),
        ("no last boundary", "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n", "multipart/form-data; boundary=xyz"),
        ("a quoted boundary", part("Content-Disposition: form-data; name=a"), "multipart/form-data; boundary=\"xyz\""),
        ("half a quote", part("Content-Disposition: form-data; name=a"), "multipart/form-data; boundary=\"xyz"),
        ("two boundaries", part("Content-Disposition: form-data; name=a"), "multipart/form-data; boundary=xyz; boundary=abc"),
        ("a boundary in another case", part("Content-Disposition: form-data; name=a"), "multipart/form-data; BOUNDARY=xyz"),
        ("white space around the boundary", part("Content-Disposition: form-data; name=a"), "multipart/form-data; boundary = xyz"),
        ("no semicolon", part("Content-Disposition: form-data; name=a"), "multipart/form-data boundary=xyz"),
        ("a charset before the boundary", part("Content-Disposition: form-data; name=a"), "multipart/form-data; charset=x; boundary=xyz"),
        ("a boundary inside a line", part("Content-Disposition: form-data; name=a", content: "a--xyz"), "multipart/form-data; boundary=xyz"),
        ("a boundary with a tail", part("Content-Disposition: form-data; name=a", content: "--xyzzy"), "multipart/form-data; boundary=xyz"),
        ("a NUL in a header", part("Content-Disposition: form-data; name=\"a\0\""), "multipart/form-data; boundary=xyz"),
        ("other multipart", part("Content-Disposition: form-data; name=a"), "multipart/form-dataX"),
    ]

    private static func part(_ header: String, content: String = "x") -> String { "--xyz\r\n\(header)\r\n\r\n\(content)\r\n--xyz--\r\n" }

    @Test(arguments: tricks)
    func aMultipartBodyThatTwoReadersCouldSeeDifferentlyIsRefused(_ name: String, _ body: String, _ type: String) {
        #expect(multipart(body, type: type).0.interruption != nil, "\(name)")
    }

    private func xml(_ text: String, _ path: String) throws -> [String] {
        let arena = Arena()
        defer { withExtendedLifetime(arena) {} }
        return try XPath(path, namespaces: [:]).values(in: XMLBody.read(arena.copy(text), arena), arena).map(\.text)
    }

    @Test func xmlTextAndAttributesAreFound() throws {
        let text = "<?xml version='1.0'?><a x=\"1\"><b y='2&amp;'>t<!-- c --><c/>u</b><![CDATA[<v>]]>&#65;</a>"
        #expect(try xml(text, "/*") == ["tu<v>A"])
        #expect(try xml(text, "//@*") == ["1", "2&"])
        #expect(try xml(text, "/a/b") == ["tu"])
        #expect(try xml(text, "//b/@y") == ["2&"])
        #expect(try xml(text, "//b/text()") == ["t", "u"])
    }

    @Test func internalEntitiesAreResolvedAndExternalOnesAreNot() throws {
        let text = "<!DOCTYPE a [<!ENTITY i 'in'><!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&i;&x;</a>"
        #expect(try xml(text, "/*") == ["in"])
    }

    @Test(arguments: ["<a>", "<a></b>", "<a/><b/>", "x", "<a b=1/>", "<a b='<'/>", "<a>&nope;</a>", "<a>&x</a>", "<1/>"])
    func whatIsNotWellFormedIsRefused(_ text: String) {
        #expect(throws: BodyFailure.self) { try xml(text, "/*") }
    }

    @Test func entitiesThatMultiplyAreRefused() {
        var text = "<!DOCTYPE a [<!ENTITY e0 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>"
        for level in 1...7 { text += "<!ENTITY e\(level) '" + String(repeating: "&e\(level - 1);", count: 20) + "'>" }
        text += "]><a>&e7;</a>"
        #expect(throws: BodyFailure.self) { try xml(text, "/*") }
    }

    @Test func theBodyIsReadByItsContentTypeOrByForce() throws {
        let rules = try Exchange(
            """
            SecRule REQUEST_HEADERS:Content-Type "@contains json" "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=JSON"
            SecRule ARGS:a "@streq evil" "id:2,phase:2,deny"
            """)
        #expect(rules.ids(headers: [("Content-Type", "application/json")], body: "{\"a\":\"evil\"}") == [2])
        #expect(rules.ids(headers: [("Content-Type", "application/x-www-form-urlencoded; charset=x")], body: "a=evil") == [2])
        #expect(rules.ids(headers: [("Content-Type", "text/plain")], body: "a=evil") == [])
    }

    @Test func aBodyOverItsLimitIsRefused() throws {
        let record = try Exchange("SecRequestBodyLimit 10").run("/", method: "POST", body: String(repeating: "x", count: 11))
        #expect(record.interruption?.status == 413)
        #expect(record.interruption?.cause == .bodyLimit)
    }

    @Test func tooManyArgumentsAreAnError() throws {
        let rules = try Exchange("SecArgumentsLimit 3\nSecRule REQBODY_ERROR \"!@eq 0\" \"id:1,phase:2,deny,status:400\"")
        #expect(rules.run("/?a=1&b=2&c=3").interruption == nil)
        #expect(rules.run("/?a=1&b=2&c=3&d=4").interruption?.status == 400)
    }
}
