import HTTPWire
import Testing

@Suite struct HTTP2HeadTests {
    private static let good = [(":method", "GET"), (":scheme", "https"), (":authority", "a.example"), (":path", "/x?y")]

    @Test func makesARequestThatHTTP1CanCarry() throws {
        let head = try build(Self.good + [("cookie", "a=1"), ("accept", "*/*"), ("cookie", "b=2")])
        #expect(head.targetText == "/x?y")
        #expect(head.authority == "a.example")
        #expect(head.fields[.host] == "a.example")
        #expect(head.fields.values(of: .cookie) == ["a=1; b=2"])
    }

    @Test(
        "refuses pseudo-field tricks and smuggled HTTP/1",
        arguments: [
            ([(":method", "GET"), (":scheme", "https"), (":path", "/")], "host"),
            ([(":method", "GET"), (":authority", "a"), (":path", "/")], "pseudo_field"),
            (good + [(":path", "/admin")], "pseudo_field"), (good + [("a", "b"), (":method", "POST")], "pseudo_field"),
            (good + [(":protocol", "x")], "pseudo_field"), (good + [("Upper", "x")], "field_name"), (good + [("a b", "x")], "field_name"),
            (good + [("a:b", "x")], "field_name"), (good + [("a", "b\r\nc: d")], "field_value"), (good + [("a", " b")], "field_value"),
            (good + [("transfer-encoding", "chunked")], "connection"), (good + [("connection", "close")], "connection"),
            (good + [("upgrade", "x")], "connection"), (good + [("te", "gzip")], "connection"), (good + [("host", "b.example")], "host"),
            (good + [("content-length", "5")], "content_length"),
            ([(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/a b")], "target"),
            ([(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "x")], "target"),
            ([(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/ HTTP/1.1\r\nX: y")], "target"),
            ([(":method", "GET /admin HTTP/1.1"), (":scheme", "https"), (":authority", "a"), (":path", "/")], "request_line"),
            ([(":method", "GET"), (":scheme", "ftp"), (":authority", "a"), (":path", "/")], "pseudo_field"),
            ([(":method", "GET"), (":scheme", "https"), (":authority", "a@b"), (":path", "/")], "host"),
        ] as [([(String, String)], String)])
    func refuses(_ fields: [(String, String)], _ code: String) {
        #expect { try build(fields) } throws: { ($0 as? WireError)?.code.rawValue == code }
    }

    private func build(_ fields: [(String, String)]) throws -> RequestHead {
        var builder = HTTP2RequestBuilder(limits: WireLimits())
        for (name, value) in fields { try builder.add(name, value) }
        return try builder.finish(endsStream: true)
    }
}
