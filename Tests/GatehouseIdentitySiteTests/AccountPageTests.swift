import Foundation
import GatehouseIdentity
import GatehouseIdentitySite
import Passwords
internal import StrictJSON
import Testing

@Suite struct AccountPageTests {
    /// Enrols an app; gives its secret and the recovery codes.
    func enrol(_ browser: TestBrowser, _ house: TestSite) async throws -> (app: OneTimePassword, codes: [String]) {
        try await browser.submit("/account/authenticator")
        #expect(browser.text.contains("<svg "))
        let typed = try #require(browser.text.firstMatch(of: /class="code">([A-Z2-7 ]+)</)?.1)
        let app = try #require(Base32.decode(String(typed.filter { $0 != " " })).flatMap { OneTimePassword(secret: $0) })
        try await browser.submit("/account/authenticator/confirm", ["code": app.code(counter: app.step(at: house.clock.now))])
        let codes = browser.text.matches(of: /<code>([^<]+)<\/code>/).map { String($0.1) }
        #expect(codes.count == 10)
        return (app, codes)
    }

    @Test func `an app is enrolled, asked for at sign-in, and each code works once`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn("/account/factors")
        let (app, codes) = try await enrol(browser, house)
        let other = TestBrowser(house.site)
        try await other.signIn()
        #expect(other.text.contains("action=\"/signin/code\""))
        try await other.submit("/signin/code", ["code": app.code(counter: app.step(at: house.clock.now))])
        #expect(other.text.contains("role=\"alert\""), "the code was spent at enrolment")
        house.clock.advance(30)
        try await other.submit("/signin/code", ["code": app.code(counter: app.step(at: house.clock.now))])
        #expect(other.text.contains("Alice A."))
        let third = TestBrowser(house.site)
        try await third.signIn()
        try await third.submit("/signin/code", ["code": codes[0]])
        #expect(third.text.contains("Alice A."))
        let fourth = TestBrowser(house.site)
        try await fourth.signIn()
        try await fourth.submit("/signin/code", ["code": codes[0]])
        #expect(fourth.text.contains("role=\"alert\""))
    }

    @Test func `whoever must have a second factor gets no further without one`() async throws {
        var policy = MFAPolicy()
        policy.requirement = .groups(["staff"])
        let house = try await TestSite(mfa: policy)
        let browser = TestBrowser(house.site)
        try await browser.signIn(TestSite.authorize())
        #expect(browser.address.hasPrefix("/account/factors?flow="))
        await browser.open("/account/sessions")
        #expect(browser.address.hasPrefix("/account/factors"))
        await browser.open(TestSite.authorize(["prompt": "none"]))
        #expect(browser.address.contains("error=login_required"))
        await browser.open(TestSite.authorize())
        _ = try await enrol(browser, house)
        let onward = try #require(browser.text.firstMatch(of: /class="button" href="([^"]+)"/)?.1).replacing("&amp;", with: "&")
        await browser.open(String(onward))
        #expect(browser.text.contains("action=\"/consent\""))
        try await browser.submit("/consent", ["decision": "allow"])
        #expect(try await TestToken.claims(house.tokens(browser.address)["id_token"]?.string)["acr"] == "urn:gatehouse:acr:mfa")
    }

    @Test func `a remembered browser is asked for the password alone, but not when a client wants more`() async throws {
        var policy = MFAPolicy()
        policy.deviceMemory = 86_400
        let house = try await TestSite(mfa: policy)
        let browser = TestBrowser(house.site)
        try await browser.signIn("/account/factors")
        let (app, _) = try await enrol(browser, house)
        await browser.open("/account")
        try await browser.submit("/account/sign-out")
        house.clock.advance(60)
        try await browser.signIn()
        try await browser.submit("/signin/code", ["code": app.code(counter: app.step(at: house.clock.now)), "remember": "yes"])
        try await browser.submit("/account/sign-out")
        try await browser.signIn()
        #expect(browser.text.contains("Alice A."), "remembered")
        house.clock.advance(5)
        await browser.open(TestSite.authorize(["acr_values": "urn:gatehouse:acr:mfa"]))
        try await browser.submit("/signin", ["name": "alice", "password": TestSite.password])
        #expect(browser.text.contains("action=\"/signin/code\""), "step-up")
        house.clock.advance(90_000)
        try await browser.signIn("/signin")
        #expect(browser.text.contains("action=\"/signin/code\""), "forgotten after its time")
    }

    @Test func `a session ended in another browser is over at once`() async throws {
        let house = try await TestSite()
        let (one, other) = (TestBrowser(house.site), TestBrowser(house.site))
        try await one.signIn("/account/sessions")
        try await other.signIn("/account/sessions")
        #expect(other.text.contains("Firefox · Linux"))
        _ = await other.open("/account/sessions")
        try await other.submit("/account/sessions", ["session": "others"])
        await one.open("/account")
        #expect(one.text.contains("action=\"/signin\""))
        await other.open("/account")
        #expect(other.text.contains("Alice A."))
    }

    @Test func `a forgotten password is chosen anew by mail, once`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn()
        let stranger = TestBrowser(house.site)
        await stranger.open("/password/forgot")
        try await stranger.submit("/password/forgot", ["name": "nobody"])
        let unknown = stranger.text
        await stranger.open("/password/forgot")
        try await stranger.submit("/password/forgot", ["name": "alice"])
        #expect(stranger.text == unknown)
        let mail = try #require(await house.mail.next())
        #expect(mail.to == "alice@example.org")
        let link = try #require(mail.text.firstMatch(of: /https:\/\/id\.example(\S+)/)?.1)
        await stranger.open(String(link))
        try await stranger.submit("/password/choose", ["new_password": "short"])
        #expect(stranger.text.contains("at least 15"))
        try await stranger.submit("/password/choose", ["new_password": "another long pass phrase"])
        #expect(stranger.text.contains("Your password is set"))
        await browser.open("/account")
        #expect(browser.text.contains("action=\"/signin\""), "every session has ended")
        await stranger.open(String(link))
        #expect(stranger.page.status == 400)
        try await stranger.signIn(password: "another long pass phrase")
        #expect(stranger.text.contains("Alice A."))
    }

    @Test func `an invited user chooses a password and signs in`() async throws {
        let house = try await TestSite()
        let invited = User(id: "u-bob", name: "bob", claims: ["name": "Bob", "groups": ["guests"]])
        let secret = try #require(try await house.site.accounts.invite(invited))
        let browser = TestBrowser(house.site)
        await browser.open("/password/choose?link=" + secret)
        #expect(browser.text.contains("bob"))
        try await browser.submit("/password/choose", ["new_password": "a long phrase of bob"])
        await browser.open("/signin")
        try await browser.submit("/signin", ["name": "bob", "password": "a long phrase of bob"])
        #expect(browser.text.contains("guests"))
        #expect(try await house.site.accounts.invite(invited) == nil, "the name is taken")
    }

    @Test func `a personal token is shown once and works until it is ended`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn("/account/tokens")
        try await browser.submit("/account/tokens", ["name": "laptop", "days": "30", "scope.read": "yes"])
        let secret = try #require(browser.text.firstMatch(of: /id="token">(gatept_\w+)</)?.1)
        let key = try #require(try await house.site.apiKeys.find(String(secret), at: house.clock.now))
        #expect(key.owner == house.userID && key.scopes == ["read"] && key.name == "laptop")
        await browser.open("/account/tokens")
        #expect(!browser.text.contains(secret) && browser.text.contains("laptop"))
        try await browser.submit("/account/tokens/end")
        #expect(try await house.site.apiKeys.find(String(secret), at: house.clock.now) == nil)
    }

    @Test func `changing how one signs in needs a fresh sign-in`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn()
        house.clock.advance(700)
        await browser.open("/account/password")
        #expect(browser.text.contains("action=\"/signin\""))
        try await browser.submit("/signin", ["name": "alice", "password": TestSite.password])
        #expect(browser.text.contains("action=\"/account/password\""))
        try await browser.submit("/account/password", ["new_password": "an entirely new phrase"])
        #expect(browser.text.contains("Your password is set"))
    }

    @Test func `a recovery needs two administrators and takes every factor away`() async throws {
        let house = try await TestSite()
        let browser = TestBrowser(house.site)
        try await browser.signIn("/account/factors")
        _ = try await enrol(browser, house)
        let accounts = house.site.accounts
        let id = try #require(try await accounts.askRecovery(of: house.userID, by: "admin-1"))
        #expect(try await accounts.consentToRecovery(id, by: "admin-1") == nil, "the same administrator")
        #expect(try await accounts.consentToRecovery(id, by: house.userID) == nil, "the user concerned")
        let link = try #require(try await accounts.consentToRecovery(id, by: "admin-2"))
        #expect(try await accounts.consentToRecovery(id, by: "admin-3") == nil, "once")
        await browser.open("/password/choose?link=" + link)
        try await browser.submit("/password/choose", ["new_password": "begun all over again"])
        #expect(try await accounts.factors(of: house.userID).kinds.isEmpty)
        #expect(house.events.all.contains("recovery_asked") && house.events.all.contains("recovery_consented"))
    }
}
