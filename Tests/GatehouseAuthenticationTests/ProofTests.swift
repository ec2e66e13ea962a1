import Crypto
import GatehouseConfiguration
import GatehouseGuards
import GatehouseTesting
internal import HTTPWire
import JOSE
import StrictJSON
import Testing

@testable import GatehouseAuthentication

struct ProofTests {
    private let issuer: TestIssuer
    private let holder: JSONWebKey
    private let token: String

    init() throws {
        issuer = try TestIssuer()
        holder = try JSONWebKey.generate(for: .es256)
        token = try issuer.token(["cnf": ["jkt": .string(Base64URL.string(holder.thumbprint))]])
    }

    private func proof(_ changes: [String: JSONValue?] = [:], key: JSONWebKey? = nil, type: String = "dpop+jwt") throws -> String {
        let key = key ?? holder
        var claims: JSONObject = [
            "jti": "p1", "htm": "GET", "htu": "https://shop.example/orders", "iat": JSONValue(TestIssuer.now),
            "ath": .string(Base64URL.string([UInt8](SHA256.hash(data: Array(token.utf8))))),
        ]
        for (name, value) in changes { claims[name] = value }
        var bare = key
        bare.keyID = nil
        var shown = try key.publicKey()
        shown.keyID = nil
        let header = JWSSigner.Header(type: type, members: ["jwk": try shown.json()])
        return try JWSSigner(SigningKey(bare)).string(JSONValue.object(claims).bytes(), header: header)
    }

    private func house(_ change: (inout AuthenticationGuardSettings) -> Void = { _ in }) throws -> GuardedHouse {
        try GuardedHouse(.requiring(issuer, change: change))
    }

    @Test func `a bound token with a proof passes once`() throws {
        let house = try house()
        let proof = try proof()
        let (exchange, outcome) = house.send(["authorization": "DPoP \(token)", "dpop": proof])
        #expect(outcome.isPass)
        #expect(exchange.request.fields[.dpop] == nil)
        #expect(exchange.identity?.confirmation == Base64URL.string(holder.thumbprint))
        let again = house.send(["authorization": "DPoP \(token)", "dpop": proof]).outcome.refusal
        #expect(again?.rule == "proof_replayed")
        #expect(again?.challenges.first?.hasPrefix("DPoP realm=\"shop\", error=\"invalid_dpop_proof\"") == true)
        #expect(try house.send(["authorization": "DPoP \(token)", "dpop": self.proof(["jti": "p2"])]).outcome.isPass)
    }

    @Test(
        arguments: [
            ["htm": "POST"], ["htu": "https://shop.example/other"], ["htu": "http://shop.example/orders"], ["iat": JSONValue(TestIssuer.now - 80)],
            ["iat": JSONValue(TestIssuer.now + 11)], ["ath": "x"], ["ath": nil], ["jti": nil], ["jti": ""],
        ] as [[String: JSONValue?]])
    func `a proof for something else is refused`(changes: [String: JSONValue?]) throws {
        let outcome = try house().send(["authorization": "DPoP \(token)", "dpop": proof(changes)]).outcome
        #expect(outcome.refusal?.rule == "proof_invalid")
    }

    @Test func `the address of a proof is compared in its normal form`() throws {
        #expect(try house().send(["authorization": "DPoP \(token)", "dpop": proof(["htu": "HTTPS://Shop.Example:443/orders?x=1"])]).outcome.isPass)
    }

    @Test func `a bound token is no bearer token, and the other way round`() throws {
        #expect(try house().send(["authorization": "Bearer \(token)", "dpop": proof()]).outcome.refusal?.rule == "proof_scheme")
        let bearer = try issuer.token()
        #expect(try house().send(["authorization": "DPoP \(bearer)", "dpop": proof()]).outcome.refusal?.rule == "proof_unbound")
        #expect(try house().send(["authorization": "DPoP \(token)"]).outcome.refusal?.rule == "proof_missing")
    }

    @Test func `a proof of another key or kind is refused`() throws {
        let other = try JSONWebKey.generate(for: .es256)
        #expect(try house().send(["authorization": "DPoP \(token)", "dpop": proof(key: other)]).outcome.refusal?.rule == "proof_key")
        #expect(try house().send(["authorization": "DPoP \(token)", "dpop": proof(type: "JWT")]).outcome.refusal?.rule == "proof_invalid")
    }

    @Test func `a nonce is asked for and then taken`() throws {
        let house = try house { $0.dpop.usesNonces = true }
        let refusal = try #require(house.send(["authorization": "DPoP \(token)", "dpop": try proof()]).outcome.refusal)
        #expect(refusal.challenges.first?.contains("error=\"use_dpop_nonce\"") == true)
        let nonce = try #require(refusal.fields.first { $0.name == "dpop-nonce" }?.value)
        #expect(try house.send(["authorization": "DPoP \(token)", "dpop": proof(["nonce": .string(nonce)])]).outcome.isPass)
        #expect(try house.send(["authorization": "DPoP \(token)", "dpop": proof(["nonce": "old", "jti": "p9"])]).outcome.refusal?.rule == "proof_nonce")
    }

    @Test func `where proofs are required a bearer token is refused`() throws {
        let refusal = try house { $0.dpop.isRequired = true }.send(["authorization": "Bearer \(issuer.token())"]).outcome.refusal
        #expect(refusal?.rule == "proof_required")
        #expect(refusal?.challenges.allSatisfy { $0.hasPrefix("DPoP ") } == true)
    }

    @Test func `a token bound to a certificate needs that certificate`() throws {
        let hash = [UInt8](SHA256.hash(data: [1, 2, 3]))
        let bound = try issuer.token(["cnf": ["x5t#S256": .string(Base64URL.string(hash))]])
        let house = try house()
        #expect(house.send(["authorization": "Bearer \(bound)"]).outcome.refusal?.rule == "certificate_binding")
    }
}

struct AddressTests {
    @Test(arguments: [
        ("https://login.example", "https://login.example/.well-known/openid-configuration", "https://login.example/.well-known/oauth-authorization-server"),
        ("https://login.example/", "https://login.example/.well-known/openid-configuration", "https://login.example/.well-known/oauth-authorization-server"),
        ("https://a.b/t/1", "https://a.b/t/1/.well-known/openid-configuration", "https://a.b/.well-known/oauth-authorization-server/t/1"),
    ])
    func `discovery documents stand where their standards say`(issuer: String, openID: String, server: String) throws {
        let address = try #require(HTTPAddress(issuer))
        #expect(try KeySource.openIDAddress(address).description == openID)
        #expect(try KeySource.serverAddress(address).description == server)
    }

    @Test(arguments: ["ftp://x", "https://", "https://user@x", "https://x#y", "https://x:0", "https://x y", "//x", "https://[::1"])
    func `what is no address is refused`(text: String) {
        #expect(HTTPAddress(text) == nil)
    }
}
