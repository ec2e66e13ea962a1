internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import SwiftASN1
internal import X509

/// Looks into the certificates and keys that a configuration names: are they PEM, do they belong together, are they valid today.
struct CertificateCheck {
    let loaded: LoadedConfiguration
    let environment: ConfigurationEnvironment
    let now: Date

    /// Errors, and warnings about what ends within 14 days.
    var findings: [Diagnostic] {
        loaded.configuration.listeners.enumerated().flatMap { ofListener($1, at: "listeners[\($0)].tls") }
            + loaded.configuration.services.enumerated().flatMap { ofUpstreams($1.tls, at: "services[\($0)].tls") }
    }

    private func ofListener(_ listener: Listener, at path: String) -> [Diagnostic] {
        guard let tls = listener.tls else { return [] }
        let pairs = tls.certificates.enumerated().flatMap { index, files in
            pair(
                (files.certificate, "\(path).certificates[\(index)].certificate"), (files.key, "\(path).certificates[\(index)].key"))
        }
        return pairs + authorities(tls.clientCA, at: "\(path).client_ca") + names(tls, at: "\(path).certificates")
    }

    /// Warnings about hosts of services that no certificate of the listener is for, and about certificates for no such host.
    private func names(_ tls: ListenerTLS, at path: String) -> [Diagnostic] {
        guard !tls.certificates.isEmpty else { return [] }
        let covered = tls.certificates.map { $0.hosts.isEmpty ? subjectNames(of: $0.certificate) : $0.hosts }
        let hosts = loaded.configuration.services.flatMap(\.hosts)
        let bare = hosts.filter { host in !covered.joined().contains { $0.covers(host) } }.map {
            loaded.diagnostic(.warning, "no certificate of the listener is for `\($0)`: clients will refuse the connection", at: path)
        }
        let idle = covered.indices.filter { index in
            !hosts.isEmpty && !covered[index].contains { name in hosts.contains { name.overlaps($0) } }
        }
        return bare
            + idle.map {
                loaded.diagnostic(
                    .warning, "`\(tls.certificates[$0].certificate)` is for no host of any service", at: "\(path)[\($0)].certificate")
            }
    }

    private func subjectNames(of file: FilePath) -> [HostPattern] {
        guard let names = try? chain(file, at: "").leaf?.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            switch name {
            case .dnsName(let text): HostPattern(text)
            case .ipAddress(let address): host(address.bytes)
            default: nil
            }
        }
    }

    private func host(_ address: ArraySlice<UInt8>) -> HostPattern? {
        switch address.count {
        case 4: HostPattern(IPAddress(v4: address.reduce(0) { $0 << 8 | UInt32($1) }).description)
        case 16: HostPattern(IPAddress(v6: address.reduce(0) { $0 << 8 | UInt128($1) }).description)
        default: nil
        }
    }

    private func ofUpstreams(_ tls: UpstreamTLS, at path: String) -> [Diagnostic] {
        var findings = authorities(tls.ca, at: "\(path).ca")
        if let certificate = tls.clientCertificate, let key = tls.clientKey {
            findings += pair((certificate, "\(path).client_certificate"), (key, "\(path).client_key"))
        }
        return findings
    }

    private func authorities(_ file: FilePath?, at path: String) -> [Diagnostic] {
        guard let file else { return [] }
        return chain(file, at: path).findings
    }

    private func pair(_ certificate: (file: FilePath, path: String), _ key: (file: FilePath, path: String)) -> [Diagnostic] {
        var (leaf, findings) = chain(certificate.file, at: certificate.path)
        guard let text = text(of: key.file), let secret = privateKey(in: text) else {
            return findings + [loaded.diagnostic(.error, "`\(key.file)` holds no private key (PEM)", at: key.path)]
        }
        if let leaf, secret.publicKey != leaf.publicKey {
            findings.append(
                loaded.diagnostic(
                    .error, "the key `\(key.file)` does not belong to `\(certificate.file)`", at: key.path,
                    help: ["the first certificate of the file must be the server's own"]))
        }
        return findings
    }

    /// The first certificate of a file and what is wrong with any of them.
    private func chain(_ file: FilePath, at path: String) -> (leaf: Certificate?, findings: [Diagnostic]) {
        let documents = text(of: file).flatMap { try? PEMDocument.parseMultiple(pemString: $0) } ?? []
        let certificates = documents.filter { $0.discriminator == "CERTIFICATE" }.map { try? Certificate(pemDocument: $0) }
        guard let first = certificates.first, !certificates.contains(where: { $0 == nil }) else {
            return (nil, [loaded.diagnostic(.error, "`\(file)` holds no certificate (PEM) that can be read", at: path)])
        }
        return (first, certificates.compactMap { $0.flatMap { validity($0, in: file, at: path) } })
    }

    private func validity(_ certificate: Certificate, in file: FilePath, at path: String) -> Diagnostic? {
        let days = Int((certificate.notValidAfter.timeIntervalSince(now) / 86_400).rounded(.down))
        if certificate.notValidAfter < now { return loaded.diagnostic(.error, "a certificate in `\(file)` has ended", at: path) }
        if certificate.notValidBefore > now { return loaded.diagnostic(.error, "a certificate in `\(file)` is not valid yet", at: path) }
        guard days < 14 else { return nil }
        return loaded.diagnostic(.warning, "a certificate in `\(file)` ends in \(days) day\(days == 1 ? "" : "s")", at: path)
    }

    private func privateKey(in text: String) -> Certificate.PrivateKey? {
        let documents = (try? PEMDocument.parseMultiple(pemString: text)) ?? []
        return documents.lazy.compactMap { try? Certificate.PrivateKey(pemDocument: $0) }.first
    }

    private func text(of file: FilePath) -> String? {
        (try? environment.read(file.path, 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
    }
}
