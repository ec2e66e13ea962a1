/// The test of cookies: those that a browser would keep.
enum CookieCheck {
    /// From harmless to worst.
    private static let order: [GradeResult] = [
        .cookiesInsecureUnderHSTS, .cookiesInsecure, .cookiesSessionInsecureUnderHSTS, .cookiesBadSameSite, .cookiesForgeryToken,
        .cookiesSessionReadable, .cookiesSessionInsecure,
    ]

    static func result(_ capture: SiteCapture, transport: GradeResult) -> GradeResult {
        var jar = CookieJar(time: capture.time)
        for response in capture.history { jar.take(response) }
        let cookies = jar.cookies.filter { $0.name != "heroku-session-affinity" }
        guard !cookies.isEmpty else { return .cookiesNone }
        let isProtected = transport == .hstsLong || transport == .hstsPreloaded
        var found = cookies.flatMap { faults(of: $0, isProtected: isProtected) }
        if (capture.page?.values("set-cookie") ?? []).contains(where: hasBadSameSite) { found.append(.cookiesBadSameSite) }
        let worst = found.max { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }
        return worst ?? (cookies.allSatisfy { $0.sameSite != nil } ? .cookiesStrict : .cookiesSecure)
    }

    private static func faults(of cookie: StoredCookie, isProtected: Bool) -> [GradeResult] {
        let name = cookie.name.lowercased()
        let isSession = name.contains("login") || name.contains("sess")
        var faults: [GradeResult] = []
        if !cookie.isSecure {
            if cookie.sameSite == StoredCookie.SameSite.none { faults.append(.cookiesBadSameSite) }
            faults.append(isProtected ? .cookiesInsecureUnderHSTS : .cookiesInsecure)
            if isSession { faults.append(isProtected ? .cookiesSessionInsecureUnderHSTS : .cookiesSessionInsecure) }
        }
        if name.contains("csrf"), cookie.sameSite == nil { faults.append(.cookiesForgeryToken) }
        if isSession, !cookie.isHTTPOnly { faults.append(.cookiesSessionReadable) }
        return faults
    }

    private static func hasBadSameSite(_ line: String) -> Bool {
        line.split(separator: ";").contains { part in
            let pair = part.split(separator: "=", omittingEmptySubsequences: false).map { trim($0).lowercased() }
            return pair[0] == "samesite" && !["lax", "strict", "none"].contains(pair.count > 1 ? pair[1] : "")
        }
    }
}
