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
