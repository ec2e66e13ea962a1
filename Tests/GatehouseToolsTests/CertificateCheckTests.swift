import Crypto
import Foundation
import GatehouseConfiguration
import SwiftASN1
import Testing
import X509

@testable import GatehouseTools

@Suite struct CertificateCheckTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())

    @Test func `a good pair passes`() throws {
        let result = try check(certificate: pem(days: 90), key: try key.serializeAsPEM().pemString)
        #expect(result.status == 0)
        #expect(result.complaint.isEmpty)
    }

    @Test(arguments: [(-1, 1, "error: a certificate in `./c.pem` has ended"), (3, 0, "warning: a certificate in `./c.pem` ends in 3 days")])
    func `a certificate that ends is told`(days: Int, status: Int32, expected: String) throws {
        let result = try check(certificate: pem(days: days), key: try key.serializeAsPEM().pemString)
        #expect(result.status == status)
        #expect(result.complaint.contains(expected), "\(result.complaint)")
        #expect(result.complaint.contains("at: listeners[0].tls.certificates[0].certificate"))
    }

    @Test func `a key of another certificate is an error`() throws {
        let other = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let result = try check(certificate: pem(days: 90), key: try other.serializeAsPEM().pemString)
        #expect(result.status == 1)
        #expect(result.complaint.contains("the key `./k.pem` does not belong to `./c.pem`"))
    }

    @Test func `files that hold something else are errors`() throws {
        let result = try check(certificate: "hello", key: "world")
        #expect(result.status == 1)
        #expect(result.complaint.contains("`./c.pem` holds no certificate (PEM) that can be read"))
        #expect(result.complaint.contains("`./k.pem` holds no private key (PEM)"))
        #expect(result.complaint.hasSuffix("2 errors\n"))
    }

    @Test(arguments: [
        (["shop.test"], "[shop.test]", []), (["*.shop.test", "shop.test"], "[shop.test, api.shop.test]", []),
        (["*.shop.test"], "[a.b.shop.test]", ["no certificate of the listener is for `a.b.shop.test`"]),
        (["old.test"], "[shop.test]", ["no certificate of the listener is for `shop.test`", "`./c.pem` is for no host of any service"]),
    ])
    func `names of certificates and hosts of services are compared`(names: [String], hosts: String, expected: [String]) throws {
        let result = try check(certificate: pem(days: 90, names: names), key: try key.serializeAsPEM().pemString, hosts: hosts)
        #expect(result.status == 0)
        for text in expected { #expect(result.complaint.contains("warning: \(text)"), "\(result.complaint)") }
        #expect(expected.isEmpty == result.complaint.isEmpty, "\(result.complaint)")
    }

    private func check(certificate: String, key: String, hosts: String = "[]") throws -> ToolResult {
        let text = """
            listeners: [{address: ":443", tls: {certificates: [{certificate: c.pem, key: k.pem}]}}]
            services: [{upstream: http://127.0.0.1:3000, hosts: \(hosts)}]
            """
        let files = ["gatehouse.yaml": text, "./c.pem": certificate, "./k.pem": key]
        return ConfigurationCheck(file: "gatehouse.yaml").run(in: .memory(files: files), now: now)
    }

    private func pem(days: Int, names: [String] = []) throws -> String {
        let name = try DistinguishedName { CommonName("shop.test") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-864_000), notValidAfter: now.addingTimeInterval(Double(days) * 86_400 + 60),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256, extensions: Certificate.Extensions { SubjectAlternativeNames(names.map { .dnsName($0) }) },
            issuerPrivateKey: key)
        return try certificate.serializeAsPEM().pemString
    }
}
