import Foundation
import GatehouseIdentity
import GatehouseIdentitySite
import StrictJSON
import Testing

@Suite struct SignInPageTests {
    @Test func `a user signs in, allows a client, and the client gets tokens`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn(TestSite.authorize())
        #expect(browser.text.contains("Shop &lt;b&gt;") && !browser.text.contains("Shop <b>"))
        try await browser.submit("/consent", ["decision": "allow"])
        #expect(browser.address.hasPrefix(TestSite.callback + "?code="))
        let tokens = try await house.tokens(browser.address)
        #expect(tokens["id_token"] != nil && tokens["scope"] == "openid profile")
        await browser.open(TestSite.authorize())
        #expect(browser.address.hasPrefix(TestSite.callback + "?code="), "allowed before")
    }

    @Test func `a scope that the user takes away is not given`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn(TestSite.authorize(["scope": "openid profile email"]))
        try await browser.submit("/consent", ["decision": "allow", "scope.email": "no"])
        #expect(try await house.tokens(browser.address)["scope"] == "openid profile")
    }

    @Test func `a user who refuses sends the client an error`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn(TestSite.authorize())
        try await browser.submit("/consent", ["decision": "refuse"])
        #expect(browser.address.hasPrefix(TestSite.callback + "?error=access_denied"))
    }

    @Test func `wrong passwords and unknown names look alike`() async throws {
        let house = try await TestSite()
        let (one, other) = (TestBrowser(house.site), TestBrowser(house.site))
        try await one.signIn(password: "wrong password of mine")
        await other.open("/signin")
        try await other.submit("/signin", ["name": "alice", "password": "wrong password of mine"])
        let known = other.text
        try await other.submit("/signin", ["name": "nobody", "password": "wrong password of mine"])
        let strip = { (text: String) in text.replacing(/value="[^"]*"/, with: "") }
        #expect(strip(known) == strip(other.text))
        #expect(one.text.contains("role=\"alert\""))
    }

    @Test func `a form from another site, of another browser or session is refused`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        await browser.open("/signin")
        browser.origin = "https://evil.example"
        try await browser.submit("/signin", ["name": "alice", "password": TestSite.password])
        #expect(browser.page.status == 403)
        browser.origin = TestSite.issuer
        await browser.open("/signin")
        let stolen = browser.text
        #expect(await browser.request("POST", "/signin", ["name": "alice", "password": TestSite.password]).page.status == 403, "no token")
        let token = try #require(stolen.firstMatch(of: /name="form_token" value="([^"]+)"/)?.1)
        let other = TestBrowser(house.site)
        await other.open("/signin")
        _ = await other.request("POST", "/signin", ["name": "alice", "password": TestSite.password, "form_token": String(token)])
        #expect(other.page.status == 403, "the token of another browser")
        try await other.signIn()
        _ = await other.request("POST", "/account/sign-out", ["form_token": String(token)])
        #expect(other.page.status == 403)
        #expect(await other.request("POST", "/account/sign-out", ["form_token": String(token)], site: "cross-site").page.status == 403)
    }

    @Test func `a post of another site to the authorization endpoint is asked again as a get`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn()
        let form = try FormParameters(parsing: String(TestSite.authorize().dropFirst("/authorize?".count)))
        browser.origin = "https://app.example"
        _ = await browser.request("POST", "/authorize", Dictionary(uniqueKeysWithValues: form.names.map { ($0, form[$0] ?? "") }), site: "cross-site")
        #expect(browser.text.contains("action=\"/consent\""))
    }

    @Test func `pages allow no script, no frame and no foreign form`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        await browser.open("/signin")
        let policy = try #require(browser.page["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self';"))
        #expect(!policy.contains("script-src") && !browser.text.contains("<script"))
        await browser.open(TestSite.authorize())
        #expect(try #require(browser.page["Content-Security-Policy"]).contains("form-action 'self' https://app.example;"))
        await browser.open("/signin/passkey")
        #expect(try #require(browser.page["Content-Security-Policy"]).contains("script-src 'self';"))
        #expect(browser.text.contains("src=\"/assets/passkey.js\""))
    }

    @Test func `prompt login asks again and keeps the session`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn(TestSite.authorize())
        try await browser.submit("/consent", ["decision": "allow"])
        let first = try await house.tokens(browser.address)
        house.clock.advance(100)
        await browser.open(TestSite.authorize(["prompt": "login"]))
        #expect(browser.text.contains("action=\"/signin\""))
        let cookie = browser.cookies["__Host-gatehouse_session"]
        try await browser.submit("/signin", ["name": "alice", "password": TestSite.password])
        #expect(browser.cookies["__Host-gatehouse_session"] != cookie)
        let second = try await house.tokens(browser.address)
        let claims = { (tokens: JSONValue) in try TestToken.claims(tokens["id_token"]?.string) }
        #expect(try claims(first)["sid"] == claims(second)["sid"])
        #expect(try claims(second)["auth_time"]?.int64 == (claims(first)["auth_time"]?.int64 ?? 0) + 100)
    }

    @Test func `a client signs the user out and is told so, and so is nobody else`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn(TestSite.authorize())
        try await browser.submit("/consent", ["decision": "allow"])
        let token = try await house.tokens(browser.address)["id_token"]?.string ?? ""
        let query = FormParameters(["id_token_hint": token, "post_logout_redirect_uri": "https://app.example/bye", "state": "x"]).encoded
        await browser.open("/logout?" + query)
        #expect(browser.address == "https://app.example/bye?state=x")
        #expect(house.notices.clients == ["shop"])
        #expect(browser.cookies["__Host-gatehouse_session"] == nil)
        await browser.open("/account")
        #expect(browser.text.contains("action=\"/signin\""))
    }

    @Test func `without a hint the user is asked before signing out`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn()
        await browser.open("/logout")
        #expect(browser.text.contains("action=\"/logout/confirm\""))
        await browser.open("/account")
        #expect(browser.page.status == 200 && browser.text.contains("Alice A."))
        await browser.open("/logout")
        try await browser.submit("/logout/confirm", ["decision": "yes"])
        await browser.open("/account")
        #expect(browser.text.contains("action=\"/signin\""))
    }

    @Test func `a device is connected by whoever types its code`() async throws {
        let house = try await TestSite()
        let device = try await house.call(
            "/device_authorization", FormParameters(["client_id": "shop", "client_secret": "s3cret-of-the-shop", "scope": "openid profile"]))
        let code = try #require(device["user_code"]?.string)
        let browser = TestBrowser(house.site)
        try await browser.signIn("/device?user_code=" + code)
        #expect(browser.text.contains("value=\"\(code)\""), "filled in, not sent")
        try await browser.submit("/device")
        #expect(browser.text.contains("name=\"decision\""))
        try await browser.submit("/device", ["decision": "allow"])
        let tokens = try await house.call(
            "/token",
            FormParameters([
                "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": device["device_code"]?.string ?? "",
                "client_id": "shop", "client_secret": "s3cret-of-the-shop",
            ]))
        #expect(tokens["access_token"] != nil, "\(tokens)")
    }
}

enum TestToken {
    static func claims(_ token: String?) throws -> JSONValue {
        let part = try #require(token).split(separator: ".")[1].replacing("-", with: "+").replacing("_", with: "/")
        let data = try #require(Data(base64Encoded: part + String(repeating: "=", count: (4 - part.count % 4) % 4)))
        return try JSONValue(parsing: [UInt8](data))
    }
}
