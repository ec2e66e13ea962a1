internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore
internal import SecLang

/// One exchange under the rules. Confined to the exchange's event loop, but for the time it is lent to a worker thread.
final class FirewallRun {
    let transaction: Transaction
    /// True while a worker thread has the transaction.
    var isAway = false
    /// True once the exchange has ended; what is left is done when the transaction comes back.
    var hasEnded = false
    /// True while the request's body is waited for.
    var awaitsRequestBody = false
    /// True while the answer's body is waited for.
    var awaitsResponseBody = false
    /// True once a refusal was handed out, or what would have been one.
    var hasRefused = false
    /// What was seen of the request's body, for the record.
    var recordedBody: [UInt8] = []
    var isRecordedBodyWhole = true

    init(_ transaction: Transaction) { self.transaction = transaction }
}

/// Hands an exchange's head to the rules, byte for byte as it came.
enum HeadFeeder {
    static func feed(_ head: borrowing RequestHead, to transaction: Transaction) {
        guard head.wire.isEmpty else { return feedWire(head.wire, skipsLength: head.hadBothLengths, to: transaction) }
        transaction.setRequestLine(method: Array(head.method.name.utf8), target: head.target, version: Array(version(head.version).utf8))
        for index in 0..<head.fields.count {
            transaction.addRequestHeader(Array(head.fields.nameBytes(at: index)), Array(head.fields.valueBytes(at: index)))
        }
    }

    /// The name that rules know a version by.
    static func version(_ version: HTTPVersion) -> String { version == .http2 ? "HTTP/2.0" : version.name }

    /// Lines that the reader has accepted: they end in CR LF, fields have a colon, no line is folded.
    ///
    /// - Parameter skipsLength: leaves Content-Length out, which has no say beside Transfer-Encoding and is not passed on.
    private static func feedWire(_ wire: [UInt8], skipsLength: Bool, to transaction: Transaction) {
        var start = 0
        var isFirst = true
        while let end = wire[start...].firstIndex(of: 13) {
            let line = wire[start..<end]
            start = min(end + 2, wire.count)
            if line.isEmpty {
                guard isFirst else { return }
                continue
            }
            if isFirst {
                feedRequestLine(line, to: transaction)
            } else if !skipsLength || !isContentLength(line) {
                feedField(line, to: transaction)
            }
            isFirst = false
        }
    }

    private static func feedRequestLine(_ line: ArraySlice<UInt8>, to transaction: Transaction) {
        let first = line.firstIndex(of: 32) ?? line.endIndex
        let last = line.lastIndex(of: 32) ?? line.endIndex
        let target = first < last ? line[(first + 1)..<last] : []
        let version = last < line.endIndex ? line[(last + 1)...] : []
        transaction.setRequestLine(method: Array(line[..<first]), target: Array(target), version: Array(version), line: Array(line))
    }

    private static func feedField(_ line: ArraySlice<UInt8>, to transaction: Transaction) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        var start = colon + 1
        var end = line.endIndex
        while start < end, isBlank(line[start]) { start += 1 }
        while end > start, isBlank(line[end - 1]) { end -= 1 }
        transaction.addRequestHeader(Array(line[..<colon]), Array(line[start..<end]))
    }

    private static func isContentLength(_ line: ArraySlice<UInt8>) -> Bool {
        String(decoding: line.prefix(15), as: UTF8.self).lowercased() == "content-length:"
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
}
