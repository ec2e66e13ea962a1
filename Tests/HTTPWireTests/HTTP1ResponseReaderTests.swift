import HTTPWire
import Testing

@Suite struct HTTP1ResponseReaderTests {
    @Test("reads answers whose end is found in each way", arguments: [1, 5, Int.max])
    func readsAnswers(pieces: Int) {
        #expect(answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", pieces) == ["200 length(2)", "body ok", "end"])
        #expect(answer("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", pieces) == ["200 chunked", "body ok", "end"])
        #expect(answer("HTTP/1.0 200 OK\r\n\r\nok", pieces) == ["200 untilClose", "body ok"])
        #expect(answer("HTTP/1.1 204 No\r\n\r\n", pieces) == ["204 none", "end"])
        #expect(answer("HTTP/1.1 103 Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", pieces) == ["interim 103", "200 length(0)", "end"])
    }

    @Test func hasNoBodyForHEADWhateverTheFieldsSay() {
        #expect(answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", .max, method: .head) == ["200 none", "end"])
    }

    @Test(
        "refuses answers that could be read in two ways",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", "length_and_encoding"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n", "content_length_repeated"),
            ("HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\n", "bare_line_end"),
            ("HTTP/1.1 99 Low\r\n\r\n", "status_line"), ("HTTP/1.1 2000 High\r\n\r\n", "status_line"), ("garbage garbage\r\n\r\n", "status_line"),
            ("HTTP/2.0 200 OK\r\n\r\n", "status_line"), ("HTTP/1.1 200 OK\r\nX : y\r\n\r\n", "field_name"),
            (String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 9), "status_line"),
        ])
    func refuses(_ text: String, _ code: String) { #expect(answer(text, .max).last == "error \(code)") }

    @Test func refusesEndlessHeads() {
        let text = "HTTP/1.1 200 OK\r\n" + String(repeating: "X-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n", count: 2000)
        #expect(["error head_length", "error field_count"].contains(answer(text, 1000).last))
    }

    private func answer(_ text: String, _ pieces: Int, method: HTTPMethod = .get) -> [String] {
        var reader = HTTP1ResponseReader()
        reader.start(for: method)
        var log: [String] = []
        var buffer: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            buffer += rest.prefix(pieces)
            rest = rest.dropFirst(pieces)
            var position = 0
            reading: while true {
                do throws(WireError) {
                    switch try reader.next(buffer.span, &position) {
                    case .needsMore: break reading
                    case .interim: log.append("interim \(reader.head.status)")
                    case .head: log.append("\(reader.head.status) \(reader.head.framing)")
                    case .body(let range):
                        let body = String(decoding: buffer[range], as: UTF8.self)
                        if let last = log.last, last.hasPrefix("body") { log[log.count - 1] = last + body } else { log.append("body " + body) }
                    case .end:
                        return log + ["end"]
                    }
                } catch {
                    return log + ["error \(error.code.rawValue)"]
                }
            }
            buffer.removeFirst(position)
        }
        return log
    }
}
