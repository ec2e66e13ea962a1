/// Finds the service and the route of a request; compiled once, asked for each request without allocating.
///
/// Services are ordered by how much their host says (a name, then the longest wildcard, then none), then by the length of their path
/// prefix, then by their place in the file; the first one that covers both takes the request.
public struct Router: Sendable {
    /// Where a request belongs.
    public struct Match: Sendable, Equatable {
        /// Index in `Configuration.services`.
        public let service: Int
        /// Index in `Service.routes`; nil where none takes it and the service's own settings count.
        public let route: Int?

        /// A place.
        public init(service: Int, route: Int?) {
            self.service = service
            self.route = route
        }
    }

    private let entries: [Entry]
    private let routes: [RouteTable]

    /// Compiles the table.
    public init(_ services: [Service]) {
        entries = services.enumerated().flatMap { index, service in Entry.all(of: service, at: index) }
            .sorted { ($0.rank, $1.service) > ($1.rank, $0.service) }
        routes = services.map { RouteTable($0.routes) }
    }

    /// The place of a request; nil where no service covers its host and path.
    ///
    /// - Parameters:
    ///   - host: in lower case, without port and without the brackets of IPv6.
    ///   - path: normalized and without its query.
    ///   - method: as on the wire.
    public func match(host: Span<UInt8>, path: Span<UInt8>, method: Span<UInt8>) -> Match? {
        for entry in entries where entry.covers(host: host, path: path) {
            return Match(service: entry.service, route: routes[entry.service].match(path: path, method: method))
        }
        return nil
    }

    /// The place of a request given as text.
    public func match(host: String, path: String, method: String = "GET") -> Match? {
        let (host, path, method) = (Array(host.utf8), Array(path.utf8), Array(method.utf8))
        return match(host: host.span, path: path.span, method: method.span)
    }
}

/// One host and one path prefix of one service.
private struct Entry: Sendable {
    var host: [UInt8]
    var isWildcard: Bool
    var prefix: [UInt8]
    var service: Int

    /// Exact hosts before wildcards before none; the longer before the shorter.
    var rank: (Int, Int, Int) { (host.isEmpty ? 0 : isWildcard ? 1 : 2, host.count, prefix.count) }

    static func all(of service: Service, at index: Int) -> [Entry] {
        let named = service.hosts.map { (name: Array($0.name.utf8), isWildcard: $0.isWildcard) }
        let hosts = named.isEmpty ? [(name: [], isWildcard: false)] : named
        let prefixes = service.paths.isEmpty ? [[UInt8]()] : service.paths.map { Array($0.text.utf8) }
        return hosts.flatMap { host in
            prefixes.map { Entry(host: host.name, isWildcard: host.isWildcard, prefix: $0, service: index) }
        }
    }

    func covers(host other: Span<UInt8>, path: Span<UInt8>) -> Bool { covers(host: other) && path.isCovered(by: prefix) }

    private func covers(host other: Span<UInt8>) -> Bool {
        if host.isEmpty { return true }
        guard isWildcard else { return other.count == host.count && other.matches(host, at: 0) }
        let dot = other.count - host.count - 1
        return dot > 0 && other[dot] == UInt8(ascii: ".") && other.matches(host, at: dot + 1)
    }
}

private func > (left: ((Int, Int, Int), Int), right: ((Int, Int, Int), Int)) -> Bool {
    left.0 != right.0 ? left.0 > right.0 : left.1 > right.1
}

extension Span<UInt8> {
    /// True where these bytes stand at an offset.
    func matches(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, offset + bytes.count <= count else { return false }
        for index in bytes.indices where self[offset + index] != bytes[index] { return false }
        return true
    }

    /// True where this path lies under a prefix that ends on a segment.
    func isCovered(by prefix: [UInt8]) -> Bool {
        matches(prefix, at: 0) && (count == prefix.count || self[prefix.count] == UInt8(ascii: "/"))
    }
}
