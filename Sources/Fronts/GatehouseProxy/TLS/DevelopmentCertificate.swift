internal import Crypto
internal import Foundation
internal import NIOSSL
internal import SwiftASN1
internal import X509

/// A certificate for names on loopback, signed by a certificate authority that was made on this machine.
///
/// Assumes: nobody but a developer's own browser trusts the authority. Its key lies in the data folder with mode 0600.
struct DevelopmentCertificate {
    let chain: [NIOSSLCertificateSource]
    let key: NIOSSLPrivateKeySource
    /// Where the authority's certificate lies, to be trusted by clients.
    let authorityPath: String

    /// Reads the authority from a folder, or makes it there, and signs a new certificate with it.
    ///
    /// - Throws: what the file system or the certificate code says.
    init(folder: String, now: Date) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        authorityPath = folder + "/development-ca.pem"
        let authority = try Authority(certificatePath: authorityPath, keyPath: folder + "/development-ca.key", now: now)
        let leafKey = P256.Signing.PrivateKey()
        let leaf = try authority.sign(leafKey.publicKey, now: now)
        chain = try [leaf, authority.certificate].map { .certificate(try NIOSSLCertificate(bytes: Self.der($0), format: .der)) }
        key = .privateKey(try NIOSSLPrivateKey(bytes: Array(leafKey.derRepresentation), format: .der))
    }

    private static func der(_ certificate: Certificate) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }
}

private struct Authority {
    let certificate: Certificate
    private let key: P256.Signing.PrivateKey

    init(certificatePath: String, keyPath: String, now: Date) throws {
        if let stored = try Self.read(certificatePath, keyPath), stored.0.notValidAfter > now.addingTimeInterval(90 * 86_400) {
            (certificate, key) = stored
            return
        }
        (certificate, key) = try Self.make(now: now)
        try certificate.serializeAsPEM().pemString.write(toFile: certificatePath, atomically: true, encoding: .utf8)
        let written = FileManager.default.createFile(
            atPath: keyPath, contents: Data(key.pemRepresentation.utf8), attributes: [.posixPermissions: 0o600])
        if !written { throw CocoaError(.fileWriteUnknown) }
    }

    func sign(_ leafKey: P256.Signing.PublicKey, now: Date) throws -> Certificate {
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([.serverAuth])
            SubjectAlternativeNames([
                .dnsName("localhost"), .dnsName("*.localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                .ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
            ])
        }
        return try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(leafKey), notValidBefore: now.addingTimeInterval(-3600),
            notValidAfter: now.addingTimeInterval(90 * 86_400), issuer: certificate.subject,
            subject: DistinguishedName { CommonName("localhost") }, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
            issuerPrivateKey: .init(key))
    }

    private static func read(_ certificatePath: String, _ keyPath: String) throws -> (Certificate, P256.Signing.PrivateKey)? {
        guard let pem = try? String(contentsOfFile: certificatePath, encoding: .utf8),
            let keyPEM = try? String(contentsOfFile: keyPath, encoding: .utf8)
        else { return nil }
        return (try Certificate(pemEncoded: pem), try P256.Signing.PrivateKey(pemRepresentation: keyPEM))
    }

    private static func make(now: Date) throws -> (Certificate, P256.Signing.PrivateKey) {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("Gatehouse development CA of \(ProcessInfo.processInfo.hostName)") }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey), notValidBefore: now.addingTimeInterval(-3600),
            notValidAfter: now.addingTimeInterval(3650 * 86_400), issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            }, issuerPrivateKey: .init(key))
        return (certificate, key)
    }
}
