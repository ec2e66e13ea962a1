/// The headers of a message, however the caller keeps them.
public protocol HeaderLookup: Sendable {
    /// The values of a header in the order of its lines; empty where it is not there.
    ///
    /// - Parameter name: in lower case.
    func values(of name: String) -> [String]
}

/// A list of headers, for tests and tools.
public struct HeaderList: HeaderLookup, ExpressibleByDictionaryLiteral {
    private let lines: [(name: String, value: String)]

    /// Headers in the order of their lines; names in any case.
    public init(_ lines: [(String, String)]) {
        self.lines = lines.map { (ASCII.lowercased($0.0.utf8), $0.1) }
    }

    /// Headers as written.
    public init(dictionaryLiteral elements: (String, String)...) { self.init(elements) }

    /// The values of one header.
    public func values(of name: String) -> [String] { lines.compactMap { $0.name == name ? $0.value : nil } }
}

/// Everything of a request but its body.
public struct RequestHead: Sendable {
    /// As sent; methods are case-sensitive.
    public var method: String
    /// The path as sent, still percent-encoded, without `?` and what follows.
    public var path: String
    /// What follows `?`, still percent-encoded; nil where there is none.
    public var query: String?
    /// The headers.
    public var headers: any HeaderLookup
    /// Whether the connection showed a client certificate; nil where that is not known, which satisfies `mutualTLS`.
    public var hasClientCertificate: Bool?

    /// A head.
    public init(
        method: String, path: String, query: String? = nil, headers: any HeaderLookup = HeaderList([]), hasClientCertificate: Bool? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.hasClientCertificate = hasClientCertificate
    }

    /// A head whose path and query are cut at the first `?` of a request target.
    public init(method: String, target: String, headers: any HeaderLookup = HeaderList([])) {
        let cut = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        self.init(
            method: method, path: String(target[..<(cut ?? target.endIndex)]),
            query: cut.map { String(target[target.index(after: $0)...]) },
            headers: headers)
    }
}
