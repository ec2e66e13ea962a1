import Crypto
import Foundation
import GatehouseIdentity
import JOSE
import StrictJSON
import Testing

/// A client's key for DPoP, with everything that a test may want to be wrong.
struct ProofMaker {
    let key: JSONWebKey
    var type = "dpop+jwt"
    var method = "POST"
    var address = TestHouse.issuer + "/token"
    var identifier: String?
    var offset: Int64 = 0
    var nonce: String?
    var accessToken: String?
    var showsPrivateKey = false
    var omitted: String?

    init() throws { key = try JSONWebKey.generate(for: .es256) }

    var thumbprint: String { Base64URL.string(key.thumbprint) }

    func make(at now: Int64) throws -> String {
        var claims: JSONObject = [
            "jti": .string(identifier ?? "\(UInt64.random(in: 0...(.max)))"), "htm": .string(method), "htu": .string(address),
            "iat": JSONValue(now + offset),
        ]
        if let nonce { claims.append("nonce", .string(nonce)) }
        if let accessToken { claims.append("ath", .string(Base64URL.string([UInt8](SHA256.hash(data: Array(accessToken.utf8)))))) }
        if let omitted { claims[omitted] = nil }
        var plain = key
        plain.keyID = nil
        let header = JWSSigner.Header(type: type, members: ["jwk": try JSONWebKey(key.material).json(includingPrivate: showsPrivateKey)])
        return try JWSSigner(SigningKey(plain)).string(JSONValue.object(claims).bytes(), header: header)
    }
}

typealias ProofChange = @Sendable (inout ProofMaker) -> Void

@Suite struct ProofTests {
    static let machine = ["grant_type": "client_credentials", "scope": "read"]

    @Test func `a proof binds the token to its key`() async throws {
        let house = try await TestHouse()
        let maker = try ProofMaker()
        let result = try await house.token(Self.machine, proofs: [maker.make(at: house.clock.now)])
        #expect(result.body["token_type"] == "DPoP")
        #expect(try await house.introspect(result.body["access_token"])["cnf"]?["jkt"]?.string == maker.thumbprint)
    }

    static let refused: [(String, ProofChange)] = [
        ("another type", { $0.type = "jwt" }), ("another method", { $0.method = "GET" }),
        ("another address", { $0.address = "https://id.example/other" }), ("another host", { $0.address = "https://evil.example/token" }),
        ("too old", { $0.offset = -91 }), ("from the future", { $0.offset = 31 }), ("a private key", { $0.showsPrivateKey = true }),
        ("no jti", { $0.omitted = "jti" }), ("no iat", { $0.omitted = "iat" }), ("no htm", { $0.omitted = "htm" }), ("no htu", { $0.omitted = "htu" }),
    ]

    @Test(arguments: refused) func `a proof is refused for`(what: String, change: ProofChange) async throws {
        let house = try await TestHouse()
        var maker = try ProofMaker()
        change(&maker)
        #expect(try await house.token(Self.machine, proofs: [maker.make(at: house.clock.now)]).body.errorCode == "invalid_dpop_proof")
    }

    static let tolerated: [(String, ProofChange)] = [
        ("upper case and port", { $0.address = "HTTPS://ID.example:443/token" }), ("a query", { $0.address = "https://id.example/token?x=1#y" }),
        ("ten seconds ago", { $0.offset = -10 }), ("in ten seconds", { $0.offset = 10 }),
    ]

    @Test(arguments: tolerated) func `a proof is accepted with`(what: String, change: ProofChange) async throws {
        let house = try await TestHouse()
        var maker = try ProofMaker()
        change(&maker)
        #expect(try await house.token(Self.machine, proofs: [maker.make(at: house.clock.now)]).status == 200)
    }

    @Test func `a proof works once, and alone`() async throws {
        let house = try await TestHouse()
        let proof = try ProofMaker().make(at: house.clock.now)
        #expect(try await house.token(Self.machine, proofs: [proof, proof]).body.errorCode == "invalid_dpop_proof")
        #expect(try await house.token(Self.machine, proofs: [proof]).status == 200)
        #expect(try await house.token(Self.machine, proofs: [proof]).body.errorCode == "invalid_dpop_proof")
        #expect(try await house.token(Self.machine, proofs: ["a.b.c"]).body.errorCode == "invalid_dpop_proof")
    }

    @Test func `a missing or old nonce is answered with a new one`() async throws {
        let house = try await TestHouse { $0.requiresProofNonce = true }
        var maker = try ProofMaker()
        func ask() async throws -> IdentityResponse {
            let form = FormParameters(Self.machine.merging(["client_id": "app", "client_secret": TestHouse.secret]) { $1 })
            return await house.server.token(IdentityRequest(parameters: form, proofs: [try maker.make(at: house.clock.now)]))
        }
        let first = try await ask()
        #expect(first.status == 400 && String(decoding: first.body, as: UTF8.self).contains("use_dpop_nonce"))
        let nonce: String = try #require(first["DPoP-Nonce"])
        maker.nonce = nonce
        #expect(try await ask().status == 200)
        house.clock.advance(120)
        #expect(try await ask().status == 200)
        house.clock.advance(120)
        #expect(try await ask()["DPoP-Nonce"] != nil)
    }

    @Test func `a code bound to a key is redeemed with that key alone`() async throws {
        let house = try await TestHouse()
        let maker = try ProofMaker()
        let code = try await house.authorize(TestHouse.request("app", ["dpop_jkt": maker.thumbprint]))["code"]
        let parameters = ["grant_type": "authorization_code", "code": code ?? "", "redirect_uri": TestHouse.redirect, "code_verifier": TestHouse.verifier]
        #expect(try await house.token(parameters).body.errorCode == "invalid_dpop_proof")
        #expect(try await house.token(parameters, proofs: [ProofMaker().make(at: house.clock.now)]).body.errorCode == "invalid_grant")
        #expect(try await house.token(parameters, proofs: [maker.make(at: house.clock.now)]).status == 200)
    }

    @Test func `a public client's refresh token is bound to its key`() async throws {
        let house = try await TestHouse()
        let maker = try ProofMaker()
        let code = try await house.authorize(TestHouse.request("public"))["code"] ?? ""
        let parameters = ["grant_type": "authorization_code", "code": code, "redirect_uri": TestHouse.redirect, "code_verifier": TestHouse.verifier]
        let first = try await house.token(parameters, client: "public", proofs: [maker.make(at: house.clock.now)])
        let refresh = ["grant_type": "refresh_token", "refresh_token": first.body["refresh_token"]?.string ?? ""]
        #expect(try await house.token(refresh, client: "public").body.errorCode == "invalid_dpop_proof")
        #expect(try await house.token(refresh, client: "public", proofs: [ProofMaker().make(at: house.clock.now)]).body.errorCode == "invalid_grant")
        #expect(try await house.token(refresh, client: "public", proofs: [maker.make(at: house.clock.now)]).status == 200)
    }

    @Test func `a client that must prove possession gets nothing without`() async throws {
        let house = try await TestHouse()
        try await house.add("bound") { $0.requiresProof = true }
        #expect(try await house.token(Self.machine, client: "bound").body.errorCode == "invalid_dpop_proof")
    }
}
