internal import GatehouseConfiguration
internal import NIOSSL

/// TLS towards the backends of a service.
struct UpstreamTLSContext: Sendable {
    /// Offers HTTP/2 and HTTP/1.1.
    let any: NIOSSLContext
    /// Offers HTTP/1.1 alone, for requests that HTTP/2 cannot carry.
    let http1: NIOSSLContext

    /// The contexts of a service; `nil` where no backend speaks TLS.
    ///
    /// - Throws: what is wrong with the files that the service names.
    static func make(_ service: Service) throws -> UpstreamTLSContext? {
        guard service.upstreams.contains(where: { $0.url.scheme == .https || $0.url.scheme == .h2 }) else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        if let authorities = service.tls.ca { configuration.trustRoots = .file(authorities.path) }
        if !service.tls.verify { configuration.certificateVerification = .none }
        if let certificate = service.tls.clientCertificate, let key = service.tls.clientKey {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.path).map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key.path, format: .pem))
        }
        let any = try NIOSSLContext(configuration: configuration)
        configuration.applicationProtocols = ["http/1.1"]
        return UpstreamTLSContext(any: any, http1: try NIOSSLContext(configuration: configuration))
    }
}
