public import GatehouseCore

/// One backend server.
public struct Upstream: Sendable, Equatable {
    /// Scheme, host and port.
    public var url = UpstreamURL(scheme: .http, endpoint: Endpoint(host: "127.0.0.1", port: 3000))
    /// Its share among the service's upstreams; 0 takes it out. Default 1.
    public var weight = 1

    /// `http://127.0.0.1:3000`.
    public init() {}
}

extension Upstream: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "upstream" }
    /// What it is for.
    public static var about: String { "One backend server." }
    /// The URL alone.
    public static var shortForm: ValueForm? { UpstreamURL.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<Upstream>] {
        [
            ConfigurationKey(
                "url", \.url,
                "Scheme, host and port. `http` and `https` speak HTTP/1.1 or what the server offers by ALPN, `h2c` and `h2` speak HTTP/2 alone.",
                isRequired: true, risk: UpstreamURL.clearTextRisk),
            ConfigurationKey("weight", \.weight, in: 0...1000, "Its share among the service's upstreams; 0 takes it out."),
        ]
    }

    init(url: UpstreamURL) { self.url = url }

    /// Takes the URL alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let url = UpstreamURL.read(node, over: nil, with: &reader) else { return false }
        self.url = url
        if let why = UpstreamURL.clearTextRisk.reason(url) { reader.unsafe("\(url)", because: why, at: node) }
        return true
    }
}

/// Where an upstream listens and what it speaks: `http://HOST:PORT`, `https://`, `h2c://` or `h2://`.
public struct UpstreamURL: Sendable, Hashable {
    /// The protocol on the wire.
    public enum Scheme: String, Sendable, CaseIterable {
        /// HTTP/1.1 in clear text; port 80.
        case http
        /// TLS, HTTP/2 where the server offers it by ALPN, HTTP/1.1 otherwise; port 443.
        case https
        /// HTTP/2 in clear text by prior knowledge; port 80.
        case h2c
        /// HTTP/2 over TLS and nothing else; port 443.
        case h2

        /// Whether TLS is spoken.
        public var isEncrypted: Bool { self == .https || self == .h2 }
        /// The port where the URL names none.
        public var defaultPort: Int { isEncrypted ? 443 : 80 }
    }

    /// The protocol.
    public let scheme: Scheme
    /// Host and port.
    public let endpoint: Endpoint

    /// A URL of its parts.
    public init(scheme: Scheme, endpoint: Endpoint) {
        self.scheme = scheme
        self.endpoint = endpoint
    }
}

extension UpstreamURL: ConfigurationScalar, CustomStringConvertible {
    /// A URL of a scheme, a host and perhaps a port.
    public static var scalarForm: ScalarForm {
        ScalarForm("upstream URL", plural: "upstream URLs", example: "http://127.0.0.1:3000", pattern: "^(http|https|h2c|h2)://[^/?#@]+/?$")
    }

    /// Reads a URL.
    ///
    /// Refuses: other schemes, user names, paths, queries and fragments.
    public static func configured(_ text: String) -> UpstreamURL? {
        guard let mark = text.firstRange(of: "://"), let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else {
            return nil
        }
        let rest = text[mark.upperBound...]
        let host = rest.hasSuffix("/") ? rest.dropLast() : rest
        guard !host.isEmpty, !host.hasPrefix(":") else { return nil }
        let hasPort = host.last.map { $0 != "]" } == true && host.contains(":")
        guard let endpoint = Endpoint(text: hasPort ? String(host) : "\(host):\(scheme.defaultPort)"), endpoint.port > 0 else { return nil }
        return UpstreamURL(scheme: scheme, endpoint: endpoint)
    }

    /// Missing and other schemes, paths.
    public static func hint(for text: String) -> String? {
        guard let mark = text.firstRange(of: "://") else {
            return configured("http://" + text).map { "did you mean `\($0)`?" }
        }
        guard Scheme(rawValue: text[..<mark.lowerBound].lowercased()) != nil else {
            return "the scheme is one of `http`, `https`, `h2c`, `h2`"
        }
        let base = String(text[..<mark.upperBound] + text[mark.upperBound...].prefix { !"/?#".contains($0) })
        return base != text && configured(base) != nil ? "an upstream has no path: `\(base)`" : nil
    }

    /// The URL.
    public var description: String { "\(scheme.rawValue)://\(endpoint)" }

    static let clearTextRisk = Risk<UpstreamURL>(
        "`http` or `h2c` to another machine", because: "requests and answers cross the network in clear text"
    ) { !$0.scheme.isEncrypted && !$0.endpoint.isLoopback }
}
