internal import Crypto
internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseGuards
internal import SwiftASN1
internal import X509

/// Maps client certificates, which TLS has verified, to callers.
struct CertificateVerifier: Sendable {
    private let rules: [CertificateRule]

    init(_ rules: [CertificateRule]) { self.rules = rules }

    /// The caller that a certificate names.
    func verify(_ tls: TLSFacts) throws(CredentialFault) -> VerifiedCredential {
        guard let certificate = try? Certificate(derEncoded: tls.clientCertificate) else {
            throw CredentialFault(.invalid, "certificate", "the client's certificate cannot be read")
        }
        let names = CertificateNames(certificate, hash: tls.clientCertificateHash)
        for rule in rules {
            guard let matched = names.matching(rule.match) else { continue }
            return credential(rule, matched, certificate, tls)
        }
        throw CredentialFault(.invalid, "certificate", "no entry is for the client's certificate of `\(certificate.subject)`")
    }

    private func credential(
        _ rule: CertificateRule, _ matched: String, _ certificate: Certificate, _ tls: TLSFacts
    ) -> VerifiedCredential {
        var identity = CallerIdentity(
            issuer: "gatehouse", subject: rule.name.isEmpty ? matched : rule.name, credential: .certificate)
        identity.scopes = rule.scopes.map(\.description)
        identity.groups = rule.groups
        identity.roles = rule.roles
        let expires = Int64(certificate.notValidAfter.timeIntervalSince1970)
        identity.expiresAt = expires
        return VerifiedCredential(identity, expires: expires)
    }
}

/// The names of a certificate that entries can ask for.
private struct CertificateNames {
    private var uris: [String] = []
    private var hosts: [String] = []
    private var addresses: [String] = []
    private var commonNames: [String] = []
    private let fingerprint: String

    init(_ certificate: Certificate, hash: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        fingerprint = String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        for name in (try? certificate.extensions.subjectAlternativeNames).flatMap({ $0 }).map(Array.init) ?? [] {
            switch name {
            case .uniformResourceIdentifier(let uri): uris.append(uri)
            case .dnsName(let host): hosts.append(host.lowercased())
            case .rfc822Name(let address): addresses.append(address)
            default: break
            }
        }
        for part in certificate.subject {
            for attribute in part where attribute.type == .RDNAttributeType.commonName {
                if let text = String(attribute.value) { commonNames.append(text) }
            }
        }
    }

    /// The name that a match takes; nil for none. A subject with two common names matches by none.
    func matching(_ match: CertificateMatch) -> String? {
        switch match {
        case .uri(let pattern): uris.first { Self.fits($0, prefixOf: pattern) }
        case .dns(let pattern): hosts.first { Self.fits($0, suffixOf: pattern, mark: "*.") }
        case .email(let pattern): addresses.first { Self.fits($0, suffixOf: pattern, mark: "*@") }
        case .commonName(let pattern):
            commonNames.count == 1 && (pattern == "*" || Self.fits(commonNames[0], suffixOf: pattern, mark: "*.")) ? commonNames[0] : nil
        case .fingerprint(let wanted): wanted == fingerprint ? fingerprint : nil
        }
    }

    private static func fits(_ name: String, prefixOf pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.utf8.starts(with: pattern.dropLast().utf8) : name.utf8.elementsEqual(pattern.utf8)
    }

    private static func fits(_ name: String, suffixOf pattern: String, mark: String) -> Bool {
        if pattern == "*" { return true }
        guard pattern.hasPrefix(mark) else { return name.utf8.elementsEqual(pattern.utf8) }
        let rest = pattern.dropFirst()
        return name.utf8.count > rest.utf8.count && name.utf8.suffix(rest.utf8.count).elementsEqual(rest.utf8)
    }
}
