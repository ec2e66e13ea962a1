internal import GatehouseConfiguration
internal import NIOSSL

/// TLS towards the backends of a service.
enum UpstreamTLSContext {
    /// The context of a service; `nil` where no backend speaks TLS.
    ///
    /// - Throws: what is wrong with the files that the service names.
    static func make(_ service: Service) throws -> NIOSSLContext? {
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
        return try NIOSSLContext(configuration: configuration)
    }
}
