internal import GatehouseConfiguration
internal import GatehouseCore
internal import NIOCore
internal import NIOSSL

/// TLS of a listener: versions, certificates by name, client certificates.
struct ListenerTLSContext: Sendable {
    /// The context for new connections.
    let context: NIOSSLContext
    /// Asks clients for certificates.
    let asksForCertificates: Bool

    /// Reads the files of a listener.
    ///
    /// - Parameter development: makes the certificate for loopback names where the settings name none.
    /// - Throws: what is wrong with a file.
    init(_ settings: ListenerTLS, http2: Bool, development: () throws -> DevelopmentCertificate) throws {
        let certificates = try settings.certificates.map(CertificateChoice.init)
        let first: (chain: [NIOSSLCertificateSource], key: NIOSSLPrivateKeySource)
        if let named = certificates.first {
            first = (named.chain, named.key)
        } else {
            let made = try development()
            first = (made.chain, made.key)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: first.chain, privateKey: first.key)
        configuration.minimumTLSVersion = settings.minimumVersion == .v1_3 ? .tlsv13 : .tlsv12
        configuration.cipherSuiteValues = Self.ciphers
        configuration.applicationProtocols = http2 ? ["h2", "http/1.1"] : ["http/1.1"]
        asksForCertificates = settings.clientCertificates != .none
        try Self.askForCertificates(settings, &configuration)
        if certificates.count > 1 { configuration.sslContextCallback = Self.chooser(certificates) }
        context = try NIOSSLContext(configuration: configuration)
    }

    /// Forward secrecy and authenticated encryption only (RFC 9325, section 4.2).
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ]

    private static func askForCertificates(_ settings: ListenerTLS, _ configuration: inout TLSConfiguration) throws {
        switch settings.clientCertificates {
        case .none: configuration.certificateVerification = .none
        case .request: configuration.certificateVerification = .optionalVerification
        case .require: configuration.certificateVerification = .noHostnameVerification
        }
        if let authorities = settings.clientCA { configuration.trustRoots = .file(authorities.path) }
    }

    private static func chooser(_ certificates: [CertificateChoice]) -> NIOSSLContextCallback {
        { values, promise in
            var change = NIOSSLContextConfigurationOverride.noChanges
            let name = values.serverHostname?.lowercased() ?? ""
            if let match = certificates.first(where: { $0.covers(name) }) {
                change.certificateChain = match.chain
                change.privateKey = match.key
            }
            promise.succeed(change)
        }
    }
}

/// A certificate and the names that it is for.
private struct CertificateChoice: Sendable {
    let chain: [NIOSSLCertificateSource]
    let key: NIOSSLPrivateKeySource
    private let hosts: [HostPattern]

    init(_ files: CertificateFiles) throws {
        let certificates = try NIOSSLCertificate.fromPEMFile(files.certificate.path)
        chain = certificates.map { .certificate($0) }
        key = .privateKey(try NIOSSLPrivateKey(file: files.key.path, format: .pem))
        hosts = files.hosts.isEmpty ? Self.names(of: certificates.first) : files.hosts
    }

    func covers(_ name: String) -> Bool { hosts.contains { $0.matches(name) } }

    private static func names(of certificate: NIOSSLCertificate?) -> [HostPattern] {
        guard let names = certificate?._subjectAlternativeNames() else { return [] }
        return names.compactMap { name in
            guard case .dnsName = name.nameType else { return nil }
            return HostPattern(String(decoding: Array(name.contents), as: UTF8.self))
        }
    }
}
