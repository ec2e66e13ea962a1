public import GatehouseCore

/// One port that accepts connections.
public struct Listener: Sendable, Equatable {
    /// The address to bind; default `127.0.0.1:8080`.
    public var address = Endpoint(host: "127.0.0.1", port: 8080)
    /// TLS; nil for clear text.
    public var tls: ListenerTLS?
    /// Answers every request with a redirect to the first TLS listener.
    public var redirectsToHTTPS = false
    /// HTTP/2 by ALPN on TLS and by prior knowledge in clear text.
    public var http2 = true
    /// The PROXY protocol in front of each connection.
    public var proxyProtocol = ProxyProtocol()

    /// A clear listener on `127.0.0.1:8080`.
    public init() {}
}

extension Listener: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "listener" }
    /// What it is for.
    public static var about: String { "One port that accepts connections." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Listener>] {
        [
            ConfigurationKey("address", \.address, "The address to bind; an empty host (`:8443`) means every address.", isRequired: true),
            ConfigurationKey(
                "tls", \.tls, "TLS: `true` for the development certificate, or a mapping with certificates.", defaultText: "false"),
            ConfigurationKey(
                "redirect_to_https", \.redirectsToHTTPS, "Answers every request with a redirect to the first listener that has TLS."),
            ConfigurationKey("http2", \.http2, "HTTP/2, by ALPN on TLS and by prior knowledge in clear text."),
            ConfigurationKey(
                "proxy_protocol", \.proxyProtocol,
                "The PROXY protocol (versions 1 and 2) that a load balancer puts in front of each connection.",
                defaultText: "off"),
        ]
    }

    /// Checks that TLS can work here and that clear text beyond this machine is meant.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        let place = node["address"] ?? node
        if tls == nil, !redirectsToHTTPS, let why = Self.clearTextRisk.reason(address) {
            reader.unsafe("\(address)", because: why, at: place)
        }
        if tls != nil, redirectsToHTTPS {
            reader.error("a listener with `tls` cannot redirect to itself", at: node["redirect_to_https"] ?? node)
        }
        if tls?.certificates.isEmpty == true, !address.isLoopback {
            reader.error(
                "a listener beyond loopback needs `certificates`", at: node["tls"] ?? node,
                help: ["the development certificate is for names on loopback alone"])
        }
    }

    static let clearTextRisk = Risk<Endpoint>(
        "an address beyond loopback without `tls`", because: "requests and answers cross the network in clear text"
    ) { !$0.isLoopback }
}
