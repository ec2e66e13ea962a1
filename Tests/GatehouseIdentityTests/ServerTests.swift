import GatehouseIdentity
import GatehouseStore
import JOSE
import StrictJSON
import Testing

@Suite struct SigningKeyScheduleTests {
    let schedule = SigningKeySchedule(lifetime: 1000, lead: 100, tail: 50)

    @Test func `the first key signs at once, the next is published ahead and takes over`() throws {
        let first = try #require(schedule.next(after: [], at: 0))
        #expect(first == .init(signsFrom: 0, signsUntil: 1000, publishedUntil: 1050))
        #expect(schedule.next(after: [first], at: 899) == nil)
        let second = try #require(schedule.next(after: [first], at: 900))
        #expect(second.signsFrom == 1000)
        #expect(schedule.next(after: [first, second], at: 950) == nil)
        #expect(schedule.signing([first, second], at: 999) == 0)
        #expect(schedule.signing([first, second], at: 1000) == 1)
        #expect(!schedule.isOver(first, at: 1049) && schedule.isOver(first, at: 1050))
    }

    @Test func `after an outage the next key signs at once`() throws {
        let first = try #require(schedule.next(after: [], at: 0))
        #expect(schedule.next(after: [first], at: 5000)?.signsFrom == 5000)
        #expect(schedule.signing([first], at: 5000) == nil)
    }
}

@Suite struct ServerTests {
    @Test func `keys rotate by themselves, and old tokens stay verifiable`() async throws {
        let house = try await TestHouse()
        func published() throws -> [String?] { try JSONWebKeySet(parsing: house.server.publishedKeys().body).keys.map(\.keyID) }
        let first = try published()
        #expect(first.count == 1)
        house.clock.advance(29 * 86_400)
        try await house.server.maintain()
        #expect(try published().count == 2)
        let before = try house.server.keys.signer(.es256, at: house.clock.now).keyID
        house.clock.advance(86_400)
        try await house.server.maintain()
        #expect(try house.server.keys.signer(.es256, at: house.clock.now).keyID != before)
        #expect(try published().count == 2)
        house.clock.advance(5000)
        try await house.server.maintain()
        #expect(try published().count == 1 && published() != first)
    }

    @Test func `private keys are sealed in the store`() async throws {
        let house = try await TestHouse()
        let row = try #require(try await house.store.row("SELECT sealed, public FROM identity_signing_keys"))
        #expect(!String(decoding: try row.blob("sealed"), as: UTF8.self).contains("kty"))
        #expect(try !row.text("public").contains("\"d\""))
    }

    @Test func `discovery says what there is, and no more`() async throws {
        let house = try await TestHouse()
        let document = try JSONValue(parsing: house.server.discovery().body)
        #expect(document["issuer"]?.string == TestHouse.issuer && document["token_endpoint"]?.string == TestHouse.issuer + "/token")
        #expect(document["code_challenge_methods_supported"] == ["S256"] && document["response_types_supported"] == ["code"])
        #expect(document["authorization_response_iss_parameter_supported"] == true)
        let algorithms = document["dpop_signing_alg_values_supported"]?.array?.compactMap(\.string) ?? []
        #expect(!algorithms.contains("HS256") && !algorithms.contains("none") && algorithms.contains("ES256"))
        let keys = try JSONValue(parsing: house.server.publishedKeys().body)
        #expect(keys["keys"]?[0]?["d"] == nil && keys["keys"]?[0]?["kid"] != nil)
    }

    func userInfo(_ house: TestHouse, _ authorization: String?, method: String = "GET", _ form: [String: String] = [:], proofs: [String] = []) async throws -> (Int, JSONValue) {
        let request = IdentityRequest(method: method, parameters: FormParameters(form), authorization: authorization, proofs: proofs)
        let response = await house.server.userInfo(request)
        return (response.status, try JSONValue(parsing: response.body))
    }

    @Test func `the user's claims are told by scope, in the three ways to ask`() async throws {
        let house = try await TestHouse()
        let body = try await house.tokens()
        let token = body["access_token"]?.string ?? ""
        #expect(try await userInfo(house, "Bearer " + token).1 == ["sub": "alice", "name": "Alice A."])
        #expect(try await userInfo(house, "bearer " + token, method: "POST").0 == 200)
        #expect(try await userInfo(house, nil, method: "POST", ["access_token": token]).0 == 200)
        #expect(try await userInfo(house, nil, ["access_token": token]).0 == 400)
        #expect(try await userInfo(house, "Bearer " + token, method: "POST", ["access_token": token]).0 == 400)
        #expect(try await userInfo(house, "DPoP " + token).0 == 401)
        #expect(try await userInfo(house, "Bearer gateat_x").0 == 401)
        #expect(try await userInfo(house, nil).0 == 401)
        let machine = try await house.token(["grant_type": "client_credentials", "scope": "read"]).body["access_token"]?.string ?? ""
        #expect(try await userInfo(house, "Bearer " + machine).0 == 403)
    }

    @Test func `claims can be asked for by name`() async throws {
        let house = try await TestHouse()
        let claims = #"{"userinfo":{"email":{"essential":true},"nickname":null},"id_token":{"email":null}}"#
        let body = try await house.tokens(TestHouse.request("app", ["claims": claims]))
        let told = try await userInfo(house, "Bearer " + (body["access_token"]?.string ?? "")).1
        #expect(told["email"] == "alice@example.org" && told["nickname"] == nil)
        let payload = (body["id_token"]?.string ?? "").split(separator: ".")[1]
        #expect(try JSONValue(parsing: Base64URL.decode(String(payload)) ?? [])["email"] == "alice@example.org")
    }

    @Test func `a bound token needs a proof over itself`() async throws {
        let house = try await TestHouse()
        var maker = try ProofMaker()
        let code = try await house.authorize()["code"] ?? ""
        let parameters = ["grant_type": "authorization_code", "code": code, "redirect_uri": TestHouse.redirect, "code_verifier": TestHouse.verifier]
        let token = try await house.token(parameters, proofs: [maker.make(at: house.clock.now)]).body["access_token"]?.string ?? ""
        maker.method = "GET"
        maker.address = TestHouse.issuer + "/userinfo"
        #expect(try await userInfo(house, "DPoP " + token, proofs: [maker.make(at: house.clock.now)]).0 == 401)
        maker.accessToken = token
        #expect(try await userInfo(house, "DPoP " + token, proofs: [maker.make(at: house.clock.now)]).0 == 200)
        #expect(try await userInfo(house, "Bearer " + token, proofs: [maker.make(at: house.clock.now)]).0 == 401)
        #expect(try await userInfo(house, "DPoP " + token).0 == 401)
    }

    // MARK: private_key_jwt

    func assertion(_ key: JSONWebKey, _ change: JSONObject = [:], at now: Int64) throws -> [String: String] {
        var claims: JSONObject = [
            "iss": "signed", "sub": "signed", "aud": .string(TestHouse.issuer), "exp": JSONValue(now + 60), "iat": JSONValue(now),
            "jti": .string("\(UInt64.random(in: 0...(.max)))"),
        ]
        for member in change { claims[member.key] = member.value.isNull ? nil : member.value }
        return [
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": try JWTSigner(SigningKey(key), type: "JWT").sign(claims),
        ]
    }

    @Test func `a client signs for itself, once, for this issuer`() async throws {
        let house = try await TestHouse()
        let key = try JSONWebKey.generate(for: .es256)
        let published = try JSONWebKeySet([key.publicKey()]).json()
        try await house.add("signed") {
            $0.authentication = .privateKeyJWT
            $0.keys = published
        }
        let now = house.clock.now
        func status(_ form: [String: String], _ more: [String: String] = [:]) async -> Int {
            let all = FormParameters(form.merging(["grant_type": "client_credentials", "scope": "read"]) { $1 }.merging(more) { $1 })
            return await house.server.token(IdentityRequest(parameters: all)).status
        }
        let good = try assertion(key, at: now)
        #expect(await status(good) == 200)
        #expect(await status(good) == 401)
        #expect(await status(try assertion(key, at: now), ["client_id": "app"]) == 401)
        #expect(await status(try assertion(key, at: now), ["client_secret": TestHouse.secret]) == 400)
        #expect(await status(try assertion(JSONWebKey.generate(for: .es256), at: now)) == 401)
        let changes: [JSONObject] = [
            ["aud": .array([.string(TestHouse.issuer)])], ["aud": .string(TestHouse.issuer + "/token")], ["exp": JSONValue(now - 31)], ["exp": nil],
            ["jti": nil], ["iss": "app"], ["nbf": JSONValue(now + 61)], ["exp": JSONValue(now + 4000)],
        ]
        for change in changes { #expect(await status(try assertion(key, change, at: now)) == 401, "\(change)") }
        #expect(await status(try assertion(key, ["nbf": JSONValue(now + 8)], at: now)) == 200)
    }

    @Test(arguments: [
        "http://app.example/cb", "https://app.example/#x", "/cb", "javascript:alert(1)", "https://*.example/cb", "http://localhost.evil.net/",
    ])
    func `unsafe redirect addresses cannot be registered`(address: String) async throws {
        let house = try await TestHouse()
        await #expect(throws: OAuthError(.invalidRequest, "")) { try await house.add("bad") { $0.redirectURIs = [address] } }
    }
}
