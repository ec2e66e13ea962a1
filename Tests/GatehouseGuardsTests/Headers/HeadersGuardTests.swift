import GatehouseConfiguration
import GatehouseCore
import GatehouseTesting
import HTTPWire
import Testing

@testable import GatehouseGuards

@Suite struct HeadersGuardTests {
    private func fields(
        _ backend: KeyValuePairs<String, String>, secure: Bool = true, status: Int = 200,
        request: KeyValuePairs<String, String> = [:], _ change: (inout HeadersGuardSettings) -> Void = { _ in }
    ) -> FieldBlock {
        var settings = HeadersGuardSettings()
        change(&settings)
        let house = TestHouse([HeadersGuard(settings)])
        let exchange = house.exchange(.get, "/", request, secure: secure)
        house.answer(exchange, status: status, backend)
        return exchange.response.fields
    }

    @Test func aJSONAnswerGetsTheWholeSet() {
        let fields = fields(["content-type": "application/json"])
        #expect(
            Set(fields.texts) == [
                "content-type: application/json", "x-content-type-options: nosniff",
                "content-security-policy: default-src 'none'; frame-ancestors 'none'", "referrer-policy: no-referrer",
                "x-frame-options: DENY", "cross-origin-resource-policy: same-origin", "cross-origin-opener-policy: same-origin",
                "cross-origin-embedder-policy: require-corp", "origin-agent-cluster: ?1",
                "x-permitted-cross-domain-policies: none", "strict-transport-security: max-age=31536000",
                "cache-control: no-store",
                "permissions-policy: accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
                    + "idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), "
                    + "xr-spatial-tracking=()",
            ])
    }

    @Test func aPageGetsNothingThatBreaksIt() {
        let fields = fields(["content-type": "text/html; charset=utf-8"])
        #expect(fields["content-security-policy"] == nil)
        #expect(fields["content-security-policy-report-only"]?.hasPrefix("default-src 'self'") == true)
        #expect(fields["cross-origin-embedder-policy"] == nil)
        #expect(fields["cache-control"] == nil)
        #expect(fields["referrer-policy"] == "strict-origin-when-cross-origin")
        #expect(fields["x-frame-options"] == "DENY")
    }

    @Test func aPageWithAPolicyOfItsOwnIsNotGivenAnotherToTry() {
        let fields = fields(["content-type": "text/html", "content-security-policy": "default-src 'self'"])
        #expect(fields["content-security-policy"] == "default-src 'self'")
        #expect(fields["content-security-policy-report-only"] == nil)
    }

    @Test(arguments: ["text/css", "text/javascript", "application/javascript", "image/png", "font/woff2", "application/wasm"])
    func aPartOfAPageMayBeCachedAndRun(type: String) {
        let fields = fields(["content-type": type])
        #expect(fields["cache-control"] == nil)
        #expect(fields["content-security-policy"] == nil)
        #expect(fields["x-content-type-options"] == "nosniff")
        #expect(fields["cross-origin-resource-policy"] == "same-origin")
    }

    @Test(arguments: ["application/json", "application/problem+json", "text/plain", "text/event-stream", "application/grpc", "x/y"])
    func dataIsStrict(type: String) {
        #expect(fields(["content-type": type])["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
    }

    @Test func aDownloadedPageIsNoPage() {
        let fields = fields(["content-type": "text/html", "content-disposition": "attachment; filename=x.html"])
        #expect(fields["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
    }

    @Test func strictTransportSecurityIsForTLSAlone() {
        #expect(fields(["strict-transport-security": "max-age=99999999"], secure: false)["strict-transport-security"] == nil)
        #expect(fields([:], secure: true)["strict-transport-security"] == "max-age=31536000")
    }

    @Test(arguments: [
        ("max-age=99999999", "max-age=99999999"), ("max-age=1; includeSubDomains", "max-age=31536000; includeSubDomains"),
        ("max-age=0", "max-age=31536000"), ("max-age=1, max-age=2", "max-age=31536000"), ("nonsense", "max-age=31536000"),
        ("max-age=\"63072000\"; includeSubDomains; preload", "max-age=63072000; includeSubDomains; preload"),
    ])
    func theLongestTransportSecurityWins(theirs: String, sent: String) {
        #expect(fields(["strict-transport-security": theirs]).values(of: .strictTransportSecurity) == [sent])
    }

    @Test(arguments: [
        ("referrer-policy", "unsafe-url", "no-referrer"), ("referrer-policy", "no-referrer, bogus", "no-referrer"),
        ("x-frame-options", "SAMEORIGIN", "DENY"), ("x-frame-options", "ALLOWALL", "DENY"),
        ("cross-origin-opener-policy", "unsafe-none", "same-origin"),
        ("cross-origin-resource-policy", "cross-origin", "same-origin"),
        ("x-content-type-options", "sniff", "nosniff"), ("x-permitted-cross-domain-policies", "all", "none"),
    ])
    func theStricterValueWins(name: String, theirs: String, sent: String) {
        #expect(fields([name: theirs, "content-type": "application/json"]).values(named: name) == [sent])
    }

    @Test func aPagesStricterReferrerPolicyStays() {
        let fields = fields(["referrer-policy": "same-origin", "content-type": "text/html"])
        #expect(fields.values(of: .referrerPolicy) == ["same-origin"])
    }

    @Test func doubledLinesBecomeOne() {
        let fields = fields([
            "x-frame-options": "SAMEORIGIN", "content-type": "application/json", "x-frame-options": "SAMEORIGIN",
            "x-content-type-options": "nosniff", "x-content-type-options": "nosniff",
        ])
        #expect(fields.values(of: .xFrameOptions) == ["DENY"])
        #expect(fields.values(of: .xContentTypeOptions) == ["nosniff"])
    }

    @Test func everyNameIsThereOnce() {
        let fields = fields(["content-type": "text/html", "content-security-policy": "script-src 'self'", "permissions-policy": "camera=*"])
        let names = (0..<fields.count).map { fields.name(at: $0) }
        #expect(Set(names).count == names.count)
    }

    @Test func theSamePolicyIsJoinedTheSameForEachKindOfAnswer() {
        let house = TestHouse([HeadersGuard(HeadersGuardSettings())])
        for (type, joined) in [("application/json", "default-src 'none'; frame-ancestors 'none'"), ("text/html", "default-src 'self'")] {
            for _ in 0..<2 {
                let exchange = house.exchange()
                house.answer(exchange, ["content-type": type, "content-security-policy": "default-src 'self'"])
                #expect(exchange.response.fields.values(of: .contentSecurityPolicy) == [joined])
            }
        }
    }

    @Test func theServicesCachePolicyStays() {
        let fields = fields(["content-type": "application/json", "cache-control": "public, max-age=60"])
        #expect(fields.values(of: .cacheControl) == ["public, max-age=60"])
    }

    @Test(arguments: [301, 304, 308, 101]) func whatIsMeantToBeKeptIsNotForbiddenToBeStored(status: Int) {
        #expect(fields([:], status: status)["cache-control"] == nil)
    }

    @Test func anUnmodifiedPageKeepsItsPolicies() {
        let fields = fields([:], status: 304, request: ["accept": "text/html,*/*;q=0.8", "sec-fetch-dest": "document"])
        #expect(fields["content-security-policy"] == nil)
        #expect(fields["x-frame-options"] == "DENY")
    }

    @Test func allFingerprintsGo() {
        #expect(Set(Fingerprints.names).count == 68)
        var settings = HeadersGuardSettings()
        settings.remove = [FieldName("X-Team")!]
        let house = TestHouse([HeadersGuard(settings)])
        let exchange = house.exchange()
        for name in Fingerprints.names + ["x-team"] { exchange.response.fields.append(name, "secret") }
        exchange.response.fields.append("x-kept", "1")
        GuardChain.finalHead(exchange)
        #expect(!exchange.response.fields.texts.contains { $0.contains("secret") })
        #expect(exchange.response.fields["x-kept"] == "1")
    }

    @Test func setReplacesAndOffLeavesAlone() {
        let fields = fields(["x-frame-options": "ALLOWALL", "x-team": "a"]) { settings in
            settings.frameOptions = .off
            settings.csp = .text("default-src 'self'")
            settings.set = [HeaderLine(name: FieldName("x-team")!, value: "b")]
        }
        #expect(fields.values(of: .xFrameOptions) == ["ALLOWALL"])
        #expect(fields.values(of: .contentSecurityPolicy) == ["default-src 'self'"])
        #expect(fields.values(named: "x-team") == ["b"])
    }

    @Test func aPolicyThatIsSetIsEnforcedAndNoLongerTried() {
        let fields = fields(["content-type": "text/html", "content-security-policy": "script-src *"]) {
            $0.csp = .text("default-src 'self'")
        }
        #expect(fields.values(of: .contentSecurityPolicy) == ["default-src 'self'"])
        #expect(fields["content-security-policy-report-only"] == nil)
    }

    @Test func ourOwnErrorPageIsStrict() {
        let house = TestHouse([HeadersGuard(HeadersGuardSettings())])
        let exchange = house.exchange()
        exchange.origin = .gatehouse
        exchange.response = ResponseHead(status: 403)
        exchange.response.fields.append("content-type", "text/html; charset=utf-8")
        GuardChain.finalHead(exchange)
        #expect(exchange.response.fields["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
    }

    @Test func inReportNothingChanges() {
        let house = TestHouse([HeadersGuard(HeadersGuardSettings())], mode: .report)
        let exchange = house.exchange()
        house.answer(exchange, ["server": "x"])
        #expect(exchange.response.fields.texts == ["server: x"])
    }
}

@Suite struct ContentSecurityPolicyTests {
    @Test(arguments: [
        (["default-src 'none'; frame-ancestors 'none'", "default-src 'self'"], "default-src 'none'; frame-ancestors 'none'"),
        (
            ["script-src 'self'; report-uri /r", "default-src 'none'; frame-ancestors 'none'"],
            "report-uri /r; default-src 'none'; frame-ancestors 'none'"
        ),
        (["default-src 'self'; img-src *", "default-src 'self'"], "default-src 'self'; img-src 'self'"),
        (["script-src a.example b.example", "script-src b.example"], "script-src b.example"),
        (["script-src a.example", "script-src b.example"], "script-src a.example, script-src b.example"),
        (["sandbox; base-uri 'self'", "default-src 'none'"], "sandbox; base-uri 'self'; default-src 'none'"),
        (["DEFAULT-SRC 'SELF'", "default-src 'self'"], "default-src 'SELF'"),
        (
            ["script-src 'unsafe-inline'", "script-src 'unsafe-inline' 'nonce-x'"],
            "script-src 'unsafe-inline', script-src 'unsafe-inline' 'nonce-x'"
        ),
        (
            ["script-src 'self'", "script-src 'self' 'nonce-x' 'strict-dynamic'"],
            "script-src 'self', script-src 'self' 'nonce-x' 'strict-dynamic'"
        ),
        (
            ["script-src 'self', style-src 'self'", "object-src 'none'"],
            "script-src 'self'; style-src 'self'; object-src 'none'"
        ),
    ])
    func theIntersectionAllowsWhatAllAllow(policies: [String], joined: String) {
        #expect(ContentSecurityPolicy.intersection(policies) == joined)
    }
}

@Suite struct CookieHardenerTests {
    @Test(arguments: [
        ("sid=1", "sid=1; Secure; HttpOnly; SameSite=Lax"),
        ("sid=1; Path=/; Priority=High; HttpOnly", "sid=1; Path=/; Priority=High; HttpOnly; Secure; SameSite=Lax"),
        ("sid=1; secure; httponly; samesite=strict", "sid=1; secure; httponly; samesite=strict"),
        ("sid=1; SameSite=None", "sid=1; SameSite=None; Secure; HttpOnly"),
        ("sid=1; SameSite=Bogus; Path=/x", "sid=1; SameSite=Lax; Path=/x; Secure; HttpOnly"),
        ("__Host-sid=1", "__Host-sid=1; Secure; HttpOnly; SameSite=Lax; Path=/"),
        ("csrf=a=b", "csrf=a=b; Secure; SameSite=Lax"), ("legacy=1", "legacy=1"), ("=nameless", "=nameless"),
    ])
    func whatIsMissingIsAdded(theirs: String, sent: String) {
        var settings = CookieHardening()
        settings.readable = ["csrf"]
        settings.except = ["legacy"]
        #expect(CookieHardener(settings).hardened(theirs, isSecure: true) == sent)
    }

    @Test func onAPlainConnectionNothingIsMarkedSecure() {
        #expect(CookieHardener(CookieHardening()).hardened("a=1", isSecure: false) == "a=1; HttpOnly; SameSite=Lax")
    }

    @Test(arguments: [
        ("sid=1; Path=/", "__Host-sid=1; Path=/; Secure; HttpOnly; SameSite=Lax"),
        ("sid=1; Path=/app", "sid=1; Path=/app; Secure; HttpOnly; SameSite=Lax"), ("sid=1", "sid=1; Secure; HttpOnly; SameSite=Lax"),
        ("sid=1; Path=/; Domain=example.com", "sid=1; Path=/; Domain=example.com; Secure; HttpOnly; SameSite=Lax"),
        ("__Secure-sid=1; Path=/", "__Secure-sid=1; Path=/; Secure; HttpOnly; SameSite=Lax"),
    ])
    func theHostPrefixGoesWhereItHolds(theirs: String, sent: String) {
        var settings = CookieHardening()
        settings.hostPrefix = true
        #expect(CookieHardener(settings).hardened(theirs, isSecure: true) == sent)
    }

    @Test func theServiceGetsItsNamesBackAndNoPlantedOnes() {
        var settings = HeadersGuardSettings()
        settings.cookies.hostPrefix = true
        let house = TestHouse([HeadersGuard(settings)])
        let exchange = house.exchange(.get, "/", ["cookie": "sid=planted; __Host-sid=real; theme=dark"])
        #expect(house.request(exchange).isPass)
        #expect(exchange.request.fields["cookie"] == "sid=real; __Host-sid=real; theme=dark")
    }

    @Test func severalCookiesKeepTheirOrder() {
        let house = TestHouse([HeadersGuard(HeadersGuardSettings())])
        let exchange = house.exchange(secure: true)
        house.answer(exchange, ["set-cookie": "a=1", "content-type": "text/html", "set-cookie": "b=2"])
        #expect(exchange.response.fields.values(of: .setCookie).map { String($0.prefix(3)) } == ["a=1", "b=2"])
    }
}
