import Crypto
import Foundation
import GatehouseIdentity
import JOSE
import StrictJSON
import Testing
import WebAuthn

/// An authenticator in code, with one passkey on P-256.
struct PasskeyDevice {
    let key = P256.Signing.PrivateKey()
    let id = (0..<32).map { _ in UInt8.random(in: 0...255) }
    var count: UInt8 = 1
    var flags: UInt8 = 5

    private func data(registering: Bool) -> [UInt8] {
        let head = [UInt8](SHA256.hash(data: Array("id.example".utf8))) + [flags | (registering ? 64 : 0), 0, 0, 0, count]
        guard registering else { return head }
        let point = [UInt8](key.publicKey.rawRepresentation)
        let members: [(Int64, CBORValue)] = [
            (1, CBORValue(2)), (3, CBORValue(-7)), (-1, CBORValue(1)), (-2, .bytes(Array(point[..<32]))), (-3, .bytes(Array(point[32...]))),
        ]
        let cose = CBORWriter.encode(.map(CBORMap(members.map { (CBORValue($0.0), $0.1) })))
        return head + [UInt8](repeating: 0, count: 16) + [0, 32] + id + cose
    }

    private func client(_ type: String, _ options: JSONValue) -> [UInt8] {
        Array(#"{"type":"\#(type)","challenge":\#(options["challenge"] ?? .null),"origin":"https://id.example","crossOrigin":false}"#.utf8)
    }

    private func answer(_ response: JSONObject) -> [UInt8] {
        let name = JSONValue.string(Base64URL.string(id))
        return JSONValue.object(["id": name, "rawId": name, "type": "public-key", "response": .object(response)]).bytes()
    }

    func create(_ options: JSONValue) -> [UInt8] {
        let object = CBORMap([(.text("fmt"), .text("none")), (.text("attStmt"), .map(CBORMap([]))), (.text("authData"), .bytes(data(registering: true)))])
        return answer([
            "clientDataJSON": .string(Base64URL.string(client("webauthn.create", options))),
            "attestationObject": .string(Base64URL.string(CBORWriter.encode(.map(object)))),
        ])
    }

    func get(_ options: JSONValue, handle: String = "u1") throws -> [UInt8] {
        let client = client("webauthn.get", options)
        let data = data(registering: false)
        let message = data + [UInt8](SHA256.hash(data: client))
        return answer([
            "clientDataJSON": .string(Base64URL.string(client)), "authenticatorData": .string(Base64URL.string(data)),
            "signature": .string(Base64URL.string([UInt8](try key.signature(for: SHA256.hash(data: message)).derRepresentation))),
            "userHandle": .string(Base64URL.string(Array(handle.utf8))),
        ])
    }
}

@Suite struct PasskeyTests {
    static func party() throws -> RelyingParty { try RelyingParty(id: "id.example", name: "Test", origins: ["https://id.example"]) }

    func enrolled() async throws -> (TestAccounts, PasskeyDevice, RelyingParty) {
        let accounts = try await TestAccounts()
        let (device, party) = (PasskeyDevice(), try Self.party())
        let user = try #require(try await accounts.service.users.user("u1"))
        let options = try await accounts.service.passkeyEnrolment(of: user, party: party)
        try await accounts.service.enrolPasskey(device.create(options), of: user, name: "key", party: party)
        return (accounts, device, party)
    }

    @Test func `a passkey is enrolled and signs in`() async throws {
        var (accounts, device, party) = try await enrolled()
        device.count = 2
        let options = try await accounts.service.passkeyRequest(party: party)
        guard case .signedIn(let result) = try await accounts.service.signIn(passkey: device.get(options), party: party) else {
            Issue.record("the passkey was refused")
            return
        }
        #expect(result.userID == "u1" && result.authentication.methods == ["pop", "user", "mfa"])
        #expect(result.authentication.context == "urn:gatehouse:acr:passkey")
    }

    @Test func `a passkey is refused without user verification, for a used challenge, or with a cloned counter`() async throws {
        var (accounts, device, party) = try await enrolled()
        device.count = 2
        let options = try await accounts.service.passkeyRequest(party: party)
        let good = try device.get(options)
        #expect(try await accounts.service.signIn(passkey: good, party: party).word == "in")
        #expect(try await accounts.service.signIn(passkey: good, party: party).word == "refused")
        #expect(try await accounts.service.signIn(passkey: device.get(accounts.service.passkeyRequest(party: party)), party: party).word == "refused")
        device.count = 3
        device.flags = 1
        #expect(try await accounts.service.signIn(passkey: device.get(accounts.service.passkeyRequest(party: party)), party: party).word == "refused")
        device.flags = 5
        #expect(
            try await accounts.service.signIn(passkey: device.get(accounts.service.passkeyRequest(party: party), handle: "u2"), party: party).word
                == "refused")
        let late = try await accounts.service.passkeyRequest(party: party)
        accounts.clock.advance(300)
        #expect(try await accounts.service.signIn(passkey: device.get(late), party: party).word == "refused")
        #expect(try await accounts.service.signIn(passkey: [], party: party).word == "refused")
    }

    @Test func `a passkey signs in while strangers guess passwords`() async throws {
        var (accounts, device, party) = try await enrolled()
        for number in 0..<150 { _ = try await accounts.signIn("wrong password!", network: "198.51.100.\(number)/32") }
        device.count = 9
        let options = try await accounts.service.passkeyRequest(party: party)
        #expect(try await accounts.service.signIn(passkey: device.get(options), party: party).word == "in")
    }

    @Test func `a challenge for one user's enrolment is no other's, and a passkey is kept once`() async throws {
        let (accounts, device, party) = try await enrolled()
        let user = try #require(try await accounts.service.users.user("u1"))
        let options = try await accounts.service.passkeyEnrolment(of: user, party: party)
        #expect(options["excludeCredentials"]?.array?.count == 1)
        await #expect(throws: (any Error).self) {
            try await accounts.service.enrolPasskey(device.create(options), of: User(id: "u2", name: "x"), name: "", party: party)
        }
        await #expect(throws: OAuthError(.invalidRequest, "")) {
            try await accounts.service.enrolPasskey(device.create(options), of: user, name: "", party: party)
        }
    }
}
