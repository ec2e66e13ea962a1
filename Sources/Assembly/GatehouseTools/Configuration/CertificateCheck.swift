internal import Foundation
internal import GatehouseConfiguration
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
        return pairs + authorities(tls.clientCA, at: "\(path).client_ca")
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
