import HTTPWire

/// What a reader makes of a connection's bytes: one line per event, or the code of the error.
func events(of text: String, pieces: Int = .max, limits: WireLimits = WireLimits()) -> [String] {
    var reader = HTTP1RequestReader(limits: limits)
    var log: [String] = []
    var buffer: [UInt8] = []
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
        let end = min(bytes.count, start + min(pieces, bytes.count))
        buffer += bytes[start..<end]
        start = end
        do {
            try drain(&reader, &buffer, into: &log)
        } catch {
            return log + ["error \(error.code.rawValue)"]
        }
    }
    return log
}

private func drain(_ reader: inout HTTP1RequestReader, _ buffer: inout [UInt8], into log: inout [String]) throws(WireError) {
    var position = 0
    defer { buffer.removeFirst(position) }
    while true {
        switch try reader.next(buffer.span, &position) {
        case .needsMore: return
        case .head: log.append("\(reader.head.method.name) \(reader.head.targetText) \(reader.head.authority) \(reader.head.framing)")
        case .body(let range): append(String(decoding: buffer[range], as: UTF8.self), to: &log)
        case .end:
            log.append("end")
            reader.startNext()
        }
    }
}

/// Pieces of a body that follow each other count as one, however they came.
private func append(_ body: String, to log: inout [String]) {
    if let last = log.last, last.hasPrefix("body ") { log[log.count - 1] = last + body } else { log.append("body \(body)") }
}
