/// The version of HTTP that a message came in, or will leave in.
public enum HTTPVersion: UInt8, Sendable, Comparable {
    case http10, http11, http2

    /// The name as in a status line.
    public var name: String {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        case .http2: "HTTP/2"
        }
    }

    /// Older versions are less.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// How the end of a message's body is found (RFC 9112, section 6.3).
public enum BodyFraming: Sendable, Equatable {
    /// There is no body.
    case none
    /// Exactly this many bytes.
    case length(Int)
    /// Chunks with sizes, then trailers; in HTTP/2 frames until the end of the stream.
    case chunked
    /// All bytes until the connection closes; answers only.
    case untilClose
}

/// The head of a request, however it came.
public struct RequestHead: Sendable {
    /// The method.
    public var method = HTTPMethod.get
    /// The version it came in.
    public var version = HTTPVersion.http11
    /// The bytes of the target as sent, in origin form: path and, after `?`, query. `*` for a server-wide OPTIONS.
    public var target: [UInt8] = []
    /// How many bytes of `target` are the path.
    public var pathLength = 0
    /// The host and optional port that the client asked for, lower case: from Host, `:authority` or the target.
    public var authority = ""
    /// The field lines; hop-by-hop ones are still there.
    public var fields = FieldBlock()
    /// How the body ends.
    public var framing = BodyFraming.none
    /// The bytes of the head as they came over HTTP/1, each line with its end; empty where nobody asked for them.
    public var wire: [UInt8] = []
    /// True where a Content-Length was dropped beside a Transfer-Encoding; the connection must end with the answer.
    public var hadBothLengths = false

    /// An empty GET.
    public init() {}

    /// The path as sent.
    public var path: String { String(decoding: pathBytes, as: UTF8.self) }

    /// The bytes of the path as sent.
    public var pathBytes: ArraySlice<UInt8> { target[..<pathLength] }

    /// The bytes of the query without `?`, empty where there is none.
    public var queryBytes: ArraySlice<UInt8> { target[min(pathLength + 1, target.count)...] }

    /// The query without `?`, `nil` where there is none.
    public var query: String? {
        pathLength < target.count ? String(decoding: queryBytes, as: UTF8.self) : nil
    }

    /// The target as text.
    public var targetText: String { String(decoding: target, as: UTF8.self) }

    /// Sets the target and finds its path.
    public mutating func setTarget(_ bytes: some Collection<UInt8>) {
        target.removeAll(keepingCapacity: true)
        target.append(contentsOf: bytes)
        pathLength = target.firstIndex(of: ASCII.question) ?? target.count
    }

    /// Makes it as new, and keeps the memory.
    public mutating func reset() {
        method = .get
        authority = ""
        target.removeAll(keepingCapacity: true)
        pathLength = 0
        fields.removeAll()
        framing = .none
        hadBothLengths = false
        wire.removeAll(keepingCapacity: true)
    }
}

/// The head of an answer, however it came.
public struct ResponseHead: Sendable {
    /// The status code, 100 to 599.
    public var status = 200
    /// The version it came in.
    public var version = HTTPVersion.http11
    /// The field lines.
    public var fields = FieldBlock()
    /// How the body ends.
    public var framing = BodyFraming.none

    /// An empty 200.
    public init() {}

    /// An empty answer of a status.
    public init(status: Int) { self.status = status }

    /// Makes it as new, and keeps the memory.
    public mutating func reset() {
        status = 200
        fields.removeAll()
        framing = .none
    }
}
