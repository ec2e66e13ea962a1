import GatehouseIdentity
import StrictJSON
import Testing

@Suite struct DeviceTests {
    static let grantType = "urn:ietf:params:oauth:grant-type:device_code"

    func house() async throws -> TestHouse {
        let house = try await TestHouse()
        try await house.add("tv", secret: nil) {
            $0.authentication = .none
            $0.grantTypes = [Self.grantType, "refresh_token"]
            $0.redirectURIs = []
        }
        return house
    }

    func start(_ house: TestHouse, client: String = "tv") async throws -> JSONValue {
        let response = await house.server.authorizeDevice(IdentityRequest(parameters: FormParameters(["client_id": client, "scope": "read"])))
        return try JSONValue(parsing: response.body)
    }

    func poll(_ house: TestHouse, _ code: JSONValue) async throws -> JSONValue {
        let form = FormParameters(["client_id": "tv", "grant_type": Self.grantType, "device_code": code["device_code"]?.string ?? ""])
        return try JSONValue(parsing: await house.server.token(IdentityRequest(parameters: form)).body)
    }

    @Test func `a device waits, is allowed, and gets its tokens once`() async throws {
        let house = try await house()
        let code = try await start(house)
        #expect(code["interval"] == 5 && code["verification_uri"]?.string == TestHouse.issuer + "/device")
        #expect(try await poll(house, code).errorCode == "authorization_pending")
        let typed = (code["user_code"]?.string ?? "").lowercased().replacing("-", with: " ")
        let device = try #require(try await house.server.device(userCode: typed))
        #expect(device.client.id == "tv" && device.scopes == ["read"])
        #expect(try await house.server.approve(device, by: house.session))
        #expect(try await !house.server.approve(device, by: house.session))
        #expect(try await house.server.device(userCode: typed) == nil)
        house.clock.advance(5)
        let tokens = try await poll(house, code)
        #expect(try await house.introspect(tokens["access_token"])["sub"] == "alice")
        house.clock.advance(5)
        #expect(try await poll(house, code).errorCode == "invalid_grant")
    }

    @Test func `asking too fast is told so and makes the pace slower`() async throws {
        let house = try await house()
        let code = try await start(house)
        #expect(try await poll(house, code).errorCode == "authorization_pending")
        #expect(try await poll(house, code).errorCode == "slow_down")
        house.clock.advance(5)
        #expect(try await poll(house, code).errorCode == "slow_down")
        house.clock.advance(15)
        #expect(try await poll(house, code).errorCode == "authorization_pending")
    }

    @Test func `a refusal and the end of time are told`() async throws {
        let house = try await house()
        let code = try await start(house)
        let device = try #require(try await house.server.device(userCode: code["user_code"]?.string ?? ""))
        try await house.server.deny(device)
        #expect(try await poll(house, code).errorCode == "access_denied")
        let late = try await start(house)
        house.clock.advance(600)
        #expect(try await poll(house, late).errorCode == "expired_token")
        #expect(try await house.server.device(userCode: late["user_code"]?.string ?? "") == nil)
    }

    @Test func `of many questions at once exactly one gets tokens`() async throws {
        let house = try await house()
        let code = try await start(house)
        let device = try #require(try await house.server.device(userCode: code["user_code"]?.string ?? ""))
        _ = try await house.server.approve(device, by: house.session)
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { try await poll(house, code)["access_token"] != nil } }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(winners == 1)
    }

    @Test(arguments: ["", "WDJB", "WDJB-MJH1", "WDJB-MJHTX", "ÄDJB-MJHT"]) func `text that is no code finds nothing`(typed: String) async throws {
        #expect(try await house().server.device(userCode: typed) == nil)
    }

    @Test func `a client that is not registered for it gets no device code`() async throws {
        let house = try await house()
        #expect(try await start(house, client: "public").errorCode == "unauthorized_client")
    }
}
