/// TLS towards the upstreams.
public struct UpstreamTLS: Sendable, Equatable {
    /// Checks the certificate and its name. False is an unsafe choice.
    public var verify = true
    /// The CA certificates (PEM) to trust in place of the system's.
    public var ca: FilePath?
    /// The name to check and to send by SNI, in place of the URL's host.
    public var serverName: String?
    /// The client certificate (PEM chain) to show.
    public var clientCertificate: FilePath?
    /// Its private key (PEM).
    public var clientKey: FilePath?

    /// Verification against the system's CAs.
    public init() {}
}

extension UpstreamTLS: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "upstream tls" }
    /// What it is for.
    public static var about: String { "TLS towards the upstreams." }

    /// Its keys.
    public static var keys: [ConfigurationKey<UpstreamTLS>] {
        [
            ConfigurationKey(
                "verify", \.verify, "Checks the upstream's certificate and its name.",
                risk: .ifFalse("anyone on the way may answer for the upstream and read what it is sent")),
            ConfigurationKey("ca", \.ca.existing, "CA certificates (PEM) to trust in place of the system's."),
            ConfigurationKey("server_name", \.serverName, "The name to check and to send by SNI, in place of the URL's host."),
            ConfigurationKey("client_certificate", \.clientCertificate.existing, "The client certificate (PEM chain) to show."),
            ConfigurationKey("client_key", \.clientKey.existing, "Its private key (PEM)."),
        ]
    }

    /// Checks that certificate and key come together.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard (clientCertificate == nil) != (clientKey == nil) else { return }
        reader.error("`client_certificate` and `client_key` go together", at: node)
    }
}
