import HTTPWire
import Testing

/// One test per known way to make two parsers see different requests in the same bytes.
@Suite struct SmugglingTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: String
        var code: String
        var testDescription: String { name }
    }

    static let framing: [Attack] = [
        Attack(name: "CL.TE: both length and coding", bytes: post("Content-Length: 6\r\nTransfer-Encoding: chunked") + "0\r\n\r\nG", code: "length_and_encoding"),
        Attack(name: "TE.CL: both, the other way round", bytes: post("Transfer-Encoding: chunked\r\nContent-Length: 3") + "1\r\nA\r\n0\r\n\r\n", code: "length_and_encoding"),
        Attack(name: "CL.CL: two different lengths", bytes: post("Content-Length: 3\r\nContent-Length: 4") + "abcd", code: "content_length_repeated"),
        Attack(name: "two equal lengths", bytes: post("Content-Length: 3\r\nContent-Length: 3") + "abc", code: "content_length_repeated"),
        Attack(name: "a list as length", bytes: post("Content-Length: 3, 3") + "abc", code: "content_length"),
        Attack(name: "plus sign in the length", bytes: post("Content-Length: +3") + "abc", code: "content_length"),
        Attack(name: "minus sign in the length", bytes: post("Content-Length: -3") + "abc", code: "content_length"),
        Attack(name: "hexadecimal length", bytes: post("Content-Length: 0x3") + "abc", code: "content_length"),
        Attack(name: "empty length", bytes: post("Content-Length: ") + "abc", code: "content_length"),
        Attack(name: "length that overflows", bytes: post("Content-Length: 18446744073709551619") + "abc", code: "content_length"),
        Attack(name: "length with an underscore", bytes: post("Content-Length: 1_0") + "abc", code: "content_length"),
        Attack(name: "TE.TE: two codings", bytes: post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity") + "0\r\n\r\n", code: "transfer_encoding"),
        Attack(name: "coding with a prefix", bytes: post("Transfer-Encoding: xchunked") + "0\r\n\r\n", code: "transfer_encoding"),
        Attack(name: "coding list", bytes: post("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n", code: "transfer_encoding"),
        Attack(name: "chunked twice", bytes: post("Transfer-Encoding: chunked, chunked") + "0\r\n\r\n", code: "transfer_encoding"),
        Attack(name: "identity", bytes: post("Transfer-Encoding: identity") + "0\r\n\r\n", code: "transfer_encoding"),
        Attack(name: "coding with a vertical tab", bytes: post("Transfer-Encoding: \u{0B}chunked") + "0\r\n\r\n", code: "field_value"),
        Attack(name: "quoted coding", bytes: post("Transfer-Encoding: \"chunked\"") + "0\r\n\r\n", code: "transfer_encoding"),
        Attack(name: "coding in HTTP/1.0", bytes: "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", code: "transfer_encoding"),
        Attack(name: "Connection takes the length away", bytes: post("Content-Length: 3\r\nConnection: Content-Length") + "abc", code: "connection"),
        Attack(name: "Connection takes the host away", bytes: post("Connection: close, host"), code: "connection"),
    ]

    static let lines: [Attack] = [
        Attack(name: "space before the colon", bytes: post("Transfer-Encoding : chunked") + "0\r\n\r\n", code: "field_name"),
        Attack(name: "tab before the colon", bytes: post("Content-Length\t: 3") + "abc", code: "field_name"),
        Attack(name: "folded line", bytes: post("X: a\r\n Transfer-Encoding: chunked"), code: "folded_field"),
        Attack(name: "first line starts with a space", bytes: "GET / HTTP/1.1\r\n Host: a\r\n\r\n", code: "folded_field"),
        Attack(name: "lone line feed after a field", bytes: "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", code: "bare_line_end"),
        Attack(name: "lone line feed after the request line", bytes: "GET / HTTP/1.1\nHost: a\r\n\r\n", code: "bare_line_end"),
        Attack(name: "lone carriage return in a value", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", code: "field_value"),
        Attack(name: "NUL in a value", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", code: "field_value"),
        Attack(name: "NUL in a name", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n", code: "field_name"),
        Attack(name: "empty name", bytes: "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", code: "field_name"),
        Attack(name: "no colon", bytes: "GET / HTTP/1.1\r\nHost: a\r\nabc\r\n\r\n", code: "field_name"),
        Attack(name: "no-break space in a name", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX\u{A0}: b\r\n\r\n", code: "field_name"),
        Attack(name: "two empty lines before a request", bytes: "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", code: "request_line"),
        Attack(name: "two spaces in the request line", bytes: "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", code: "request_line"),
        Attack(name: "tab in the request line", bytes: "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", code: "request_line"),
        Attack(name: "HTTP/0.9", bytes: "GET /\r\n", code: "request_line"),
        Attack(name: "HTTP/0.9 by name", bytes: "GET / HTTP/0.9\r\n\r\n", code: "request_line"),
        Attack(name: "version with two digits", bytes: "GET / HTTP/1.10\r\nHost: a\r\n\r\n", code: "request_line"),
        Attack(name: "lower-case version", bytes: "GET / http/1.1\r\nHost: a\r\n\r\n", code: "request_line"),
        Attack(name: "version 2 on the wire of version 1", bytes: "GET / HTTP/2.0\r\nHost: a\r\n\r\n", code: "version"),
        Attack(name: "trailing space after the version", bytes: "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", code: "request_line"),
        Attack(name: "empty host", bytes: "GET / HTTP/1.1\r\nHost:\r\n\r\n", code: "host"),
        Attack(name: "fragment in the target", bytes: "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", code: "target"),
        Attack(name: "target without a slash", bytes: "GET admin HTTP/1.1\r\nHost: a\r\n\r\n", code: "target"),
        Attack(name: "user information in the target", bytes: "GET http://a@b/ HTTP/1.1\r\nHost: b\r\n\r\n", code: "host"),
        Attack(name: "target of another scheme", bytes: "GET gopher://a/ HTTP/1.1\r\nHost: a\r\n\r\n", code: "target"),
        Attack(name: "no host", bytes: "GET / HTTP/1.1\r\n\r\n", code: "host"),
        Attack(name: "two hosts", bytes: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", code: "host"),
        Attack(name: "host with a path", bytes: "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", code: "host"),
        Attack(name: "host with a comma", bytes: "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", code: "host"),
        Attack(name: "host differs from the target", bytes: "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", code: "host"),
        Attack(name: "port that is too large", bytes: "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", code: "host"),
        Attack(name: "other expectation", bytes: post("Expect: 200-ok"), code: "expectation"),
    ]

    static let chunks: [Attack] = [
        Attack(name: "size with a prefix", bytes: chunked("0x1\r\nA\r\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "size with a sign", bytes: chunked("+1\r\nA\r\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "size after a space", bytes: chunked(" 1\r\nA\r\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "space after the size", bytes: chunked("1 \r\nA\r\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "size that overflows", bytes: chunked("10000000000000001\r\nA\r\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "empty size", bytes: chunked("\r\nA\r\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "size ended by a lone line feed", bytes: chunked("1\nA\r\n0\r\n\r\n"), code: "bare_line_end"),
        Attack(name: "lone line feed in an extension", bytes: chunked("1;a\nb\r\nA\r\n0\r\n\r\n"), code: "bare_line_end"),
        Attack(name: "carriage return in an extension", bytes: chunked("1;a\rb\r\nA\r\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "endless extension", bytes: chunked("1;" + String(repeating: "a", count: 400) + "\r\nA\r\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "data longer than its size", bytes: chunked("1\r\nAB\r\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "data ended by a lone line feed", bytes: chunked("1\r\nA\n0\r\n\r\n"), code: "chunk"),
        Attack(name: "length in a trailer", bytes: chunked("0\r\nContent-Length: 5\r\n\r\n"), code: "trailer"),
        Attack(name: "authorization in a trailer", bytes: chunked("0\r\nAuthorization: x\r\n\r\n"), code: "trailer"),
        Attack(name: "folded trailer", bytes: chunked("0\r\nA: b\r\n c\r\n\r\n"), code: "folded_field"),
    ]

    @Test("refused, whole and byte by byte", arguments: framing + lines + chunks)
    func refuses(_ attack: Attack) {
        #expect(events(of: attack.bytes).last == "error \(attack.code)")
        #expect(events(of: attack.bytes, pieces: 1).last == "error \(attack.code)")
    }

    private static func post(_ fields: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n" }

    private static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked") + body }
}
