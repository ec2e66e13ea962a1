import Testing

@testable import HeaderGrade

/// A site that answers over https with these fields, and leads there from http.
func site(
    _ fields: [(String, String)] = [], body: String = "", url: String = "https://site.example/", history: Bool = true,
    change: (inout SiteCapture) -> Void = { _ in }
) -> SiteCapture {
    let secure = GradedURL(url)!
    let response = CapturedResponse(url: secure, status: 200, fields: fields.map { (name: $0.0, value: $0.1) }, body: body)
    var capture = SiteCapture(
        host: secure.host, https: response, http: response, httpRoute: [GradedURL("http://site.example/")!, secure],
        history: history ? [response] : [], time: 1_700_000_000)
    change(&capture)
    return capture
}

func result(_ name: GradedTest.Name, _ capture: SiteCapture) -> GradeResult {
    HeaderGrade(capture).tests.first { $0.name == name }!.result
}

@Suite struct PolicyTests {
    @Test(arguments: [
        ("default-src 'none'", GradeResult.cspDefaultNone), ("DEFAULT-SRC 'NONE'", .cspDefaultNone), ("default-src", .cspDefaultNone),
        ("default-src 'none'; frame-ancestors 'none'", .cspDefaultNone), ("default-src 'self'", .cspNoUnsafe),
        ("  default-src\t'self' ;; ; ", .cspNoUnsafe), ("default-src 'none' 'self'", .cspNoUnsafe),
        ("default-src 'self'; style-src 'unsafe-inline'", .cspUnsafeStyle), ("default-src 'self'; style-src data:", .cspUnsafeStyle),
        ("default-src 'self'; style-src https:", .cspUnsafeStyle),
        ("default-src 'self'; style-src 'unsafe-inline' 'nonce-x'", .cspNoUnsafe),
        ("default-src 'self'; img-src http:", .cspInsecurePassive), ("default-src 'self'; media-src http://a.example", .cspInsecurePassive),
        ("default-src 'self'; script-src 'self' 'unsafe-eval'", .cspUnsafeEval),
        ("default-src 'self'; style-src 'unsafe-eval'", .cspUnsafeEval),
        ("default-src 'self'; script-src 'unsafe-inline'", .cspUnsafeInline), ("default-src 'self'; script-src data:", .cspUnsafeInline),
        ("default-src 'self'; script-src https:", .cspUnsafeInline), ("default-src 'self'; object-src *", .cspUnsafeInline),
        ("default-src *", .cspUnsafeInline), ("img-src 'self'", .cspUnsafeInline), ("script-src 'self'", .cspUnsafeInline),
        ("script-src 'self'; object-src 'none'", .cspUnsafeStyle), ("script-src 'self'; object-src 'none'; style-src 'self'", .cspNoUnsafe),
        ("default-src 'self'; script-src 'unsafe-inline' 'nonce-abc'", .cspNoUnsafe),
        ("default-src 'self'; script-src 'unsafe-inline' 'sha256-abc='", .cspNoUnsafe),
        ("default-src 'self'; script-src 'strict-dynamic'", .cspInvalid),
        ("default-src 'self'; script-src 'strict-dynamic' 'nonce-abc' https: 'unsafe-inline'", .cspNoUnsafe),
        ("default-src 'self'; connect-src http://a.example", .cspInsecureScheme),
        ("default-src 'self' http://a.example", .cspInsecureScheme),
        ("default-src 'self'; default-src 'none'", .cspInvalid), ("default-src 'self'; Default-Src 'self'", .cspInvalid),
        ("default-src 'self'; report-uri /a; report-uri /b", .cspDuplicateReporting), ("x", .cspInvalid),
        ("default-src 'self', default-src 'none'", .cspDefaultNone), ("default-src 'unsafe-inline', default-src 'self'", .cspDefaultNone),
    ])
    func aPolicyIsJudged(policy: String, expected: GradeResult) {
        #expect(result(.contentSecurityPolicy, site([("Content-Security-Policy", policy)])) == expected)
    }

    @Test func withoutAPolicyReportsAloneDoNotCount() {
        #expect(result(.contentSecurityPolicy, site()) == .cspMissing)
        #expect(result(.contentSecurityPolicy, site([("content-security-policy-report-only", "default-src 'none'")])) == .cspReportOnly)
    }

    @Test func severalLinesAreSeveralPolicies() {
        let lines = [("content-security-policy", "default-src 'unsafe-inline' 'self'"), ("content-security-policy", "default-src 'self'")]
        #expect(result(.contentSecurityPolicy, site(lines)) == .cspNoUnsafe)
    }

    @Test func aPageMayStateItsPolicyItself() {
        let page = "<html><!-- <meta http-equiv=x> --><META content='default-src &#39;none&#39;' http-equiv=\"Content-Security-Policy\">"
        #expect(result(.contentSecurityPolicy, site([("content-type", "text/html")], body: page)) == .cspDefaultNone)
        #expect(result(.contentSecurityPolicy, site([("content-type", "text/plain")], body: page)) == .cspMissing)
        let framing = "<meta http-equiv=content-security-policy content=\"frame-ancestors 'none'\">"
        #expect(result(.contentSecurityPolicy, site(body: framing)) == .cspMissing)
    }
}

@Suite struct CookieTests {
    private func cookies(_ lines: [String], hsts: Bool = false, url: String = "https://site.example/") -> GradeResult {
        let transport = hsts ? [("strict-transport-security", "max-age=31536000")] : []
        return result(.cookies, site(lines.map { ("set-cookie", $0) } + transport, url: url))
    }

    @Test(arguments: [
        (["a=1; Secure; SameSite=Lax", "sessionid=1; Secure; HttpOnly; SameSite=Strict"], GradeResult.cookiesStrict),
        (["a=1; Secure"], .cookiesSecure), ([], .cookiesNone), (["a=1"], .cookiesInsecure),
        (["a=1; Secure; SameSite=Bogus"], .cookiesBadSameSite),
        (["a=1; SameSite=None"], .cookiesBadSameSite), (["a=1; Secure; SameSite=None"], .cookiesStrict),
        (["csrftoken=1; Secure"], .cookiesForgeryToken),
        (["sess=1; Secure"], .cookiesSessionReadable), (["LOGIN=1; HttpOnly"], .cookiesSessionInsecure),
        (["a=1; Secure; samesite"], .cookiesBadSameSite),
        (["__Host-a=1; Path=/"], .cookiesNone), (["__Host-a=1; Secure; Path=/; Domain=site.example"], .cookiesNone),
        (["__Host-a=1; Secure; Path=/x"], .cookiesNone), (["__Host-a=1; Secure"], .cookiesNone),
        (["__Host-a=1; Secure; Path=/; SameSite=Lax"], .cookiesStrict),
        (["__Secure-a=1"], .cookiesNone), (["a=1; Domain=other.example"], .cookiesNone), (["a=1; Domain=example"], .cookiesNone),
        (["a=1; Max-Age=0"], .cookiesNone), (["a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], .cookiesNone),
        (["a=1; Secure; SameSite=Lax; Expires=Wed, 09 Jun 2100 10:18:14 GMT"], .cookiesStrict),
        (["a=1", "a=1; Secure; SameSite=Lax"], .cookiesStrict),
        (["heroku-session-affinity=1"], .cookiesNone), (["nameless"], .cookiesNone),
    ])
    func theJarDecides(lines: [String], expected: GradeResult) { #expect(cookies(lines) == expected) }

    @Test func transportSecuritySoftens() {
        #expect(cookies(["a=1"], hsts: true) == .cookiesInsecureUnderHSTS)
        #expect(cookies(["sess=1; HttpOnly"], hsts: true) == .cookiesSessionInsecureUnderHSTS)
    }

    @Test(arguments: [("Wed, 09 Jun 2021 10:18:14 GMT", 1_623_233_894 as Int64?), ("09-Jun-21 10:18:14", 1_623_233_894), ("soon", nil)])
    func datesOfCookiesAreRead(text: String, seconds: Int64?) { #expect(CookieDate.seconds(text) == seconds) }
}

@Suite struct TransportTests {
    @Test(arguments: [
        ("max-age=15552000", GradeResult.hstsLong), ("max-age=15551999", .hstsShort), ("max-age=0", .hstsShort),
        ("MAX-AGE=31536000; includeSubDomains", .hstsLong),
        ("max-age=31536000, max-age=1", .hstsInvalid), ("includeSubDomains", .hstsInvalid), ("max-age=soon", .hstsInvalid),
        ("max-age=99999999999999999999999", .hstsLong),
    ])
    func transportSecurityIsJudged(value: String, expected: GradeResult) {
        #expect(result(.strictTransportSecurity, site([("strict-transport-security", value)])) == expected)
    }

    @Test func withoutGoodHTTPSThereIsNoTransportSecurity() {
        let fields = [("strict-transport-security", "max-age=31536000")]
        #expect(result(.strictTransportSecurity, site()) == .hstsMissing)
        #expect(result(.strictTransportSecurity, site(fields) { $0.https = nil }) == .hstsNoHTTPS)
        #expect(result(.strictTransportSecurity, site(fields) { $0.https?.isVerified = false }) == .hstsInvalidCertificate)
        #expect(result(.strictTransportSecurity, site { $0.isPreloaded = true }) == .hstsPreloaded)
        #expect(result(.strictTransportSecurity, site(fields + fields)) == .hstsInvalid)
    }

    @Test(arguments: [
        (["http://site.example/", "https://site.example/"], GradeResult.redirectionToHTTPS),
        (["http://site.example/"], .redirectionMissing),
        (["http://site.example/", "https://www.site.example/"], .redirectionOffHost),
        (["http://site.example/", "http://www.site.example/", "https://www.site.example/"], .redirectionLate),
        (["http://site.example/", "http://www.site.example/"], .redirectionNotToHTTPS),
        (["http://site.example/", "https://site.example/", "http://site.example/x"], .redirectionNotToHTTPS),
    ])
    func theWayToHTTPSIsJudged(route: [String], expected: GradeResult) {
        #expect(result(.redirection, site { $0.httpRoute = route.compactMap { GradedURL($0) } }) == expected)
    }

    @Test func otherWaysToHTTPS() {
        #expect(result(.redirection, site { $0.http = nil }) == .redirectionNotNeeded)
        #expect(result(.redirection, site { $0.http?.isVerified = false }) == .redirectionInvalidCertificate)
        #expect(result(.redirection, site { $0.isPreloaded = true }) == .redirectionPreloaded)
    }
}

@Suite struct FieldTests {
    @Test(arguments: [
        ("no-referrer", GradeResult.referrerPrivate), ("same-origin", .referrerPrivate), ("strict-origin", .referrerPrivate),
        ("strict-origin-when-cross-origin", .referrerPrivate), ("Unsafe-URL", .referrerUnsafe), ("origin", .referrerUnsafe),
        ("no-referrer-when-downgrade", .referrerUnsafe), ("origin-when-cross-origin", .referrerUnsafe), ("never", .referrerInvalid),
        ("no-referrer, unsafe-url", .referrerUnsafe), ("unsafe-url, no-referrer, bogus", .referrerPrivate),
    ])
    func theLastKnownReferrerPolicyCounts(value: String, expected: GradeResult) {
        #expect(result(.referrerPolicy, site([("referrer-policy", value)])) == expected)
        #expect(result(.referrerPolicy, site()) == .referrerMissing)
    }

    @Test(arguments: [
        ("x-content-type-options", "nosniff", GradedTest.Name.contentTypeOptions, GradeResult.sniffingOff),
        ("x-content-type-options", " NoSniff ", .contentTypeOptions, .sniffingOff),
        ("x-content-type-options", "nosniff, nosniff", .contentTypeOptions, .sniffingInvalid), ("x", "", .contentTypeOptions, .sniffingOn),
        ("x-frame-options", "deny", .frameOptions, .framingDenied), ("x-frame-options", "SAMEORIGIN", .frameOptions, .framingDenied),
        ("x-frame-options", "ALLOW-FROM https://a.example", .frameOptions, .framingAllowFrom),
        ("x-frame-options", "SAMEORIGIN, SAMEORIGIN", .frameOptions, .framingInvalid),
        ("x", "", .frameOptions, .framingMissing), ("content-security-policy", "frame-ancestors *", .frameOptions, .framingByPolicy),
        ("cross-origin-resource-policy", "same-origin", .crossOriginResourcePolicy, .corpSameOrigin),
        ("cross-origin-resource-policy", "same-site", .crossOriginResourcePolicy, .corpSameSite),
        ("cross-origin-resource-policy", "cross-origin", .crossOriginResourcePolicy, .corpCrossOrigin),
        ("cross-origin-resource-policy", "Same-Origin", .crossOriginResourcePolicy, .corpInvalid),
        ("x", "", .crossOriginResourcePolicy, .corpMissing),
        ("cross-origin-embedder-policy", "require-corp", .crossOriginEmbedderPolicy, .coepRequireCORP),
        ("cross-origin-embedder-policy", "require-corp; report-to=\"x\"", .crossOriginEmbedderPolicy, .coepRequireCORP),
        ("cross-origin-embedder-policy", "credentialless", .crossOriginEmbedderPolicy, .coepCredentialless),
        ("cross-origin-embedder-policy", "unsafe-none", .crossOriginEmbedderPolicy, .coepUnsafeNone),
        ("cross-origin-embedder-policy", "Require-Corp", .crossOriginEmbedderPolicy, .coepInvalid),
        ("cross-origin-embedder-policy", "require-corp, require-corp", .crossOriginEmbedderPolicy, .coepInvalid),
        ("x", "", .crossOriginEmbedderPolicy, .coepMissing),
        ("cross-origin-opener-policy", "same-origin", .crossOriginOpenerPolicy, .coopSameOrigin),
        ("cross-origin-opener-policy", "same-origin-allow-popups", .crossOriginOpenerPolicy, .coopAllowPopups),
        ("cross-origin-opener-policy", "noopener-allow-popups", .crossOriginOpenerPolicy, .coopNoopenerAllowPopups),
        ("cross-origin-opener-policy", "unsafe-none", .crossOriginOpenerPolicy, .coopUnsafeNone),
        ("cross-origin-opener-policy", "same-origin;", .crossOriginOpenerPolicy, .coopInvalid),
        ("x", "", .crossOriginOpenerPolicy, .coopMissing),
    ])
    func oneFieldIsJudged(field: String, value: String, test: GradedTest.Name, expected: GradeResult) {
        #expect(result(test, site([(field, value)])) == expected)
    }

    @Test func aDoubledLineIsInvalid() {
        let line = ("cross-origin-opener-policy", "same-origin")
        #expect(result(.crossOriginOpenerPolicy, site([line, line])) == .coopInvalid)
        #expect(result(.frameOptions, site([("x-frame-options", "DENY"), ("x-frame-options", "DENY")])) == .framingInvalid)
    }

    @Test(
        arguments: [
            (nil, nil, GradeResult.sharingNone), ("*", "true", .sharingPublic), (SiteCapture.probeOrigin, "true", .sharingUniversal),
            (SiteCapture.probeOrigin, nil, .sharingRestricted), ("https://app.example", "true", .sharingRestricted),
        ] as [(String?, String?, GradeResult)])
    func sharingIsJudgedByAProbe(origin: String?, credentials: String?, expected: GradeResult) {
        let fields = [("access-control-allow-origin", origin), ("access-control-allow-credentials", credentials)]
            .compactMap { name, value in value.map { (name: name, value: $0) } }
        let capture = site { $0.preflight = CapturedResponse(url: GradedURL("https://site.example/")!, status: 204, fields: fields) }
        #expect(result(.crossOriginResourceSharing, capture) == expected)
    }
}

@Suite struct IntegrityTests {
    @Test(arguments: [
        ("<p>no scripts", GradeResult.integrityNoScripts), ("<script>inline()</script>", .integritySameOrigin),
        ("<script src=/a.js></script>", .integritySameOrigin),
        ("<script src='https://site.example/a.js' integrity=sha384-x></script>", .integrityAll),
        ("<script src=/a.js integrity=sha384-x></script>", .integrityAll),
        ("<script src=https://cdn.site.example/a.js></script>", .integritySameOrigin),
        ("<script src=https://cdn.other.example/a.js integrity=sha384-x></script>", .integrityExternal),
        ("<SCRIPT SRC=\"https://other.test/a.js\"></SCRIPT>", .integrityMissing),
        ("<script src=http://other.test/a.js integrity=sha384-x></script>", .integrityInsecure),
        ("<script src=//other.test/a.js></script>", .integrityNeither),
        ("<script src=http://other.test/a.js></script><script src=https://other.test/b.js></script>", .integrityNeither),
        ("<!-- <script src=//other.test/a.js></script> --><p>", .integrityNoScripts),
        ("<textarea><script src=//other.test/a.js></script></textarea>", .integrityNoScripts),
        ("<script>'<script src=//other.test/a.js>'</script>", .integritySameOrigin),
    ])
    func scriptsAreJudged(page: String, expected: GradeResult) {
        #expect(result(.subresourceIntegrity, site([("content-type", "text/html; charset=utf-8")], body: page)) == expected)
    }

    @Test func anAnswerThatIsNoPageHasNoScripts() {
        #expect(
            result(.subresourceIntegrity, site([("content-type", "application/json")], body: "<script src=//x.test>")) == .integrityNotHTML)
    }
}

@Suite struct ScoreTests {
    private let best = [
        ("content-type", "application/json"), ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"), ("cross-origin-resource-policy", "same-origin"), ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"), ("x-frame-options", "DENY"), ("strict-transport-security", "max-age=31536000"),
    ]

    @Test func anAPIReachesAHundredAndFifty() {
        #expect(HeaderGrade(site(best)).score == 150)
        #expect(HeaderGrade(site(best + [("set-cookie", "__Host-a=1; Secure; Path=/; HttpOnly; SameSite=Lax")])).score == 155)
        #expect(HeaderGrade(site(best)).grade == "A+")
    }

    @Test func aSiteWithoutHeadersGetsThirty() {
        #expect(HeaderGrade(site()).score == 30)
        #expect(HeaderGrade(site()).grade == "D")
    }

    @Test func bonusesCountOnlyFromNinety() {
        let slack = best.filter { $0.0 != "strict-transport-security" }
        #expect(HeaderGrade(site(slack)).score == 80)
        #expect(HeaderGrade(site(best.filter { $0.0 != "x-content-type-options" })).score == 145)
    }

    @Test func theScoreIsNeverNegative() {
        let capture = site([("set-cookie", "sess=1")], body: "<script src=//x.test/a.js></script>") { $0.https = nil }
        #expect(HeaderGrade(capture).score == 0)
    }

    @Test(arguments: [
        (155, "A+"), (100, "A+"), (99, "A"), (90, "A"), (89, "A-"), (84, "B+"), (75, "B"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"),
        (45, "C-"), (44, "D+"),
        (30, "D"), (25, "D-"), (24, "F"), (0, "F"),
    ])
    func aScoreIsALetter(score: Int, letter: String) { #expect(HeaderGrade.letter(score) == letter) }

    /// The whole table of points, so that a slip of a finger shows.
    @Test func everyResultHasItsPoints() {
        let points = Dictionary(grouping: GradeResult.allCases, by: \.points).mapValues { $0.map(\.rawValue).sorted() }
        #expect(
            points[-50] == [
                "cross-origin-resource-sharing-implemented-with-universal-access",
                "sri-not-implemented-and-external-scripts-not-loaded-securely",
            ])
        #expect(points[-40] == ["cookies-session-without-secure-flag"])
        #expect(points[-30] == ["cookies-session-without-httponly-flag"])
        #expect(points[-25] == ["csp-header-invalid", "csp-not-implemented", "csp-not-implemented-but-reporting-enabled"])
        #expect(points[-20]?.count == 15)
        #expect(points[-10]?.count == 5)
        #expect(points[-5]?.count == 10)
        #expect(points[5]?.count == 8)
        #expect(points[10]?.count == 8)
        #expect(GradeResult.allCases.filter { $0.points < 0 }.allSatisfy { !$0.facts.remedy.isEmpty })
    }
}

@Suite struct GradedURLTests {
    @Test(
        arguments: [
            ("/x", "https://site.example/x"), ("b", "https://site.example/a/b"), ("?q", "https://site.example/a/c?q"),
            ("//other.test", "https://other.test/"),
            ("http://x.test:8080/y#z", "http://x.test:8080/y"), ("HTTPS://X.test", "https://x.test/"), ("javascript:alert(1)", nil),
            ("mailto:a@b", nil),
        ] as [(String, String?)])
    func aLocationIsResolved(reference: String, expected: String?) {
        #expect(GradedURL("https://site.example/a/c?p")!.resolving(reference)?.description == expected)
    }

    @Test(arguments: ["", "https://", "https:///x", "ftp://x/", "https://x:99999/", "https://x:y/", "x"]) func whatIsNoAddressIsNone(
        text: String
    ) {
        #expect(GradedURL(text) == nil)
    }
}

@Suite struct FuzzTests {
    @Test func mutatedInputNeverTraps() {
        let seeds = [
            "default-src 'none'; script-src 'nonce-a' 'strict-dynamic'", "a=1; Secure; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Domain=.x",
            "<meta http-equiv=\"x\" content='&quot;'><script src=//a/b integrity='x'></script><!-- -->", "https://u:p@h:1/p?q#f",
            "max-age=1; x=\"",
        ].map { Array($0.utf8) }
        var state: UInt64 = 42
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        for _ in 0..<3000 {
            var bytes = seeds[next() % seeds.count]
            for _ in 0..<(next() % 6) {
                let place = next() % (bytes.count + 1)
                switch next() % 3 {
                case 0: bytes.insert(UInt8(next() & 255), at: place)
                case 1 where place < bytes.count: bytes.remove(at: place)
                default: bytes.append(contentsOf: seeds[next() % seeds.count].prefix(next() % 20))
                }
            }
            fuzzHeaderGrade(bytes)
        }
    }
}
