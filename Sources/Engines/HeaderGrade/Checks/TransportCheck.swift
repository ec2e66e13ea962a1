/// The tests of https: redirection to it and Strict-Transport-Security.
enum TransportCheck {
    /// 180 days, which the Observatory takes for six months.
    private static let sixMonths: Int64 = 15_552_000

    static func strictTransportSecurity(_ capture: SiteCapture) -> GradeResult {
        guard let response = capture.https else { return .hstsNoHTTPS }
        if capture.isPreloaded { return .hstsPreloaded }
        guard response.isVerified else { return .hstsInvalidCertificate }
        guard let value = response.joined("strict-transport-security") else { return .hstsMissing }
        guard !value.contains(",") else { return .hstsInvalid }
        let directives = value.split(separator: ";").map { trim($0).lowercased() }
        guard let age = directives.last(where: { $0.hasPrefix("max-age=") })?.dropFirst(8), let seconds = leadingNumber(age) else {
            return .hstsInvalid
        }
        return seconds >= sixMonths ? .hstsLong : .hstsShort
    }

    static func redirection(_ capture: SiteCapture) -> GradeResult {
        guard let response = capture.http else { return .redirectionNotNeeded }
        guard response.isVerified else { return .redirectionInvalidCertificate }
        let route = capture.httpRoute.isEmpty ? [response.url] : capture.httpRoute
        if capture.isPreloaded, route.allSatisfy({ $0.host == capture.host }) { return .redirectionPreloaded }
        guard route.count > 1 else { return .redirectionMissing }
        guard route[route.count - 1].scheme == "https" else { return .redirectionNotToHTTPS }
        guard route[1].scheme == "https" else { return .redirectionLate }
        return route[0].scheme == "http" && route[0].host != route[1].host ? .redirectionOffHost : .redirectionToHTTPS
    }

    private static func leadingNumber(_ text: Substring) -> Int64? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        return digits.isEmpty ? nil : Int64(digits) ?? .max
    }
}
