import GatehouseIdentity
import GatehouseStore
import StrictJSON
import Testing

@Suite struct RefreshTests {
    @Test func `a refresh token is spent for a new pair`() async throws {
        let house = try await TestHouse()
        let first = try await house.tokens()
        let second = try await house.refresh(first["refresh_token"])
        #expect(second.status == 200 && second.body["refresh_token"] != first["refresh_token"])
        #expect(try await house.isActive(second.body["access_token"]))
        #expect(try await house.refresh(second.body["refresh_token"]).status == 200)
    }

    @Test func `a retry after a lost answer gets the same pair`() async throws {
        let house = try await TestHouse()
        let first = try await house.tokens()
        let lost = try await house.refresh(first["refresh_token"])
        house.clock.advance(10)
        let again = try await house.refresh(first["refresh_token"])
        #expect(again.body["refresh_token"] == lost.body["refresh_token"] && again.body["access_token"] == lost.body["access_token"])
        #expect(again.body["expires_in"] == 590)
        #expect(try await house.refresh(lost.body["refresh_token"]).status == 200)
    }

    @Test func `many requests at once get one and the same pair`() async throws {
        let house = try await TestHouse()
        let first = try await house.tokens()
        let pairs = try await withThrowingTaskGroup(of: JSONValue?.self) { group in
            for _ in 0..<20 { group.addTask { try await house.refresh(first["refresh_token"]).body["refresh_token"] } }
            return try await group.reduce(into: Set<JSONValue?>()) { $0.insert($1) }
        }
        #expect(pairs.count == 1 && !pairs.contains(nil))
    }

    @Test func `a second use once the successor was used ends the family`() async throws {
        let house = try await TestHouse()
        let first = try await house.tokens()
        let second = try await house.refresh(first["refresh_token"])
        let third = try await house.refresh(second.body["refresh_token"])
        #expect(try await house.refresh(first["refresh_token"]).body.errorCode == "invalid_grant")
        #expect(try await house.refresh(third.body["refresh_token"]).body.errorCode == "invalid_grant")
        #expect(try await !house.isActive(third.body["access_token"]))
        #expect(house.events.names.contains("refresh_replayed"))
    }

    @Test func `a second use after the window ends the family`() async throws {
        let house = try await TestHouse()
        let first = try await house.tokens()
        let second = try await house.refresh(first["refresh_token"])
        house.clock.advance(30)
        #expect(try await house.refresh(first["refresh_token"]).body.errorCode == "invalid_grant")
        #expect(try await house.refresh(second.body["refresh_token"]).body.errorCode == "invalid_grant")
    }

    @Test func `scopes can be narrowed and not widened`() async throws {
        let house = try await TestHouse()
        let first = try await house.tokens()
        #expect(try await house.refresh(first["refresh_token"], ["scope": "read write"]).body.errorCode == "invalid_scope")
        let narrow = try await house.refresh(first["refresh_token"], ["scope": "read"])
        #expect(narrow.body["scope"] == "read" && narrow.body["id_token"] == nil)
        #expect(try await house.refresh(narrow.body["refresh_token"]).body["scope"] == "openid profile offline_access read")
    }

    @Test func `tokens are bound to their client and end with time`() async throws {
        let house = try await TestHouse()
        let first = try await house.tokens()
        #expect(try await house.refresh(first["refresh_token"], client: "other").body.errorCode == "invalid_grant")
        house.clock.advance(14 * 86_400)
        #expect(try await house.refresh(first["refresh_token"]).body.errorCode == "invalid_grant")
        #expect(!house.events.names.contains("refresh_replayed"))
    }

    @Test func `revoking any token ends the grant, whatever the hint says`() async throws {
        let house = try await TestHouse()
        for name in ["access_token", "refresh_token"] {
            let body = try await house.tokens()
            let text = body[name]?.string ?? ""
            let foreign = FormParameters(["client_id": "other", "client_secret": TestHouse.secret, "token": text])
            #expect(await house.server.revoke(IdentityRequest(parameters: foreign)).status == 200)
            #expect(try await house.isActive(body["access_token"]))
            let own = FormParameters(["client_id": "app", "client_secret": TestHouse.secret, "token": text, "token_type_hint": "nonsense"])
            #expect(await house.server.revoke(IdentityRequest(parameters: own)).status == 200)
            #expect(try await !house.isActive(body["access_token"]))
            #expect(try await house.refresh(body["refresh_token"]).body.errorCode == "invalid_grant")
        }
    }

    @Test func `introspection tells strangers nothing`() async throws {
        let house = try await TestHouse()
        let body = try await house.tokens()
        #expect(try await house.introspect(body["access_token"], by: "other") == ["active": false])
        #expect(try await house.introspect(body["refresh_token"], by: "api") == ["active": false])
        #expect(try await house.introspect(body["refresh_token"], by: "app")["active"] == true)
        #expect(try await house.introspect("nonsense") == ["active": false])
        house.clock.advance(600)
        #expect(try await house.introspect(body["access_token"]) == ["active": false])
    }

    @Test func `the store holds no token`() async throws {
        let house = try await TestHouse()
        let first = try await house.tokens()
        _ = try await house.refresh(first["refresh_token"])
        for table: SQL in ["identity_refresh_tokens", "identity_access_tokens", "identity_codes", "identity_grants"] {
            for row in try await house.store.rows("SELECT * FROM \(table)") {
                #expect(!"\(row)".contains("gatert_") && !"\(row)".contains("gateat_") && !"\(row)".contains("gateac_"))
            }
        }
    }
}
