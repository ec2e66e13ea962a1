public import SecLang

/// One HTTP/1 request taken apart, as far as that can be done: requests that attack on purpose are odd.
///
/// Lines may end with CR LF or LF alone; a body is taken by `Transfer-Encoding: chunked` or `Content-Length`, else whatever is left.
public struct RawRequest: Sendable, Equatable {
    /// As they came.
    public var method: [UInt8]
    /// The request target as it came.
    public var target: [UInt8]
    /// `HTTP/1.1` and so on; empty where the line has none.
    public var version: [UInt8]
    /// The request line as it came.
    public var line: [UInt8] = []
    /// In order; white space around values taken off.
    public var headers: [Header]
    /// The body, chunks joined.
    public var body: [UInt8]
    /// What a strict server refuses the request for; nil where it is proper HTTP/1 (RFC 9112).
    public var problem: String?

    /// A header line.
    public struct Header: Sendable, Equatable {
        /// As it came.
        public var name: [UInt8]
        /// As it came, white space around it taken off.
        public var value: [UInt8]
    }

    /// Takes a request apart.
    public init(_ bytes: [UInt8]) {
        (method, target, version, headers, body) = ([], [], [], [], [])
        var position = 0
        while let line = RawRequest.line(bytes, &position) {
            if line.isEmpty { continue }
            takeRequestLine(line)
            if position > 1, position <= bytes.count, bytes[position - 2] != 13 { note("a line that ends with LF alone") }
            break
        }
        var sawEnd = false
        while let line = RawRequest.line(bytes, &position) {
            if line.isEmpty {
                sawEnd = true
                break
            }
            takeHeader(line)
        }
        if !sawEnd { note("the head does not end") }
        takeBody(Array(bytes[min(position, bytes.count)...]))
        check()
    }

    private mutating func note(_ reason: String) { problem = problem ?? reason }

    private static func line(_ bytes: [UInt8], _ position: inout Int) -> [UInt8]? {
        guard position < bytes.count else { return nil }
        let end = bytes[position...].firstIndex(of: 10) ?? bytes.count
        defer { position = end + 1 }
        let line = bytes[position..<end]
        return Array(line.last == 13 ? line.dropLast() : line)
    }

    private mutating func takeRequestLine(_ line: [UInt8]) {
        self.line = line
        let start = line.firstIndex { $0 != 32 && $0 != 9 } ?? 0
        let space = line[start...].firstIndex { $0 == 32 || $0 == 9 } ?? line.count
        method = Array(line[start..<space])
        var rest = Array(line[min(space + 1, line.count)...].drop { $0 == 32 || $0 == 9 })
        if let last = rest.lastIndex(where: { $0 == 32 || $0 == 9 }) {
            version = Array(rest[(last + 1)...])
            rest = Array(rest[..<last].reversed().drop { $0 == 32 || $0 == 9 }.reversed())
        }
        target = rest
        if start > 0 { note("white space before the method") }
    }

    private mutating func takeHeader(_ line: [UInt8]) {
        if line[0] == 32 || line[0] == 9, !headers.isEmpty {
            headers[headers.count - 1].value += [32] + RawRequest.trimmed(line[...])
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            note("a header without a colon")
            return
        }
        let name = Array(line[..<colon])
        if name.contains(where: { $0 <= 32 || $0 >= 127 }) || name.isEmpty { note("a header name that is no token") }
        headers.append(Header(name: RawRequest.trimmed(name[...]), value: RawRequest.trimmed(line[(colon + 1)...])))
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(bytes.drop { $0 == 32 || $0 == 9 }.reversed().drop { $0 == 32 || $0 == 9 }.reversed())
    }

    /// The value of the first header of a name.
    public func value(of name: String) -> String? {
        headers.first { String(decoding: $0.name, as: UTF8.self).lowercased() == name.lowercased() }.map {
            String(decoding: $0.value, as: UTF8.self)
        }
    }

    private mutating func takeBody(_ rest: [UInt8]) {
        if value(of: "Transfer-Encoding")?.lowercased().contains("chunked") ?? false {
            body = RawRequest.joined(chunks: rest)
            // RFC 9112 section 6.3: the length has no say, and is not passed on.
            headers.removeAll { String(decoding: $0.name, as: UTF8.self).lowercased() == "content-length" }
        } else if let length = value(of: "Content-Length").flatMap({ Int($0) }), length >= 0 {
            body = Array(rest.prefix(length))
        } else if value(of: "Content-Length") != nil {
            body = rest
        }
    }

    private static func joined(chunks bytes: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        var position = 0
        while let line = line(bytes, &position),
            let size = Int(String(decoding: line.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self), radix: 16),
            size > 0, position < bytes.count
        {
            body += bytes[position..<min(bytes.count, position + size)]
            position += size
            _ = self.line(bytes, &position)
        }
        return body
    }

    /// What a strict server looks at besides.
    private mutating func check() {
        if method.isEmpty || !method.allSatisfy(RawRequest.isToken) { note("a method that is no token") }
        if target.isEmpty || target.contains(where: { $0 <= 32 || $0 == 127 }) {
            note("a request target with white space or control characters")
        }
        let text = String(decoding: version, as: UTF8.self)
        if !text.hasPrefix("HTTP/") || text.hasPrefix("HTTP/0") { note("no version of HTTP that is spoken") }
        if !hasProperTarget { note("a request target of no known form") }
        if let host = value(of: "Host"), host.isEmpty || host.contains(where: { "%<>\\ ,;\"".contains($0) }) {
            note("a Host that names no host")
        }
        if headers.contains(where: { $0.value.contains { $0 == 0 || $0 == 10 || $0 == 13 } }) { note("a control character in a header") }
        let names = headers.map { String(decoding: $0.name, as: UTF8.self).lowercased() }
        if text == "HTTP/1.1", names.filter({ $0 == "host" }).count != 1 { note("not exactly one Host header") }
        if let length = value(of: "Content-Length"), length.isEmpty || !length.allSatisfy(\.isNumber) {
            note("a Content-Length that is no number")
        }
    }

    /// RFC 9112 section 3.2: a path, `scheme://…`, `*` for OPTIONS, `host:port` for CONNECT; no fragment.
    private var hasProperTarget: Bool {
        let text = String(decoding: target, as: UTF8.self)
        if text.contains("#") { return false }
        if method == Array("CONNECT".utf8) { return text.contains(":") && !text.contains("/") }
        return text.hasPrefix("/") || text.contains("://") || text == "*" && method == Array("OPTIONS".utf8)
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        byte > 32 && byte < 127 && !"()<>@,;:\\\"/[]?={}".utf8.contains(byte)
    }
}

extension RawRequest {
    /// Hands the head to a transaction, byte for byte.
    public func feed(to transaction: Transaction) {
        transaction.setRequestLine(method: method, target: target, version: version, line: line)
        for header in headers { transaction.addRequestHeader(header.name, header.value) }
    }
}
