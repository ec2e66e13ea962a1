/// Makes the head of a request from the decoded fields of an HTTP/2 stream (RFC 9113, section 8.3.1), strictly.
///
/// Refuses: pseudo fields after others, unknown, repeated or missing ones; upper-case names; fields that belong to an
/// HTTP/1 connection; a Host that differs from `:authority`; everything that could not be said in HTTP/1.1.
public struct HTTP2RequestBuilder: Sendable {
    private var head = RequestHead()
    private var method: String?
    private var path: String?
    private var scheme: String?
    private var authority: String?
    private var isBehindPseudo = false
    private var size = 0
    private let limits: WireLimits

    /// A builder under limits.
    public init(limits: WireLimits) { self.limits = limits }

    /// Adds a field, in the order of the stream.
    public mutating func add(_ name: String, _ value: String) throws(WireError) {
        size += name.utf8.count + value.utf8.count + 32
        guard size <= limits.headBytes else { throw WireError(.headTooLong, "longer than \(limits.headBytes) bytes") }
        if name.utf8.first == UInt8(ascii: ":") { return try addPseudo(name, value) }
        isBehindPseudo = true
        guard head.fields.count < limits.fieldCount else { throw WireError(.tooManyFields, "more than \(limits.fieldCount) fields") }
        try FieldRules.append(name, value, to: &head.fields)
    }

    /// The head, when all fields were added.
    ///
    /// - Parameter endsStream: true when no body follows.
    public consuming func finish(endsStream: Bool) throws(WireError) -> RequestHead {
        guard let method, let path, scheme != nil else { throw WireError(.badPseudoField, "a pseudo field is missing") }
        head.version = .http2
        head.method = try FieldRules.method(method)
        guard head.method != .connect else { throw WireError(.badTarget, "connect is not offered") }
        guard path.utf8.count <= limits.targetBytes else { throw WireError(.targetTooLong, "target of \(path.utf8.count) bytes") }
        guard path.utf8.first == ASCII.slash || (path == "*" && head.method == .options) else {
            throw WireError(.badTarget, "path that does not start with a slash")
        }
        let bytes = Array(path.utf8)
        try RequestTarget.parse(bytes.span, into: &head)
        try setAuthority()
        try setFraming(endsStream)
        FieldRules.joinCookies(&head.fields)
        if head.fields.contains(.expect), !head.fields.has(.expect, "100-continue") {
            throw WireError(.badExpectation, "expectation other than 100-continue")
        }
        return head
    }

    private mutating func addPseudo(_ name: String, _ value: String) throws(WireError) {
        guard !isBehindPseudo else { throw WireError(.badPseudoField, "`\(name)` after other fields") }
        switch name {
        case ":method": try Self.set(&method, value, name)
        case ":path": try Self.set(&path, value, name)
        case ":scheme":
            guard value == "http" || value == "https" else { throw WireError(.badPseudoField, "scheme other than http and https") }
            try Self.set(&scheme, value, name)
        case ":authority": try Self.set(&authority, value, name)
        default: throw WireError(.badPseudoField, "unknown pseudo field")
        }
    }

    private static func set(_ place: inout String?, _ value: String, _ name: String) throws(WireError) {
        guard place == nil else { throw WireError(.badPseudoField, "`\(name)` twice") }
        place = value
    }

    private mutating func setAuthority() throws(WireError) {
        let hosts = head.fields.count(of: .host)
        guard hosts <= 1 else { throw WireError(.badHost, "more than one host") }
        let host = head.fields.firstIndex(of: .host).map { head.fields.valueBytes(at: $0) }
        guard let named = authority.map({ Array($0.utf8) }) ?? host.map(Array.init) else { throw WireError(.badHost, "no authority") }
        head.authority = try RequestTarget.authority(named)
        if let host, try RequestTarget.authority(host) != head.authority {
            throw WireError(.badHost, "host differs from the authority")
        }
        if host == nil { head.fields.append(.host, head.authority) }
    }

    private mutating func setFraming(_ endsStream: Bool) throws(WireError) {
        guard let index = head.fields.firstIndex(of: .contentLength) else {
            head.framing = endsStream ? .none : .chunked
            return
        }
        let count = try FramingRules.contentLength(head.fields, at: index)
        guard !endsStream || count == 0 else { throw WireError(.badContentLength, "content-length without a body") }
        head.framing = endsStream ? .none : .length(count)
    }
}

/// Makes the head of an answer from the decoded fields of an HTTP/2 stream (RFC 9113, section 8.3.2).
public enum HTTP2ResponseBuilder {
    /// The head of these fields.
    ///
    /// - Parameter endsStream: true when no body follows.
    public static func head(
        _ fields: some Sequence<(name: String, value: String)>, endsStream: Bool
    ) throws(WireError) -> ResponseHead {
        var head = ResponseHead()
        var status: Int?
        for (name, value) in fields {
            if name == ":status" {
                guard status == nil, value.utf8.count == 3, let number = Int(value), (100...599).contains(number) else {
                    throw WireError(.badStatusLine, "no single status")
                }
                status = number
            } else {
                try FieldRules.append(name, value, to: &head.fields)
            }
        }
        guard let status else { throw WireError(.badStatusLine, "no status") }
        head.status = status
        head.version = .http2
        if let index = head.fields.firstIndex(of: .contentLength) {
            let count = try FramingRules.contentLength(head.fields, at: index)
            head.framing = endsStream ? .none : .length(count)
        } else {
            head.framing = endsStream ? .none : .chunked
        }
        return head
    }

    /// The trailer fields of these fields.
    public static func trailers(_ fields: some Sequence<(name: String, value: String)>) throws(WireError) -> FieldBlock {
        var block = FieldBlock()
        for (name, value) in fields {
            guard name.utf8.first != UInt8(ascii: ":") else { throw WireError(.badTrailer, "pseudo field in a trailer section") }
            try FieldRules.append(name, value, to: &block)
        }
        try ChunkedReader.check(block)
        return block
    }
}

/// Rules for single fields that come decoded.
enum FieldRules {
    /// Adds a field of HTTP/2: lower-case token, clean value, nothing that belongs to an HTTP/1 connection.
    static func append(_ name: String, _ value: String, to fields: inout FieldBlock) throws(WireError) {
        let nameBytes = Array(name.utf8)
        let valueBytes = Array(value.utf8)
        guard !nameBytes.isEmpty, nameBytes.count <= 256, !nameBytes.contains(where: ASCII.isUpper) else {
            throw WireError(.badFieldName, "field name that is empty, too long or not lower case")
        }
        if let first = valueBytes.first, let last = valueBytes.last, isBlank(first) || isBlank(last) {
            throw WireError(.badFieldValue, "white space around the value of a field")
        }
        try fields.append(name: nameBytes.span, value: valueBytes.span)
        switch fields.known(at: fields.count - 1) {
        case .connection, .transferEncoding, .keepAlive, .proxyConnection, .upgrade:
            throw WireError(.badConnection, "`\(name)` in HTTP/2")
        case .te where value != "trailers": throw WireError(.badConnection, "te other than trailers")
        default: break
        }
    }

    static func method(_ name: String) throws(WireError) -> HTTPMethod {
        guard (1...32).contains(name.utf8.count), name.utf8.allSatisfy(ASCII.isToken) else {
            throw WireError(.badRequestLine, "method that is no token")
        }
        return HTTPMethod(name)
    }

    /// Makes one Cookie of several (RFC 9113, section 8.2.3).
    static func joinCookies(_ fields: inout FieldBlock) {
        guard fields.count(of: .cookie) > 1 else { return }
        fields.set(.cookie, fields.values(of: .cookie).joined(separator: "; "))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.tab }
}
