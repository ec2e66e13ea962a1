internal import GatehouseCore
internal import HTTPWire

/// A request whose policy is asked for.
public struct PolicyQuestion: Sendable, Equatable {
    /// `http` or `https`.
    public let scheme: String
    /// In lower case, without port.
    public let host: String
    /// The port, where the URL names one.
    public let port: Int?
    /// Normalized, without its query.
    public let path: String
    /// As on the wire.
    public let method: String

    /// A request of its parts.
    public init(scheme: String, host: String, port: Int? = nil, path: String, method: String = "GET") {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.method = method
    }

    /// Reads an absolute `http` or `https` URL; the query and fragment are dropped, the path is normalized as the proxy
    /// does.
    public init?(url: String, method: String = "GET") {
        guard let mark = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = url[mark.upperBound...].prefix { $0 != "?" && $0 != "#" }
        let authority = rest.prefix { $0 != "/" }
        let hasPort = authority.contains(":") && !authority.hasSuffix("]")
        guard !authority.isEmpty, let endpoint = Endpoint(text: hasPort ? String(authority) : authority + ":0"), !authority.hasPrefix(":")
        else {
            return nil
        }
        self.init(
            scheme: scheme, host: endpoint.host, port: hasPort ? endpoint.port : nil,
            path: Self.normalized(rest.dropFirst(authority.count)), method: method)
    }

    /// The URL, without a query.
    public var url: String { "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)\(port.map { ":\($0)" } ?? "")\(path)" }

    /// The path as the proxy compares it.
    private static func normalized(_ path: Substring) -> String {
        path.isEmpty ? "/" : String(decoding: PathNormalizer.normalized(path.utf8), as: UTF8.self)
    }
}
