import Testing

@testable import OpenAPI

@Suite struct RoutingTests {
    @Test(arguments: [
        ("/pets", "/pets"), ("/pets/mine", "/pets/mine"), ("/pets/7", "/pets/{id}"), ("/pets/mine/toys", "/pets/{id}/toys"),
        ("/pets/7/toys", "/pets/{id}/toys"), ("/files/a.json", "/files/{name}.json"), ("/files/a.b.json", "/files/{name}.json"),
        ("/files/a.xml", "/files/{name}"), ("/%70ets", "/pets"), ("/range/1-20", "/range/{from}-{to}"),
        ("/pets/a%20b", "/pets/{id}"), ("/matrix;x=1", "/matrix{x}"),
    ]) func `a path takes the most literal template`(path: String, expected: String) throws {
        #expect(try table().match(Array(path.utf8))?.targets == [expected])
    }

    @Test(arguments: ["/", "/pets/", "/pets//toys", "/Pets", "/files/.json/x", "/pets/7/toys/1", "/range/-20", "pets", ""])
    func `a path that fits no template has no route`(path: String) throws {
        #expect(try table().match(Array(path.utf8)) == nil)
    }

    @Test func `expressions capture the raw text between literals`() throws {
        let match = try #require(try table().match(Array("/range/a%2Db-c".utf8)))
        #expect(match.captures.map { String(decoding: $0, as: UTF8.self) } == ["a", "b-c"])
    }

    @Test(arguments: ["pets", "/a/{b", "/a/b}", "/{}", "/{a{b}}", "/%4"]) func `a malformed template is a fault`(text: String) {
        #expect(throws: PathTemplate.Fault.self) { try PathTemplate(text) }
    }

    @Test(arguments: [
        ("https://api.example.com/v1", ["/v1"]), ("/v2/", ["/v2"]), ("https://api.example.com", [""]), ("/", [""]),
        ("{scheme}://host/{base}/x", ["/{base}/x"]), ("./v1", ["/v1"]), ("//host/a", ["/a"]), ("https://h/{env}", ["/dev", "/prod"]),
    ]) func `a server's URL gives the base of its paths`(url: String, expected: [String]) throws {
        let bases = ServerBase.bases(url: url, variables: ["env": ["dev", "prod"]])
        let wanted = try expected.map { $0.isEmpty ? [] : try PathTemplate($0).segments }
        #expect(bases == wanted)
    }

    @Test func `paths lie below their servers, an operation's own servers first`() throws {
        let api = try validator(
            "get:\n  responses: {'200': {description: ok}}\nput:\n  servers: [{url: /other}]\n  responses: {'200': {description: ok}}",
            servers: "servers: [{url: 'https://a/v1'}, {url: 'https://b/v2'}]\n")
        #expect(api.get("/v1/x").isValid)
        #expect(api.get("/v2/x").isValid)
        #expect(api.get("/x").status == 404)
        #expect(api.validate(RequestHead(method: "PUT", path: "/other/x"), body: []).isValid)
        #expect(api.validate(RequestHead(method: "PUT", path: "/v1/x"), body: []).kind == .methodNotAllowed(allowed: ["GET", "HEAD"]))
    }

    private func table() throws -> RouteTable<String> {
        var table = RouteTable<String>()
        let paths = [
            "/pets/{id}", "/pets", "/pets/mine", "/pets/{id}/toys", "/files/{name}", "/files/{name}.json", "/range/{from}-{to}",
            "/matrix{x}",
        ]
        for path in paths { table.insert(try PathTemplate(path).segments, path) }
        return table
    }
}
