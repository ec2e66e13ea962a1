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

/// A TLS version that may be the lowest allowed.
public enum TLSVersion: String, Sendable, CaseIterable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// TLS 1.2 (RFC 5246).
    case v1_2 = "1.2"
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// TLS 1.3 (RFC 8446).
    case v1_3 = "1.3"
}

extension TLSVersion: ConfigurationChoice {}

/// Whether clients show a certificate.
public enum ClientCertificates: String, Sendable, CaseIterable {
    /// None is asked for.
    case none
    /// One is asked for and checked; a client without one is let in.
    case request
    /// A client without a valid one is refused in the handshake.
    case require
}

extension ClientCertificates: ConfigurationChoice {}
