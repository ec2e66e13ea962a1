/// Reads bytes as a connection's requests and answers, in pieces; for fuzzing. Must never trap, whatever the bytes.
public func fuzzHTTP1(_ bytes: [UInt8]) {
    for piece in [bytes.count, 1, 7] where piece > 0 {
        var requests = HTTP1RequestReader()
        feed(bytes, piece) { input, position in
            while true {
                guard let event = try? requests.next(input, &position) else { return false }
                if event == .needsMore { return true }
                if event == .end { requests.startNext() }
            }
        }
        var answers = HTTP1ResponseReader()
        answers.start(for: .get)
        feed(bytes, piece) { input, position in
            while true {
                guard let event = try? answers.next(input, &position) else { return false }
                if event == .needsMore { return true }
                if event == .end { answers.start(for: .get) }
            }
        }
    }
}

/// Reads bytes as a PROXY header; for fuzzing. Must never trap.
public func fuzzProxyHeader(_ bytes: [UInt8]) { _ = ProxyHeader.read(bytes.span) }

/// Normalizes bytes as a path, twice; for fuzzing. Must never trap, and the normal form must be its own normal form.
///
/// - Returns: false when the second pass changed something that the first one should have.
public func fuzzPath(_ bytes: [UInt8]) -> Bool {
    let once = PathNormalizer.normalized(bytes)
    guard !once.contains(ASCII.percent) else { return true }
    return PathNormalizer.normalized(once) == once
}

/// Hands out bytes as they would come from a socket, until the reader gives up.
private func feed(_ bytes: [UInt8], _ piece: Int, _ read: (Span<UInt8>, inout Int) -> Bool) {
    var buffer: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
        buffer += bytes[start..<min(start + piece, bytes.count)]
        var position = 0
        guard read(buffer.span, &position) else { return }
        buffer.removeFirst(position)
    }
}
