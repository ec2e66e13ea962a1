import Crypto
import CryptoExtras
import Foundation
import JOSE
import SwiftASN1
import WebAuthn
import X509

/// An authenticator in code, with everything that a test may want to be wrong.
struct SoftwareAuthenticator {
    var relyingParty = "example.org"
    var origin = "https://example.org"
    var topOrigin: String?
    var type = "webauthn.create"
    var flags: AuthenticatorData.Flags = [.userPresent, .userVerified]
    var signCount: UInt32 = 1
    var id: [UInt8] = Array(0..<32)
    var aaguid = [UInt8](repeating: 7, count: 16)
    var extensions: CBORMap?
    let key = P256.Signing.PrivateKey()

    static let challenge = [UInt8](repeating: 9, count: 32)

    var credentialKey: CBORValue {
        let point = [UInt8](key.publicKey.rawRepresentation)
        let members: [(Int64, CBORValue)] = [
            (1, CBORValue(2)), (3, CBORValue(-7)), (-1, CBORValue(1)), (-2, .bytes(Array(point[..<32]))), (-3, .bytes(Array(point[32...]))),
        ]
        return .map(CBORMap(members.map { (CBORValue($0.0), $0.1) }))
    }

    var point: [UInt8] { [UInt8](key.publicKey.rawRepresentation) }

    func clientData(_ type: String, challenge: [UInt8] = challenge) -> [UInt8] {
        let top = topOrigin.map { #","topOrigin":"\#($0)""# } ?? ""
        return Array(
            #"{"type":"\#(type)","challenge":"\#(Base64URL.string(challenge))","origin":"\#(origin)","crossOrigin":\#(topOrigin != nil)\#(top)}"#.utf8)
    }

    func data(isRegistration: Bool) -> [UInt8] {
        var flags = flags
        if isRegistration { flags.insert(.attestedCredential) }
        if extensions != nil { flags.insert(.extensions) }
        var bytes = [UInt8](SHA256.hash(data: Array(relyingParty.utf8))) + [flags.rawValue]
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: signCount >> (24 - 8 * $0)) }
        if isRegistration {
            bytes += aaguid + [UInt8(id.count >> 8), UInt8(id.count & 255)] + id + CBORWriter.encode(credentialKey)
        }
        return bytes + (extensions.map { CBORWriter.encode(.map($0)) } ?? [])
    }

    func sign(_ message: [UInt8]) throws -> [UInt8] { [UInt8](try key.signature(for: SHA256.hash(data: message)).derRepresentation) }

    func hash(_ client: [UInt8]) -> [UInt8] { [UInt8](SHA256.hash(data: client)) }

    /// A registration whose statement is made from the authenticator data and the client data's hash.
    func register(
        format: String = "none", _ statement: (_ data: [UInt8], _ hash: [UInt8]) throws -> [(String, CBORValue)] = { _, _ in [] }
    ) throws -> RegistrationResponse {
        let client = clientData(type)
        let data = data(isRegistration: true)
        let made = CBORMap(try statement(data, hash(client)).map { (.text($0.0), $0.1) })
        let object = CBORValue.map(
            CBORMap([(.text("fmt"), .text(format)), (.text("attStmt"), .map(made)), (.text("authData"), .bytes(data))]))
        return RegistrationResponse(id: id, clientData: client, attestationObject: CBORWriter.encode(object), transports: ["internal"])
    }

    func authenticate(type: String = "webauthn.get", userHandle: [UInt8]? = [1]) throws -> AuthenticationResponse {
        let client = clientData(type)
        let data = data(isRegistration: false)
        return AuthenticationResponse(
            id: id, clientData: client, authenticatorData: data, signature: try sign(data + hash(client)), userHandle: userHandle)
    }
}

/// A root and what it signs.
struct TestAuthority {
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let root: Certificate
    static let moment: Int64 = 1_800_000_000

    init() throws {
        let name = try DistinguishedName { CommonName("Test Root") }
        root = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: Self.date(-1000), notValidAfter: Self.date(1000),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions { Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil)) }, issuerPrivateKey: key)
    }

    static func date(_ offset: Int64) -> Date { Date(timeIntervalSince1970: Double(moment + offset)) }

    static let attestationName = try? DistinguishedName {
        CountryName("AA")
        OrganizationName("Test")
        OrganizationalUnitName("Authenticator Attestation")
        CommonName("Attestation")
    }

    func issue(
        _ publicKey: P256.Signing.PublicKey, subject: DistinguishedName, lifetime: Int64 = 500,
        _ extensions: [Certificate.Extension] = []
    ) throws -> CBORValue {
        var all = try Certificate.Extensions { BasicConstraints.notCertificateAuthority }
        for one in extensions { try all.append(one) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(publicKey), notValidBefore: Self.date(-500),
            notValidAfter: Self.date(lifetime), issuer: root.subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: all, issuerPrivateKey: key)
        var serializer = DER.Serializer()
        try certificate.serialize(into: &serializer)
        return .bytes(serializer.serializedBytes)
    }

    var trusted: RelyingParty {
        get throws {
            var party = try RelyingParty(id: "example.org", name: "Example", origins: ["https://example.org"])
            for format in AttestationFormat.allCases { party.attestation.trustRoots[format] = [root] }
            party.attestation.requiresTrust = true
            return party
        }
    }
}
