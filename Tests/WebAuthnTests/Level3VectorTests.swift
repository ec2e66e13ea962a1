import ConformanceSupport
import StrictJSON
import SwiftASN1
import Testing
import WebAuthn
import X509

let level3 = ConformanceSuite("webauthn-vectors")

@Suite(.enabled(if: level3.isPresent)) struct Level3VectorTests {
    /// Ed448 is not offered by the cryptographic library.
    static let unsupported: Set<String> = ["packed-ed448"]

    @Test func `the pairs of the specification verify`() throws {
        let root = try JSONValue(parsing: [UInt8](level3.data("level3.json")))
        var party = try RelyingParty(id: "example.org", name: "Example", origins: ["https://example.org"])
        party.topOrigins = ["https://example.com"]
        party.userVerification = .preferred
        let anchor = try Certificate(derEncoded: hex(root["attestationRoot"]?.string ?? ""))
        for format in AttestationFormat.allCases { party.attestation.trustRoots[format] = [anchor] }
        var passed = 0
        var failed: [String] = []
        var skipped = 0
        for vector in root["vectors"]?.array ?? [] {
            let name = vector["name"]?.string ?? ""
            do {
                try verify(vector, party)
                passed += 1
            } catch {
                if Self.unsupported.contains(name) { skipped += 1 } else { failed.append("\(name): \(error)") }
            }
        }
        level3.report(passed: passed, failed: failed, skipped: skipped)
        #expect(failed.isEmpty)
        #expect(passed == 14)
    }

    private func verify(_ vector: JSONValue, _ party: RelyingParty) throws {
        func bytes(_ part: String, _ name: String) -> [UInt8] { hex(vector[part]?[name]?.string ?? "") }
        var party = party
        if vector["name"]?.string?.contains("crossOrigin") == true {
            #expect(refusal { _ = try register(vector, party) } == .originMismatch)
            party.allowsUnnamedTopOrigin = true
        }
        let name = vector["name"]?.string ?? ""
        party.attestation.requiresTrust = !name.hasPrefix("none") && !name.hasPrefix("packed-self")
        let registration = try register(vector, party)
        #expect(registration.credential.aaguid == bytes("registration", "aaguid"))
        let answer = AuthenticationResponse(
            id: bytes("registration", "credential_id"), clientData: bytes("authentication", "clientDataJSON"),
            authenticatorData: bytes("authentication", "authenticatorData"), signature: bytes("authentication", "signature"))
        _ = try party.authenticate(
            answer, challenge: bytes("authentication", "challenge"), credential: registration.credential, owner: [1], isUserIdentified: true)
    }

    private func register(_ vector: JSONValue, _ party: RelyingParty) throws -> RelyingParty.Registration {
        func bytes(_ name: String) -> [UInt8] { hex(vector["registration"]?[name]?.string ?? "") }
        let answer = RegistrationResponse(
            id: bytes("credential_id"), clientData: bytes("clientDataJSON"), attestationObject: bytes("attestationObject"))
        return try party.register(answer, challenge: bytes("challenge"), at: 1_800_000_000)
    }
}
