import Crypto
import Foundation
import SwiftASN1
import Testing
import WebAuthn
import X509

@Suite struct AttestationTests {
    static let challenge = SoftwareAuthenticator.challenge
    let authority: TestAuthority
    let attestationKey = P256.Signing.PrivateKey()

    init() throws { authority = try TestAuthority() }

    func code(_ response: RegistrationResponse, _ party: RelyingParty, at seconds: Int64 = TestAuthority.moment) -> WebAuthnError.Code? {
        refusal { _ = try party.register(response, challenge: Self.challenge, at: seconds) }
    }

    func sign(_ message: [UInt8]) throws -> CBORValue {
        .bytes([UInt8](try attestationKey.signature(for: SHA256.hash(data: message)).derRepresentation))
    }

    // MARK: none and packed

    @Test func `no attestation is accepted only where none is required, and with nothing in it`() throws {
        let authenticator = SoftwareAuthenticator()
        #expect(code(try authenticator.register(), try CeremonyTests.party()) == nil)
        #expect(code(try authenticator.register(), try authority.trusted) == .attestationUntrusted)
        #expect(code(try authenticator.register { _, _ in [("x", .null)] }, try CeremonyTests.party()) == .attestationInvalid)
        #expect(code(try authenticator.register(format: "android-safetynet"), try CeremonyTests.party()) == .unsupported)
    }

    @Test func `self attestation verifies with the credential's own key`() throws {
        let authenticator = SoftwareAuthenticator()
        let party = try CeremonyTests.party()
        let good = try authenticator.register(format: "packed") { [("alg", CBORValue(-7)), ("sig", .bytes(try authenticator.sign($0 + $1)))] }
        #expect(try party.register(good, challenge: Self.challenge, at: 0).attestation.hasCertificates == false)
        let other = try authenticator.register(format: "packed") { [("alg", CBORValue(-7)), ("sig", .bytes(try authenticator.sign($1 + $0)))] }
        #expect(code(other, party) == .attestationInvalid)
        let algorithm = try authenticator.register(format: "packed") { [("alg", CBORValue(-8)), ("sig", .bytes(try authenticator.sign($0 + $1)))] }
        #expect(code(algorithm, party) == .attestationInvalid)
        #expect(code(good, try authority.trusted) == .attestationUntrusted)
    }

    func packed(_ subject: DistinguishedName?, lifetime: Int64 = 500, _ extensions: [Certificate.Extension] = []) throws -> RegistrationResponse {
        let certificate = try authority.issue(
            attestationKey.publicKey, subject: try #require(subject), lifetime: lifetime, extensions)
        return try SoftwareAuthenticator().register(format: "packed") {
            [("alg", CBORValue(-7)), ("sig", try sign($0 + $1)), ("x5c", .array([certificate]))]
        }
    }

    @Test func `a packed attestation leads to its root`() throws {
        let response = try packed(TestAuthority.attestationName)
        var party = try authority.trusted
        #expect(code(response, party) == nil)
        party.attestation.allowedModels = [[UInt8](repeating: 7, count: 16)]
        #expect(code(response, party) == nil)
        party.attestation.allowedModels = [[UInt8](repeating: 8, count: 16)]
        #expect(code(response, party) == .attestationUntrusted)
        #expect(code(response, try TestAuthority().trusted) == .attestationUntrusted)
        #expect(code(response, try authority.trusted, at: TestAuthority.moment + 600) == .attestationInvalid)
        #expect(try CeremonyTests.party().register(response, challenge: Self.challenge, at: 0).attestation.isTrusted == false)
    }

    @Test func `the attestation certificate must be as the standard says`() throws {
        let party = try authority.trusted
        #expect(code(try packed(try DistinguishedName { CommonName("x") }), party) == .attestationInvalid)
        let model = { (last: UInt8, critical: Bool) in
            Certificate.Extension(
                oid: [1, 3, 6, 1, 4, 1, 45724, 1, 1, 4], critical: critical, value: ArraySlice([4, 16] + [UInt8](repeating: 7, count: 15) + [last]))
        }
        #expect(code(try packed(TestAuthority.attestationName, [model(7, false)]), party) == nil)
        #expect(code(try packed(TestAuthority.attestationName, [model(8, false)]), party) == .attestationInvalid)
        #expect(code(try packed(TestAuthority.attestationName, [model(7, true)]), party) == .attestationInvalid)
        let odd = Certificate.Extension(oid: [1, 2, 3, 4], critical: true, value: [5, 0])
        #expect(code(try packed(TestAuthority.attestationName, [odd]), party) == .attestationInvalid)
    }

    // MARK: U2F

    @Test func `a u2f attestation signs the raw key`() throws {
        let authenticator = SoftwareAuthenticator()
        let certificate = try authority.issue(attestationKey.publicKey, subject: try #require(TestAuthority.attestationName))
        func response(_ first: UInt8, _ certificates: [CBORValue]) throws -> RegistrationResponse {
            try authenticator.register(format: "fido-u2f") { data, hash in
                [
                    ("sig", try sign([first] + data[..<32] + hash + authenticator.id + [4] + authenticator.point)),
                    ("x5c", .array(certificates)),
                ]
            }
        }
        #expect(code(try response(0, [certificate]), try authority.trusted) == nil)
        #expect(code(try response(1, [certificate]), try authority.trusted) == .attestationInvalid)
        #expect(code(try response(0, [certificate, certificate]), try authority.trusted) == .attestationInvalid)
    }

    // MARK: Apple

    @Test func `an apple attestation carries the nonce and the key`() throws {
        let authenticator = SoftwareAuthenticator()
        func response(_ key: P256.Signing.PublicKey, _ change: UInt8) throws -> RegistrationResponse {
            try authenticator.register(format: "apple") { data, hash in
                var nonce = [UInt8](SHA256.hash(data: data + hash))
                nonce[0] ^= change
                let value = Certificate.Extension(
                    oid: [1, 2, 840, 113635, 100, 8, 2], critical: false, value: ArraySlice([0x30, 36, 0xA1, 34, 4, 32] + nonce))
                return [("x5c", .array([try authority.issue(key, subject: try #require(TestAuthority.attestationName), [value])]))]
            }
        }
        #expect(code(try response(authenticator.key.publicKey, 0), try authority.trusted) == nil)
        #expect(code(try response(authenticator.key.publicKey, 1), try authority.trusted) == .attestationInvalid)
        #expect(code(try response(attestationKey.publicKey, 0), try authority.trusted) == .attestationInvalid)
    }

    // MARK: Android

    /// `[number] EXPLICIT`, with a tag of more than one byte where needed.
    static func tagged(_ number: Int, _ value: [UInt8]) -> [UInt8] {
        let tag: [UInt8] = number < 31 ? [0xA0 | UInt8(number)] : [0xBF, UInt8(0x80 | number >> 7), UInt8(number & 127)]
        return tag + [UInt8(value.count)] + value
    }

    func android(_ software: [UInt8], _ hardware: [UInt8], challengeChange: UInt8 = 0) throws -> RegistrationResponse {
        let authenticator = SoftwareAuthenticator()
        return try authenticator.register(format: "android-key") { data, hash in
            let lists = [0x30, UInt8(software.count)] + software + [0x30, UInt8(hardware.count)] + hardware
            var challenge = hash
            challenge[0] ^= challengeChange
            let body = [2, 1, 3, 10, 1, 1, 2, 1, 4, 10, 1, 1, 4, 32] + challenge + [4, 0] + lists
            let value = Certificate.Extension(
                oid: [1, 3, 6, 1, 4, 1, 11129, 2, 1, 17], critical: false, value: ArraySlice([0x30, UInt8(body.count)] + body))
            let certificate = try authority.issue(authenticator.key.publicKey, subject: try #require(TestAuthority.attestationName), [value])
            return [("alg", CBORValue(-7)), ("sig", .bytes(try authenticator.sign(data + hash))), ("x5c", .array([certificate]))]
        }
    }

    @Test func `an android attestation describes a key made in the device for signatures`() throws {
        var party = try authority.trusted
        let signing = Self.tagged(1, [0x31, 3, 2, 1, 2]) + Self.tagged(702, [2, 1, 0])
        #expect(code(try android([], signing), party) == nil)
        #expect(code(try android([], signing, challengeChange: 1), party) == .attestationInvalid)
        #expect(code(try android(Self.tagged(600, [5, 0]), signing), party) == .attestationInvalid)
        #expect(code(try android([], Self.tagged(702, [2, 1, 2])), party) == .attestationInvalid)
        #expect(code(try android([], Self.tagged(1, [0x31, 3, 2, 1, 1])), party) == .attestationInvalid)
        party.attestation.requiresAndroidHardware = true
        #expect(code(try android([], signing), party) == nil)
        #expect(code(try android(signing, []), party) == .attestationInvalid)
    }

    // MARK: TPM

    func tpm(_ change: (_ area: inout [UInt8], _ info: inout [UInt8]) -> Void = { _, _ in }, usage: [UInt] = [2, 23, 133, 8, 3]) throws -> RegistrationResponse {
        let authenticator = SoftwareAuthenticator()
        let point = authenticator.point
        var area: [UInt8] = [0, 0x23, 0, 0x0B, 0, 4, 0, 0, 0, 0, 0, 0x10, 0, 0x10, 0, 3, 0, 0x10, 0, 32] + point[..<32] + [0, 32] + point[32...]
        return try authenticator.register(format: "tpm") { data, hash in
            let name: [UInt8] = [0, 0x0B] + SHA256.hash(data: area)
            var info: [UInt8] = [0xFF, 0x54, 0x43, 0x47, 0x80, 0x17, 0, 0, 0, 32] + SHA256.hash(data: data + hash)
            info += [UInt8](repeating: 0, count: 25) + [0, 34] + name + [0, 0]
            change(&area, &info)
            let names = SubjectAlternativeNames([
                .directoryName(
                    try DistinguishedName([
                        .init(type: [2, 23, 133, 2, 1], utf8String: "id:00000000"), .init(type: [2, 23, 133, 2, 2], utf8String: "model"),
                        .init(type: [2, 23, 133, 2, 3], utf8String: "id:00000001"),
                    ]))
            ])
            let purpose = try ExtendedKeyUsage([.init(oid: ASN1ObjectIdentifier(elements: usage))])
            let certificate = try authority.issue(
                attestationKey.publicKey, subject: DistinguishedName([DistinguishedName.Element]()),
                [.init(names, critical: true), .init(purpose, critical: false)])
            return [
                ("ver", .text("2.0")), ("alg", CBORValue(-7)), ("sig", try sign(info)), ("x5c", .array([certificate])),
                ("certInfo", .bytes(info)), ("pubArea", .bytes(area)),
            ]
        }
    }

    @Test func `a tpm certifies the credential's key for this ceremony`() throws {
        let party = try authority.trusted
        #expect(code(try tpm(), party) == nil)
        #expect(code(try tpm({ area, _ in area[30] ^= 1 }), party) == .attestationInvalid)
        #expect(code(try tpm({ _, info in info[5] = 0x18 }), party) == .attestationInvalid)
        #expect(code(try tpm({ _, info in info[12] ^= 1 }), party) == .attestationInvalid)
        #expect(code(try tpm({ _, info in info[info.count - 5] ^= 1 }), party) == .attestationInvalid)
        #expect(code(try tpm({ _, info in info.append(0) }), party) == .attestationInvalid)
        #expect(code(try tpm(usage: [2, 23, 133, 8, 1]), party) == .attestationInvalid)
    }
}

extension [UInt8] {
    static func + (left: [UInt8], right: SHA256.Digest) -> [UInt8] { left + Array(right) }
}
