import HTTPWire
import Testing

@Suite struct HTTP1RequestReaderTests {
    @Test("reads the forms that are well made, in pieces of any size", arguments: [1, 2, 3, 7, Int.max])
    func readsRequests(pieces: Int) {
        let text =
            "\r\nGET /a?b=c HTTP/1.1\r\nHost: A.example:8080\r\nX:  y \r\n\r\n"
            + "POST / HTTP/1.1\r\nhost: b\r\ncontent-length: 5\r\n\r\nhello"
            + "PUT http://c/d HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n02\r\nde\r\n0\r\nX-Sum: 1\r\n\r\n"
            + "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"
        #expect(
            events(of: text, pieces: pieces) == [
                "GET /a?b=c a.example:8080 none", "end", "POST / b length(5)", "body hello", "end", "PUT /d c chunked", "body abcde",
                "end", "OPTIONS * [::1]:80 none", "end",
            ])
    }

    @Test("a control character in a value is refused wherever it stands", arguments: Array(0...8) + Array(10...31) + [127])
    func refusesControlCharacters(_ byte: UInt8) {
        for position in 1..<23 {
            var value = [UInt8](repeating: UInt8(ascii: "b"), count: 24)
            value[position] = byte
            let text = "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(decoding: value, as: UTF8.self))\r\n\r\n"
            #expect(events(of: text).last?.hasPrefix("error") == true, "byte \(byte) at \(position)")
        }
    }

    @Test func takesAnotherHostOnTheSameConnection() {
        let text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: B\r\n\r\nGET http://c/ HTTP/1.1\r\nHost: b\r\n\r\n"
        #expect(events(of: text) == ["GET / a none", "end", "GET / b none", "end", "error host"])
    }

    @Test func readsAnHTTP10RequestWithoutHost() {
        #expect(events(of: "GET / HTTP/1.0\r\n\r\n") == ["GET /  none", "end"])
    }

    @Test func refusesHeadsBeyondTheLimits() {
        var limits = WireLimits()
        limits.targetBytes = 100
        limits.headBytes = 300
        limits.fieldCount = 3
        let long = String(repeating: "a", count: 400)
        #expect(events(of: "GET /\(long) HTTP/1.1\r\nHost: a\r\n\r\n", limits: limits) == ["error target_length"])
        #expect(events(of: "GET / HTTP/1.1\r\nHost: a\r\nX: \(long)", limits: limits) == ["error head_length"])
        let many = (0..<4).map { "X\($0): a\r\n" }.joined()
        #expect(events(of: "GET / HTTP/1.1\r\n\(many)\r\n", limits: limits) == ["error field_count"])
    }

    @Test func refusesABodyBeyondTheLimitEvenWhenItsLengthIsNotKnown() {
        var limits = WireLimits()
        limits.bodyBytes = 4
        #expect(events(of: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", limits: limits).last == "error body_length")
        let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"
        #expect(events(of: chunked, limits: limits).last == "error body_length")
    }

    @Test func goesByTransferEncodingWhereItsOwnerClosesTheConnection() {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        #expect(events(of: request, limits: WireLimits()) == ["error length_and_encoding"])
        var limits = WireLimits()
        limits.prefersTransferEncoding = true
        #expect(events(of: request, limits: limits).last == "end")
        var reader = HTTP1RequestReader(limits: limits)
        var position = 0
        #expect((try? reader.next(Array(request.utf8).span, &position)) == .head)
        #expect(reader.head.hadBothLengths)
        #expect(reader.head.fields["content-length"] == nil)
    }

    @Test func keepsTheBytesOfAHeadWhereAsked() {
        var limits = WireLimits()
        limits.keepsWire = true
        var reader = HTTP1RequestReader(limits: limits)
        let head = "GET http://A/x HTTP/1.1\r\nHost: A\r\nX-Odd:  v \r\n\r\n"
        for end in [10, 30, head.utf8.count] {
            var position = reader.head.wire.count
            _ = try? reader.next(Array(head.utf8.prefix(end)).span, &position)
        }
        #expect(String(decoding: reader.head.wire, as: UTF8.self) == head)
    }

    @Test func givesStatusesThatFitTheFault() {
        #expect(WireError(.targetTooLong, "").status == 414)
        #expect(WireError(.tooManyFields, "").status == 431)
        #expect(WireError(.bodyTooLong, "").status == 413)
        #expect(WireError(.unsupportedVersion, "").status == 505)
        #expect(WireError(.badHost, "").status == 400)
    }
}
