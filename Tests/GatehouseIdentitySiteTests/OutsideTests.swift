import GatehouseConfiguration
internal import GatehouseCore
import GatehouseIdentity
import GatehouseIdentitySite
internal import Passwords
import StrictJSON
import Synchronization
import Testing

/// Carries requests to a provider in the same process, and may change what it answers.
struct LocalTransport: OutsideTransport {
    let site: IdentitySite
    var change: @Sendable (String, [UInt8]) -> [UInt8] = { $1 }

    func get(_ address: String, bearer: String?) async throws -> [UInt8] {
        let path = String(address.dropFirst("https://op.example".count))
        let request = SiteRequest(method: "GET", path: path, fields: bearer.map { ["authorization": ["Bearer " + $0]] } ?? [:])
        return change(path, await site.answer(request).body)
    }

    func post(_ address: String, _ form: [String: String]) async throws -> [UInt8] {
        let path = String(address.dropFirst("https://op.example".count))
        let request = SiteRequest(
            method: "POST", path: path, body: Array(FormParameters(form).encoded.utf8),
            fields: ["content-type": ["application/x-www-form-urlencoded"]])
        return change(path, await site.answer(request).body)
    }
}

@Suite struct OutsideTests {
    /// A provider, and a house whose users may come from there.
    func houses(
        _ settings: (inout IdentityProvider) -> Void = { _ in }, change: @escaping @Sendable (String, [UInt8]) -> [UInt8] = { $1 }
    ) async throws -> (op: TestSite, house: TestSite) {
        let op = try await TestSite(issuer: "https://op.example")
        var provider = IdentityProvider()
        provider.name = "op"
        provider.title = "The Other House"
        provider.issuer = try #require(IssuerAddress.configured("https://op.example"))
        provider.clientID = "house"
        provider.clientSecret = Secret(reference: .environment("X"), value: .init("s3cret-of-the-house"))
        provider.createsUsers = true
        settings(&provider)
        let outside = OutsideProvider(provider, transport: LocalTransport(site: op.site, change: change), clock: op.clock)
        return (op, try await TestSite(outside: [outside]))
    }

    /// Goes to the provider from a page of the house, signs in there, and comes back.
    func comeBack(_ browser: TestBrowser, _ start: String, by other: TestBrowser) async throws {
        await browser.open(start)
        try #require(browser.address.hasPrefix("https://op.example/authorize?"), "\(browser.text)")
        other.origin = "https://op.example"
        await other.open(String(browser.address.dropFirst("https://op.example".count)))
        if other.text.contains("action=\"/signin\"") { try await other.submit("/signin", ["name": "alice", "password": TestSite.password]) }
        if other.text.contains("action=\"/consent\"") { try await other.submit("/consent", ["decision": "allow"]) }
        try #require(other.address.hasPrefix(TestSite.issuer + "/outside/callback?"), "\(other.address)")
        await browser.open(String(other.address.dropFirst(TestSite.issuer.count)))
    }

    @Test func `someone who comes for the first time becomes a user, and is known the next time`() async throws {
        let (op, house) = try await houses()
        let browser = TestBrowser(house.site)
        await browser.open("/signin")
        #expect(browser.text.contains("Sign in with The Other House"))
        let other = TestBrowser(op.site)
        try await comeBack(browser, "/outside/start?provider=op", by: other)
        #expect(browser.text.contains("alice@example.org") && browser.address == "/account")
        let first = try #require(try await house.site.accounts.users.user(named: "alice@example.org"))
        try await browser.submit("/account/sign-out")
        try await comeBack(browser, "/outside/start?provider=op", by: other)
        #expect(browser.text.contains("alice@example.org"))
        #expect(try await house.site.accounts.outsideAccounts(of: first.id) == ["op"])
    }

    @Test func `a name that is taken is not given away: its owner links the account after signing in`() async throws {
        let (op, house) = try await houses { $0.nameClaim = "name" }
        _ = try await house.site.accounts.create(User(id: "u2", name: "Alice A."), password: "some other long phrase")
        let browser = TestBrowser(house.site)
        let other = TestBrowser(op.site)
        try await comeBack(browser, "/outside/start?provider=op", by: other)
        #expect(browser.page.status == 403)
        await browser.open("/signin")
        try await browser.submit("/signin", ["name": "alice", "password": TestSite.password])
        await browser.open("/account/factors")
        #expect(browser.text.contains("Link an account at The Other House"))
        try await comeBack(browser, "/outside/start?provider=op&link=yes", by: other)
        #expect(try await house.site.accounts.outsideAccounts(of: house.userID) == ["op"])
        await browser.open("/account")
        try await browser.submit("/account/sign-out")
        try await comeBack(browser, "/outside/start?provider=op", by: other)
        #expect(browser.text.contains("Alice A."))
    }

    @Test func `an answer that another browser asked for, or another state, is refused`() async throws {
        let (op, house) = try await houses()
        let (browser, other, stranger) = (TestBrowser(house.site), TestBrowser(op.site), TestBrowser(house.site))
        await browser.open("/outside/start?provider=op")
        other.origin = "https://op.example"
        await other.open(String(browser.address.dropFirst("https://op.example".count)))
        try await other.submit("/signin", ["name": "alice", "password": TestSite.password])
        try await other.submit("/consent", ["decision": "allow"])
        let back = String(other.address.dropFirst(TestSite.issuer.count))
        await stranger.open(back)
        #expect(stranger.page.status == 400)
        await browser.open(back.replacing(/state=[^&]*/, with: "state=x"))
        #expect(browser.page.status == 400)
        await browser.open(back)
        #expect(browser.page.status == 400, "the attempt is used up")
    }

    @Test(arguments: ["iss", "nonce", "signature", "issuer"])
    func `what does not hold lets nobody in`(fault: String) async throws {
        let (op, house) = try await houses { _ in
        } change: { path, body in
            guard fault != "iss", let text = String(validating: body, as: UTF8.self) else { return body }
            if fault == "issuer", path.contains("openid-configuration") {
                return Array(text.replacing("\"issuer\":\"https://op.example\"", with: "\"issuer\":\"https://evil.example\"").utf8)
            }
            guard path == "/token", var value = (try? JSONValue(parsing: body))?.object, let token = value["id_token"]?.string else { return body }
            let parts = token.split(separator: ".").map(String.init)
            value["id_token"] = .string(
                fault == "signature" ? parts[0] + "." + parts[1] + "." + String(parts[2].reversed()) : parts[0] + "." + String(parts[1].dropLast(4)) + "." + parts[2])
            return JSONValue.object(value).bytes()
        }
        let (browser, other) = (TestBrowser(house.site), TestBrowser(op.site))
        await browser.open("/outside/start?provider=op")
        guard fault != "issuer" else {
            #expect(browser.page.status == 400)
            return
        }
        other.origin = "https://op.example"
        await other.open(String(browser.address.dropFirst("https://op.example".count)))
        try await other.submit("/signin", ["name": "alice", "password": TestSite.password])
        try await other.submit("/consent", ["decision": "allow"])
        var back = String(other.address.dropFirst(TestSite.issuer.count))
        if fault == "iss" { back = back.replacing(/iss=[^&]*/, with: "iss=https%3A%2F%2Fevil.example") }
        await browser.open(back)
        #expect(browser.page.status == 400)
        #expect(house.events.all.contains("outside_refused"))
    }

    @Test func `only verified addresses of the right domains make users`() async throws {
        for (domains, isIn) in [(["example.org"], true), (["example.com"], false)] {
            let (op, house) = try await houses { $0.domains = domains }
            let browser = TestBrowser(house.site)
            try await comeBack(browser, "/outside/start?provider=op", by: TestBrowser(op.site))
            #expect((browser.page.status == 200) == isIn)
        }
    }
}

@Suite struct AdministrationTests {
    func call(_ house: TestSite, _ method: String, _ path: String, _ body: JSONValue? = nil, token: String?) async throws -> (Int, JSONValue) {
        var fields: [String: [String]] = ["content-type": ["application/json"]]
        if let token { fields["authorization"] = ["Bearer " + token] }
        let answer = await house.site.answer(
            SiteRequest(method: method, path: "/admin/" + path, body: body?.bytes() ?? [], network: "", fields: fields))
        return (answer.status, try JSONValue(parsing: answer.body))
    }

    @Test func `users are made, changed and switched off over HTTP, by administrators alone`() async throws {
        let house = try await TestSite()
        let keys = house.site.apiKeys
        let machine = try await keys.issue(.machine, owner: "ci", name: "-", scopes: ["identity:admin"], expires: nil, at: house.clock.now).secret.text
        let weak = try await keys.issue(.machine, owner: "ci", name: "-", scopes: ["read"], expires: nil, at: house.clock.now).secret.text
        let alice = try await keys.issue(.personal, owner: house.userID, name: "-", scopes: ["identity:admin"], expires: nil, at: house.clock.now).secret.text
        #expect(try await call(house, "GET", "users", token: nil).0 == 401)
        #expect(try await call(house, "GET", "users", token: machine + "x").0 == 401)
        #expect(try await call(house, "GET", "users", token: weak).0 == 403)
        #expect(try await call(house, "GET", "users", token: alice).0 == 403, "alice is no administrator")
        _ = try await house.site.accounts.users.update(house.userID) { $0["roles"] = ["admin"] }
        #expect(try await call(house, "GET", "users", token: alice).1["users"]?.array?.count == 1)

        let made = try await call(house, "POST", "users", ["name": "carol", "password": "a long phrase of carol"], token: machine)
        let id = try #require(made.1["id"]?.string)
        #expect(try await call(house, "POST", "users", ["name": "Carol", "password": "a long phrase of carol"], token: machine).0 == 409)
        #expect(try await call(house, "POST", "users", ["name": "dora", "password": "short"], token: machine).0 == 422)
        #expect(try await call(house, "POST", "users", ["name": "dora"], token: machine).1["link"]?.string?.contains("/password/choose?link=") == true)
        #expect(try await call(house, "PATCH", "users/" + id, ["claims": ["groups": ["staff"]]], token: machine).1["claims"]?["groups"] == ["staff"])

        let browser = TestBrowser(house.site)
        await browser.open("/signin")
        try await browser.submit("/signin", ["name": "carol", "password": "a long phrase of carol"])
        #expect(browser.text.contains("staff"))
        let session = try #require(try await call(house, "GET", "users/\(id)/sessions", token: machine).1["sessions"]?.array?.first?["id"]?.string)
        #expect(try await call(house, "DELETE", "users/\(id)/sessions/\(session)", token: machine).0 == 200)
        await browser.open("/account")
        #expect(browser.text.contains("action=\"/signin\""))
        #expect(try await call(house, "PATCH", "users/" + id, ["disabled": true], token: machine).1["disabled"] == true)
        try await browser.submit("/signin", ["name": "carol", "password": "a long phrase of carol"])
        #expect(browser.text.contains("role=\"alert\""))
    }

    @Test func `a recovery takes two administrators`() async throws {
        let house = try await TestSite()
        let keys = house.site.apiKeys
        var tokens: [String] = []
        for owner in ["one", "two"] {
            tokens.append(try await keys.issue(.machine, owner: owner, name: "-", scopes: ["identity:admin"], expires: nil, at: house.clock.now).secret.text)
        }
        let id = try #require(try await call(house, "POST", "users/\(house.userID)/recovery", token: tokens[0]).1["recovery"]?.string)
        #expect(try await call(house, "GET", "recoveries", token: tokens[1]).1["recoveries"]?.array?.count == 1)
        #expect(try await call(house, "POST", "recoveries/\(id)/consent", token: tokens[0]).0 == 409)
        #expect(try await call(house, "POST", "recoveries/\(id)/consent", token: tokens[1]).1["link"] != nil)
    }
}
