internal import GatehouseConfiguration
public import NIOSSL

/// The name that another party's certificate must be for (RFC 9525, section 6).
///
/// The TLS library is content when the certificate is for the address that was connected to; where a name is asked for, only the
/// name counts here, since the address may come from a resolver that nobody vouches for.
public struct PeerName: Sendable {
    private let name: HostPattern?

    /// A name; one that no host has is never fulfilled.
    public init(_ name: String) { self.name = HostPattern(name.hasSuffix(".") ? String(name.dropLast()) : name) }

    /// True when one of the certificate's DNS names is the name, or stands for it by a wildcard as its first label.
    public func isFulfilled(by certificate: NIOSSLCertificate) -> Bool {
        guard let name, !name.isWildcard else { return false }
        return certificate._subjectAlternativeNames().contains { entry in
            guard case .dnsName = entry.nameType else { return false }
            return HostPattern(String(decoding: Array(entry.contents), as: UTF8.self))?.covers(name) ?? false
        }
    }
}
