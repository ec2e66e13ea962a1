import GatehouseConfiguration
import GatehouseCore
import GatehouseGuards
import GatehouseTesting
import HTTPWire
import Testing

@testable import GatehouseAuthentication

struct SessionTests {
    private let cookies = SessionCookies(secret: [UInt8](repeating: 9, count: 32))
    private let flow = SessionCookies.Flow(state: "s", nonce: "n", verifier: "v", target: "/x?y=1", begun: 1000)

    @Test func `what is under way is sealed, and counts for ten minutes`() throws {
        let sealed = try #require(cookies.seal(flow))
        #expect(cookies.open(sealed, at: 1600) == flow)
        #expect(cookies.open(sealed, at: 1601) == nil)
        #expect(cookies.open(sealed, at: 999) == nil)
        #expect(SessionCookies(secret: [UInt8](repeating: 8, count: 32)).open(sealed, at: 1000) == nil)
        #expect(cookies.open(String(sealed.dropLast()) + (sealed.last == "A" ? "B" : "A"), at: 1000) == nil)
    }

    @Test func `our cookies are kept from the backend, others are not`() {
        var fields = FieldBlock()
        fields.append(.cookie, "a=1; __Host-gatehouse-session=x; b=2")
        fields.append(.cookie, "gatehouse-flow-abc=y; c=gatehouse-session")
        SessionCookies.takeAway(from: &fields)
        #expect(fields.texts == ["cookie: a=1; b=2; c=gatehouse-session"])
    }

    @Test(arguments: [("x=1; k=v", "v"), ("k=v; k=w", nil), ("xk=v", nil), ("k=", ""), ("", nil)] as [(String, String?)])
    func `a cookie that stands twice is none`(line: String, value: String?) {
        var fields = FieldBlock()
        fields.append(.cookie, line)
        #expect(SessionCookies.value(of: "k", in: fields) == value)
    }

    @Test(
        arguments: [
            (["sec-fetch-site": "same-origin"], true), (["sec-fetch-site": "none"], true), (["sec-fetch-site": "same-site"], false),
            (["sec-fetch-site": "cross-site", "origin": "https://shop.example"], false), (["origin": "https://shop.example"], true),
            (["origin": "http://shop.example"], false), (["origin": "null"], false), ([:], false),
        ] as [([String: String], Bool)])
    func `an unsafe request must come from our own pages`(fields: [String: String], isOwn: Bool) {
        let exchange = TestHouse([]).exchange(.post, "/", [:], secure: true)
        for (name, value) in fields { exchange.request.fields.append(name, value) }
        #expect(SessionDoor.isOwn(exchange) == isOwn)
    }

    @Test(
        arguments: [
            (["accept": "text/html"], true), (["accept": "*/*"], false), (["accept": "text/html", "x-requested-with": "XMLHttpRequest"], false),
            (["sec-fetch-mode": "navigate", "sec-fetch-dest": "document"], true), (["sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"], false),
            (["sec-fetch-mode": "cors", "accept": "text/html"], false), (["accept": "text/html", "upgrade": "websocket"], false),
        ] as [([String: String], Bool)])
    func `only navigations are sent to the provider`(fields: [String: String], isNavigation: Bool) {
        let exchange = TestHouse([]).exchange(.get, "/")
        for (name, value) in fields { exchange.request.fields.append(name, value) }
        #expect(SessionDoor.isNavigation(exchange.request) == isNavigation)
    }

    @Test func `a parameter that stands twice does not count`() {
        #expect(SessionDoor.parameters("code=a&state=b%20c&code=d&x=1+2") == ["state": "b c", "x": "1 2"])
    }

    @Test func `sessions end by the provider's session or by subject`() async throws {
        let vault = MemoryVault()
        for (hash, subject, session) in [(1, "a", "s1"), (2, "a", "s2"), (3, "b", "s3")] as [(UInt8, String, String)] {
            try await vault.save(Self.record(hash, subject, session), isNew: true)
        }
        #expect(try await vault.remove(issuer: "https://i", session: "s1", subject: nil) == 1)
        #expect(try await vault.find([1]) == nil)
        #expect(try await vault.remove(issuer: "https://other", session: nil, subject: "a") == 0)
        #expect(try await vault.remove(issuer: "https://i", session: nil, subject: "a") == 1)
        #expect(try await vault.find([3]) != nil)
    }

    @Test func `what has ended cannot be saved back`() async throws {
        let vault = MemoryVault()
        try await vault.save(Self.record(1, "a", "s"), isNew: true)
        try await vault.remove([1])
        try await vault.save(Self.record(1, "a", "s"), isNew: false)
        #expect(try await vault.find([1]) == nil)
    }

    private static func record(_ hash: UInt8, _ subject: String, _ session: String) -> SessionRecord {
        SessionRecord(
            hash: [hash], issuer: "https://i", client: "c", subject: subject, providerSession: session, claims: [], idToken: "",
            refreshToken: "", scopes: [], refreshAt: 0, created: 0, seen: 0, expires: 100)
    }
}

struct ForwardAuthTests {
    @Test func `the request that is asked about takes the question's place`() {
        let house = TestHouse([ForwardAuthRequestGuard()])
        let exchange = house.exchange(
            .get, "/forward-auth",
            ["x-forwarded-method": "DELETE", "x-forwarded-uri": "/orders/7?x=1", "x-forwarded-host": "Shop.Example:8443", "x-forwarded-proto": "https"])
        house.request(exchange)
        #expect(exchange.request.method == .delete)
        #expect(exchange.request.path == "/orders/7")
        #expect(exchange.requestAddress == "https://shop.example:8443/orders/7")
    }

    @Test(arguments: ["orders", "/evil\u{7F}", "/a b"])
    func `what is no address is not taken`(target: String) {
        let house = TestHouse([ForwardAuthRequestGuard()])
        let exchange = house.exchange(.get, "/forward-auth", ["x-original-uri": target])
        house.request(exchange)
        #expect(exchange.request.path == "/forward-auth")
    }
}

struct HouseTokenTests {
    /// A provider with one token.
    private struct OneToken: HouseTokens {
        let issuer = "https://house.example"
        func token(_ text: String) async throws -> HouseToken? {
            guard text.hasPrefix("gateat_good") else { return nil }
            let identity = CallerIdentity(issuer: issuer, subject: "alice", credential: .bearer)
            return HouseToken(identity: identity, audience: text.hasSuffix("other") ? "other" : "api", keyThumbprint: nil, grant: "g", issuedAt: 0)
        }
        func keyHolder(_ text: String) async throws -> CallerIdentity? { nil }
    }

    @Test(arguments: [("gateat_good", nil), ("gateat_bad", "house_token"), ("gateat_good-other", "token_audience_mismatch")] as [(String, String?)])
    func `the house is asked about its tokens`(token: String, rule: String?) async throws {
        var settings = AuthenticationGuardSettings()
        settings.require = .required
        settings.house.audiences = ["api"]
        let house = try GuardedHouse(settings)
        house.ground.house = OneToken()
        let outcome = try await house.sendOnLoop(["authorization": "Bearer \(token)"])
        #expect(outcome.refusal?.rule == rule)
        #expect(outcome.isPass == (rule == nil))
    }
}
