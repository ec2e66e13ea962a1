internal import GatehouseConfiguration
internal import HTTPWire

/// Finds the destination of a request by host, path and method.
///
/// Hosts are tried exact first, then wildcards from the longest, then services for every host; within a host the longest path
/// prefix wins, and within a service the most specific route.
struct Router: Sendable {
    /// A service as the router sees it.
    struct Entry: Sendable {
        var hosts: [HostPattern]
        var prefix: [UInt8]
        var routes: [RouteEntry]
        var fallback: Destination
    }

    /// A route of a service.
    struct RouteEntry: Sendable {
        var pattern: PathPattern
        var methods: [String]
        var destination: Destination
    }

    private var exact: [String: [Entry]] = [:]
    private var wildcards: [(pattern: HostPattern, entries: [Entry])] = []
    private var anyHost: [Entry] = []
    private let unmatched: Destination

    init(_ entries: [Entry], unmatched: Destination) {
        self.unmatched = unmatched
        var byPattern: [HostPattern: [Entry]] = [:]
        for entry in entries {
            if entry.hosts.isEmpty { anyHost.append(entry) }
            for host in entry.hosts { byPattern[host, default: []].append(entry) }
        }
        for (pattern, entries) in byPattern {
            if pattern.isWildcard { wildcards.append((pattern, sorted(entries))) } else { exact[pattern.name] = sorted(entries) }
        }
        wildcards.sort { $0.pattern.name.utf8.count > $1.pattern.name.utf8.count }
        anyHost = sorted(anyHost)
    }

    /// The destination of a request; the one without cluster when nothing matches.
    func destination(for head: RequestHead) -> Destination {
        if PathNormalizer.needsWork(head.pathBytes) {
            return destination(host: head.authority, path: PathNormalizer.normalized(head.pathBytes)[...], method: head.method)
        }
        return destination(host: head.authority, path: head.pathBytes, method: head.method)
    }

    private func destination(host: String, path: ArraySlice<UInt8>, method: HTTPWire.HTTPMethod) -> Destination {
        if !exact.isEmpty || !wildcards.isEmpty {
            let name = hostName(host)
            if let entries = exact[name], let found = find(entries, path, method) { return found }
            for wildcard in wildcards where wildcard.pattern.matches(name) {
                if let found = find(wildcard.entries, path, method) { return found }
            }
        }
        return find(anyHost, path, method) ?? unmatched
    }

    private func find(_ entries: [Entry], _ path: ArraySlice<UInt8>, _ method: HTTPWire.HTTPMethod) -> Destination? {
        for entry in entries where covers(entry.prefix, path) {
            guard !entry.routes.isEmpty else { return entry.fallback }
            let route = entry.routes.first { route in
                (route.methods.isEmpty || route.methods.contains(method.name)) && PathMatcher.matches(route.pattern, path)
            }
            return route?.destination ?? entry.fallback
        }
        return nil
    }

    private func covers(_ prefix: [UInt8], _ path: ArraySlice<UInt8>) -> Bool {
        if prefix.isEmpty { return true }
        guard path.starts(with: prefix) else { return false }
        return path.count == prefix.count || path[path.startIndex + prefix.count] == UInt8(ascii: "/")
    }

    private func hostName(_ authority: String) -> String {
        guard !authority.utf8.isEmpty, authority.utf8.last != UInt8(ascii: "]"), let colon = authority.lastIndex(of: ":") else {
            return authority.hasPrefix("[") ? String(authority.dropFirst().dropLast()) : trimmedDot(authority)
        }
        let host = authority[..<colon]
        return host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : trimmedDot(String(host))
    }

    private func trimmedDot(_ host: String) -> String { host.hasSuffix(".") ? String(host.dropLast()) : host }

    private func sorted(_ entries: [Entry]) -> [Entry] {
        entries.map { entry in
            var entry = entry
            entry.routes.sort { PathMatcher.isMoreSpecific($0.pattern, $1.pattern, $0.methods.count, $1.methods.count) }
            return entry
        }.sorted { $0.prefix.count > $1.prefix.count }
    }
}
