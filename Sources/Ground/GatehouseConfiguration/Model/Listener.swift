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

/// TLS on a listener.
public struct ListenerTLS: Sendable, Equatable {
    /// Certificates by name (SNI); the first one answers names that none covers.
    /// Empty: a certificate of the development CA, for loopback names only.
    public var certificates: [CertificateFiles] = []
    /// The lowest version spoken; default TLS 1.2 (RFC 9325, section 3.1.1).
    public var minimumVersion = TLSVersion.v1_2
    /// The CA certificates (PEM) that client certificates are checked against.
    public var clientCA: FilePath?
    /// Whether a client certificate is asked for.
    public var clientCertificates = ClientCertificates.none
    /// Takes renewed certificate files into use without a restart.
    public var reload = true

    /// The development certificate, TLS 1.2 and later.
    public init() {}
}

/// A certificate chain and its key, both PEM files.
public struct CertificateFiles: Sendable, Equatable {
    /// The chain, leaf first.
    public var certificate = FilePath("")
    /// The private key.
    public var key = FilePath("")
    /// The names it is used for; empty takes them from the certificate.
    public var hosts: [HostPattern] = []

    /// Empty paths, to be filled in.
    public init() {}
}

/// A TLS version that may be the lowest allowed.
public enum TLSVersion: String, Sendable, CaseIterable {
    /// TLS 1.2 (RFC 5246).
    case v1_2 = "1.2"
    /// TLS 1.3 (RFC 8446).
    case v1_3 = "1.3"
}

/// Whether clients show a certificate.
public enum ClientCertificates: String, Sendable, CaseIterable {
    /// None is asked for.
    case none
    /// One is asked for and checked; a client without one is let in.
    case request
    /// A client without a valid one is refused in the handshake.
    case require
}

/// The PROXY protocol (versions 1 and 2) on a listener.
public struct ProxyProtocol: Sendable, Equatable {
    /// How a preface is treated.
    public enum Use: String, Sendable, CaseIterable {
        /// A preface is a protocol error.
        case off
        /// A preface from a trusted source is read; connections without one are taken as they are.
        case accept
        /// A connection without a preface from a trusted source is closed.
        case require
    }

    /// How a preface is treated; default `off`.
    public var use = Use.off
    /// The sources whose preface is believed; must not be empty unless `off`.
    public var from: [CIDRBlock] = []

    /// Off.
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
            ConfigurationKey("redirect_to_https", \.redirectsToHTTPS, "Answers every request with a redirect to the first listener that has TLS."),
            ConfigurationKey("http2", \.http2, "HTTP/2, by ALPN on TLS and by prior knowledge in clear text."),
            ConfigurationKey(
                "proxy_protocol", \.proxyProtocol, "The PROXY protocol (versions 1 and 2) that a load balancer puts in front of each connection.",
                defaultText: "off"),
        ]
    }

    /// Checks that TLS can work here and that clear text beyond this machine is meant.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        let place = node["address"] ?? node
        if tls == nil, !redirectsToHTTPS, let why = Self.clearTextRisk.reason(address) { reader.unsafe("\(address)", because: why, at: place) }
        if tls != nil, redirectsToHTTPS { reader.error("a listener with `tls` cannot redirect to itself", at: node["redirect_to_https"] ?? node) }
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

extension ListenerTLS: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "listener tls" }
    /// What it is for.
    public static var about: String {
        "TLS on a listener. `true` alone makes a development CA and a certificate for names on loopback, and says so."
    }
    /// `true`.
    public static var shortForm: ValueForm? { Bool.form }
    /// `false` and `off`: clear text.
    public static var wordsForNone: [String] { ["false", "off"] }

    /// Its keys.
    public static var keys: [ConfigurationKey<ListenerTLS>] {
        [
            ConfigurationKey("certificates", \.certificates, "Certificates, chosen by SNI; the first answers names that none covers."),
            ConfigurationKey("minimum_version", \.minimumVersion, "The lowest version of TLS."),
            ConfigurationKey("client_ca", \.clientCA.existing, "CA certificates (PEM) that client certificates are checked against."),
            ConfigurationKey("client_certificates", \.clientCertificates, "Whether a client certificate is asked for."),
            ConfigurationKey("reload", \.reload, "Takes renewed certificate files into use without a restart."),
        ]
    }

    /// Takes `true`.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool { node.plainWord == "true" }

    /// Checks that client certificates have a CA and the other way round.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if clientCertificates != .none, clientCA == nil {
            reader.error("`client_certificates: \(clientCertificates.rawValue)` needs `client_ca`", at: node["client_certificates"] ?? node)
        }
        if clientCertificates == .none, clientCA != nil {
            reader.warning("`client_ca` has no effect without `client_certificates`", at: node["client_ca"] ?? node)
        }
    }
}

extension CertificateFiles: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "certificate" }
    /// What it is for.
    public static var about: String { "A certificate chain and its key." }

    /// Its keys.
    public static var keys: [ConfigurationKey<CertificateFiles>] {
        [
            ConfigurationKey("certificate", \.certificate.existing, "The chain (PEM), leaf first.", isRequired: true),
            ConfigurationKey("key", \.key.existing, "The private key (PEM).", isRequired: true),
            ConfigurationKey("hosts", \.hosts, "The names it is used for; empty takes them from the certificate."),
        ]
    }
}

extension TLSVersion: ConfigurationChoice {}
extension ClientCertificates: ConfigurationChoice {}
extension ProxyProtocol.Use: ConfigurationChoice {}

extension ProxyProtocol: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "proxy protocol" }
    /// What it is for.
    public static var about: String { "The true client's address, told by a load balancer in front of each connection." }
    /// `off`.
    public static var shortForm: ValueForm? { Use.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<ProxyProtocol>] {
        [
            ConfigurationKey(
                "mode", \.use, "`off`: a preface is an error; `accept`: one from a trusted source is read; `require`: a connection without one is closed."),
            ConfigurationKey(
                "from", \.from, "The sources whose preface is believed.",
                risk: Risk("every address", because: "anyone may say where a connection comes from") { $0.contains { $0.prefixLength == 0 } }),
        ]
    }

    /// Takes the mode alone, which then lacks its sources unless it is `off`.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let mode = Use.read(node, over: nil, with: &reader) else { return false }
        use = mode
        return true
    }

    /// Checks that there are sources.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard use != .off, from.isEmpty else { return }
        reader.error("the PROXY protocol needs the sources that may speak it", at: node, help: ["`proxy_protocol: {mode: \(use.rawValue), from: [10.0.0.0/8]}`"])
    }
}
