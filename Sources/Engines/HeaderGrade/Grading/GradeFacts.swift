/// Points of a result, why, and what mends it.
struct GradeFacts {
    var points: Int
    var why: String
    var remedy: String

    init(_ points: Int, _ why: String, _ remedy: String = "") {
        self.points = points
        self.why = why
        self.remedy = remedy
    }
}

extension GradeResult {
    /// The row of the table for this result.
    var facts: GradeFacts { policyFacts ?? cookieFacts ?? transportFacts ?? contentFacts ?? isolationFacts }

    private var policyFacts: GradeFacts? {
        let tighten =
            "headers: {csp: \"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'\"}"
        return switch self {
        case .cspDefaultNone: GradeFacts(10, "policy that allows nothing by default and nothing unsafe")
        case .cspNoUnsafe:
            GradeFacts(5, "policy without unsafe sources", "headers: {csp: \"default-src 'none'; …\"} and name each kind of load")
        case .cspUnsafeStyle:
            GradeFacts(
                0, "policy that lets inline or broad styles in",
                "take 'unsafe-inline', data: and broad sources out of style-src in headers.csp")
        case .cspInsecurePassive:
            GradeFacts(
                -10, "policy of an https page that lets images or media come over http",
                "take http: sources out of img-src and media-src in headers.csp")
        case .cspUnsafeEval: GradeFacts(-10, "policy that allows 'unsafe-eval'", "take 'unsafe-eval' out of script-src in headers.csp")
        case .cspUnsafeInline:
            GradeFacts(-20, "policy that lets inline scripts, data: or any host's scripts or objects in", tighten)
        case .cspInsecureScheme:
            GradeFacts(
                -20, "policy of an https page that lets active content come over http", "take http: and ftp: sources out of headers.csp")
        case .cspDuplicateReporting:
            GradeFacts(0, "policy that names where to report twice", "keep one report-uri and one report-to in headers.csp")
        case .cspInvalid:
            GradeFacts(-25, "policy that cannot be read: a directive twice, or 'strict-dynamic' without nonce or hash", tighten)
        case .cspMissing: GradeFacts(-25, "no policy", tighten)
        case .cspReportOnly: GradeFacts(-25, "policy that only reports", "move the tried policy to headers: {csp: \"…\"}")
        default: nil
        }
    }

    private var cookieFacts: GradeFacts? {
        let harden = "headers: {cookies: {secure: true, http_only: true, same_site: lax}}"
        return switch self {
        case .cookiesStrict: GradeFacts(5, "all cookies are Secure and SameSite, session cookies HttpOnly")
        case .cookiesSecure: GradeFacts(0, "all cookies are Secure, session cookies HttpOnly, but not all SameSite", harden)
        case .cookiesNone: GradeFacts(0, "no cookies")
        case .cookiesInsecureUnderHSTS: GradeFacts(-5, "cookies without Secure, which HSTS keeps off http", harden)
        case .cookiesSessionInsecureUnderHSTS: GradeFacts(-10, "session cookie without Secure, which HSTS keeps off http", harden)
        case .cookiesInsecure: GradeFacts(-20, "cookies without Secure", harden)
        case .cookiesBadSameSite: GradeFacts(-20, "SameSite that no browser knows, or None without Secure", harden)
        case .cookiesForgeryToken: GradeFacts(-20, "anti-forgery cookie without SameSite", harden)
        case .cookiesSessionReadable: GradeFacts(-30, "session cookie that scripts can read", harden)
        case .cookiesSessionInsecure: GradeFacts(-40, "session cookie without Secure", harden)
        default: nil
        }
    }

    private var transportFacts: GradeFacts? {
        let redirect = "listeners: [{address: \":80\", redirect_to_https: true}, …]"
        let hsts = "headers: {hsts: {max_age: 365d}}"
        let certificate = "listeners: [{address: \":443\", tls: {certificates: […]}}] with a certificate that browsers trust"
        return switch self {
        case .redirectionPreloaded: GradeFacts(0, "every host on the way is in the preload list")
        case .redirectionToHTTPS: GradeFacts(0, "http leads to https on the same host first")
        case .redirectionNotNeeded: GradeFacts(0, "nothing answers over http")
        case .redirectionOffHost: GradeFacts(-5, "http leads to https on another host first, which keeps HSTS from being learnt", redirect)
        case .redirectionLate: GradeFacts(-10, "http leads to http first and to https later", redirect)
        case .redirectionNotToHTTPS: GradeFacts(-20, "http leads elsewhere, but never to https", redirect)
        case .redirectionMissing: GradeFacts(-20, "http is answered and does not lead to https", redirect)
        case .redirectionInvalidCertificate: GradeFacts(-20, "http leads to a certificate that does not verify", certificate)
        case .hstsPreloaded: GradeFacts(5, "host is in the browsers' preload list")
        case .hstsLong:
            GradeFacts(
                0, "browsers keep to https for at least six months",
                "preloading gives 5 points: headers: {hsts: {include_subdomains: true, preload: true}}")
        case .hstsShort: GradeFacts(-10, "browsers keep to https for less than six months", hsts)
        case .hstsMissing: GradeFacts(-20, "no Strict-Transport-Security", hsts)
        case .hstsInvalid: GradeFacts(-20, "Strict-Transport-Security that cannot be read, or twice", hsts)
        case .hstsNoHTTPS: GradeFacts(-20, "nothing answers over https", certificate)
        case .hstsInvalidCertificate: GradeFacts(-20, "certificate does not verify", certificate)
        default: nil
        }
    }

    private var contentFacts: GradeFacts? {
        let referrer = "headers: {referrer_policy: strict-origin-when-cross-origin}"
        let integrity = "add integrity=\"sha384-…\" and crossorigin to the page's external scripts"
        let frames = "headers: {frame_options: DENY} and frame-ancestors 'none' in headers.csp"
        return switch self {
        case .sharingNone: GradeFacts(0, "other origins cannot read answers")
        case .sharingPublic: GradeFacts(0, "every origin can read answers, without credentials")
        case .sharingRestricted: GradeFacts(0, "some origins can read answers")
        case .sharingUniversal:
            GradeFacts(
                -50, "every origin can read answers with the user's credentials",
                "cors: {origins: [\"https://app.example.com\"], credentials: true}")
        case .referrerPrivate: GradeFacts(5, "other sites learn the origin at most")
        case .referrerMissing: GradeFacts(0, "no Referrer-Policy", referrer)
        case .referrerUnsafe: GradeFacts(-5, "Referrer-Policy that tells other sites too much", referrer)
        case .referrerInvalid: GradeFacts(-5, "Referrer-Policy that no browser knows", referrer)
        case .integrityAll: GradeFacts(5, "scripts carry their integrity and come securely")
        case .integrityExternal: GradeFacts(5, "external scripts carry their integrity and come securely")
        case .integrityNotHTML: GradeFacts(0, "answer is no page")
        case .integrityNoScripts: GradeFacts(0, "page has no scripts")
        case .integritySameOrigin: GradeFacts(0, "all scripts come from the site itself", integrity)
        case .integrityMissing: GradeFacts(-5, "external scripts come securely, but without integrity", integrity)
        case .integrityInsecure:
            GradeFacts(
                -20, "external scripts carry their integrity, but may come over http", "load external scripts from https:// addresses")
        case .integrityNeither:
            GradeFacts(-50, "external scripts may come over http, without integrity", integrity + ", from https:// addresses")
        case .sniffingOff: GradeFacts(0, "nosniff")
        case .sniffingOn: GradeFacts(-5, "no X-Content-Type-Options", "headers: enforce")
        case .sniffingInvalid: GradeFacts(-5, "X-Content-Type-Options other than nosniff", "headers: enforce")
        case .framingByPolicy: GradeFacts(5, "framing is governed by the policy's frame-ancestors")
        case .framingDenied: GradeFacts(5, "other sites cannot frame the page")
        case .framingAllowFrom: GradeFacts(0, "ALLOW-FROM, which browsers ignore", frames)
        case .framingMissing: GradeFacts(-20, "any site can frame the page", frames)
        case .framingInvalid: GradeFacts(-20, "X-Frame-Options that cannot be read, or twice", frames)
        default: nil
        }
    }

    private var isolationFacts: GradeFacts {
        switch self {
        case .corpSameOrigin: GradeFacts(10, "only the origin itself may embed the answer")
        case .corpSameSite: GradeFacts(10, "only the site itself may embed the answer")
        case .corpCrossOrigin: GradeFacts(0, "every site may embed the answer", "headers: {corp: same-origin}")
        case .corpMissing: GradeFacts(0, "no Cross-Origin-Resource-Policy", "headers: {corp: same-origin}")
        case .corpInvalid: GradeFacts(-5, "Cross-Origin-Resource-Policy that cannot be read", "headers: {corp: same-origin}")
        case .coepRequireCORP: GradeFacts(10, "page embeds only what agrees to it")
        case .coepCredentialless: GradeFacts(10, "page embeds others' content without credentials")
        case .coepUnsafeNone: GradeFacts(0, "page embeds anything", "headers: {coep: require-corp}")
        case .coepMissing: GradeFacts(0, "no Cross-Origin-Embedder-Policy", "headers: {coep: require-corp}")
        case .coepInvalid: GradeFacts(-5, "Cross-Origin-Embedder-Policy that cannot be read", "headers: {coep: require-corp}")
        case .coopSameOrigin: GradeFacts(10, "windows of other origins have no hold of the page")
        case .coopAllowPopups: GradeFacts(10, "only windows that the page opens have a hold of it")
        case .coopNoopenerAllowPopups: GradeFacts(10, "whoever opens the page has no hold of it")
        case .coopUnsafeNone: GradeFacts(0, "windows of other origins have a hold of the page", "headers: {coop: same-origin}")
        case .coopMissing: GradeFacts(0, "no Cross-Origin-Opener-Policy", "headers: {coop: same-origin}")
        default: GradeFacts(-5, "Cross-Origin-Opener-Policy that cannot be read", "headers: {coop: same-origin}")
        }
    }
}
