import GatehouseIdentity
import GatehouseStore
import JOSE
import StrictJSON
import Testing

@Suite struct CodeFlowTests {
    @Test func `a code becomes tokens, and the ID token says who signed in`() async throws {
        let house = try await TestHouse()
        let answer = try await house.authorize()
        #expect(answer["state"] == "st")
        let (status, body) = try await house.redeem(answer["code"])
        #expect(status == 200)
        #expect(body["token_type"] == "Bearer" && body["expires_in"] == 600 && body["scope"] == "openid profile offline_access read")
        let keys = try JSONWebKeySet(parsing: house.server.publishedKeys().body)
        let policy = JWTPolicy(issuer: TestHouse.issuer, audiences: ["app"], types: ["JWT"])
        let claims = try JWTVerifier(keys, allowing: .asymmetric, policy: policy)
            .verify(body["id_token"]?.string ?? "", at: NumericDate(seconds: Double(house.clock.now))).claims
        #expect(claims.subject == "alice" && claims["nonce"]?.string == "no" && claims["sid"]?.string == "s1")
        #expect(claims["acr"]?.string == "urn:gatehouse:acr:mfa" && claims["auth_time"]?.int64 == house.clock.now)
        #expect(claims["name"] == nil)
        let told = try await house.introspect(body["access_token"])
        #expect(told["active"] == true && told["sub"] == "alice" && told["aud"]?.string == TestHouse.api && told["client_id"] == "app")
    }

    @Test func `a second use of a code ends the grant and its tokens`() async throws {
        let house = try await TestHouse()
        let code = try await house.authorize()["code"]
        let first = try await house.redeem(code)
        #expect(try await house.isActive(first.body["access_token"]))
        #expect(try await house.redeem(code).body.errorCode == "invalid_grant")
        #expect(try await !house.isActive(first.body["access_token"]))
        #expect(try await house.refresh(first.body["refresh_token"]).body.errorCode == "invalid_grant")
        #expect(house.events.names.contains("code_replayed"))
    }

    @Test func `of many requests with one code exactly one wins`() async throws {
        let house = try await TestHouse()
        let code = try await house.authorize()["code"]
        let winners = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await house.redeem(code).status } }
            return try await group.reduce(into: 0) { $0 += $1 == 200 ? 1 : 0 }
        }
        #expect(winners == 1)
    }

    @Test(arguments: [
        (["code_verifier": String(repeating: "w", count: 43)], "app", "invalid_grant"), (["code_verifier": ""], "app", "invalid_grant"),
        (["redirect_uri": "https://app.example/other"], "app", "invalid_grant"), (["redirect_uri": ""], "app", "invalid_grant"),
        ([:], "other", "invalid_grant"), (["code": "gateac_x"], "app", "invalid_grant"), (["resource": "https://else.example"], "app", "invalid_target"),
        (["grant_type": "password"], "app", "unsupported_grant_type"), (["grant_type": ""], "app", "invalid_request"),
        (["client_secret": "x"], "app", ""),
    ])
    func `a code is bound to its client, its redirect address and its verifier`(change: [String: String], client: String, code: String) async throws {
        let house = try await TestHouse()
        let given = try await house.authorize()["code"]
        let result = try await house.redeem(given, client: client, change)
        #expect(result.body.errorCode ?? "" == code)
        // A refused attempt does not spend the code.
        if !code.isEmpty { #expect(try await house.redeem(given).status == 200) }
    }

    @Test func `a code expires`() async throws {
        let house = try await TestHouse()
        let code = try await house.authorize()["code"]
        house.clock.advance(60)
        #expect(try await house.redeem(code).body.errorCode == "invalid_grant")
    }

    @Test func `a signed access token is for its resource alone and dies with its grant`() async throws {
        let house = try await TestHouse()
        let body = try await house.tokens(TestHouse.request("app", ["scope": "openid orders", "resource": "https://jwt.example"]))
        let keys = try JSONWebKeySet(parsing: house.server.publishedKeys().body)
        let policy = JWTPolicy(issuer: TestHouse.issuer, audiences: ["https://jwt.example"], types: ["at+jwt"])
        let token = try JWTVerifier(keys, allowing: .asymmetric, policy: policy)
            .verify(body["access_token"]?.string ?? "", at: NumericDate(seconds: Double(house.clock.now)))
        #expect(token.claims["client_id"]?.string == "app" && token.claims["scope"]?.string == "openid orders" && token.claims.tokenID != nil)
        #expect(try await house.isActive(body["access_token"]))
        _ = try await house.server.endSession("s1")
        #expect(try await !house.isActive(body["access_token"]))
    }

    @Test func `two resources in one grant must be chosen between`() async throws {
        let house = try await TestHouse()
        let code = try await house.authorize(TestHouse.request("app", ["scope": "openid read orders"]))["code"]
        #expect(try await house.redeem(code).body.errorCode == "invalid_target")
        let chosen = try await house.redeem(code, ["resource": TestHouse.api])
        #expect(chosen.body["scope"] == "openid read")
    }

    @Test func `client authentication takes one way, the registered one`() async throws {
        let house = try await TestHouse()
        func status(_ parameters: [String: String], _ authorization: String? = nil, query: Bool = false) async -> (Int, String?) {
            let form = FormParameters(parameters.merging(["grant_type": "client_credentials", "scope": "read"]) { $1 })
            let response = await house.server.token(IdentityRequest(parameters: form, authorization: authorization, hasQuery: query))
            return (response.status, response["WWW-Authenticate"])
        }
        try await house.add("basic") { $0.authentication = .basic }
        let header = "Basic YmFzaWM6Z2F0ZWNzX3Rlc3Qtc2VjcmV0LXdpdGgtZW5vdWdoLWxldHRlcnM="
        #expect(await status([:], header).0 == 200)
        #expect(await status(["client_secret": TestHouse.secret], header).0 == 400)
        #expect(await status(["client_id": "app"], header).0 == 400)
        #expect(await status(["client_id": "basic", "client_secret": TestHouse.secret]).0 == 401)
        #expect(await status(["client_id": "app", "client_secret": "wrong"]).0 == 401)
        #expect(await status(["client_id": "nobody", "client_secret": "wrong"]).0 == 401)
        #expect(await status(["client_id": "app"]).0 == 401)
        #expect(await status([:]).0 == 401)
        #expect(await status([:], "Basic !").1 == "Basic realm=\"clients\"")
        #expect(await status(["client_id": "app", "client_secret": TestHouse.secret], query: true).0 == 400)
    }

    @Test func `a client's own tokens hang off one grant`() async throws {
        let house = try await TestHouse()
        let first = try await house.token(["grant_type": "client_credentials", "scope": "read"])
        let second = try await house.token(["grant_type": "client_credentials", "scope": "read"])
        #expect(first.body["refresh_token"] == nil && first.body["access_token"] != second.body["access_token"])
        #expect(try await house.store.row("SELECT count(*) AS n FROM identity_grants")?.integer("n") == 1)
        #expect(try await house.introspect(first.body["access_token"])["sub"] == "app")
        #expect(try await house.token(["grant_type": "client_credentials", "scope": "admin"]).body.errorCode == "invalid_scope")
        #expect(try await house.token(["grant_type": "client_credentials", "scope": "openid"]).body.errorCode == "invalid_scope")
        let gone = FormParameters(["client_id": "app", "client_secret": TestHouse.secret, "token": first.body["access_token"]?.string ?? ""])
        #expect(await house.server.revoke(IdentityRequest(parameters: gone)).status == 200)
        #expect(try await !house.isActive(first.body["access_token"]))
        #expect(try await house.isActive(second.body["access_token"]))
    }

    @Test func `a disabled client gets nothing, and what it had is gone`() async throws {
        let house = try await TestHouse()
        let body = try await house.tokens()
        let now = house.clock.now
        #expect(try await house.store.write { try ClientStore.disable("app", at: now, in: $0) })
        #expect(try await !house.isActive(body["access_token"]))
        #expect(try await house.refresh(body["refresh_token"]).status == 401)
        await #expect(throws: OAuthError(.invalidClient, "")) { try await house.authorize() }
    }
}
