internal import HeaderGrade

/// Captures what grading needs of a site: the ways from http and https, a probe for CORS, and `/robots.txt` for its cookies.
struct SiteFetcher: Sendable {
    private let fetcher: HTTPFetcher
    private static let accept = [(name: "accept", value: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")]
    private static let mostRedirects = 20

    init(_ fetcher: HTTPFetcher) { self.fetcher = fetcher }

    /// Captures a site from one of its addresses. With a port of its own, the other scheme is taken to be absent.
    ///
    /// - Parameter time: seconds since 1970.
    func capture(_ url: GradedURL, time: Int64) async -> SiteCapture {
        let isOnUsualPort = url.port == (url.scheme == "https" ? 443 : 80)
        let https = url.scheme == "https" ? url : isOnUsualPort ? GradedURL("https://\(url.host)\(url.target)") : nil
        let http = url.scheme == "http" ? url : isOnUsualPort ? GradedURL("http://\(url.host)\(url.target)") : nil
        let secure = await follow(https)
        let plain = await follow(http)
        let session = secure.answers.isEmpty ? plain : secure
        var capture = SiteCapture(
            host: url.host, https: secure.answers.last, http: plain.answers.last, httpRoute: plain.route, history: session.answers,
            time: time)
        guard let last = session.route.last else { return capture }
        if let robots = last.resolving("/robots.txt"), let answer = await fetcher.fetch(robots) { capture.history.append(answer) }
        capture.preflight = await fetcher.fetch(
            last, method: "OPTIONS",
            fields: [("origin", SiteCapture.probeOrigin), ("access-control-request-method", "GET")])
        return capture
    }

    private struct Way: Sendable {
        var answers: [CapturedResponse] = []
        var route: [GradedURL] = []
    }

    /// Follows redirects to their end. A certificate on the way that does not verify spoils the last answer too.
    private func follow(_ start: GradedURL?) async -> Way {
        var way = Way()
        var next = start
        while let url = next, way.route.count < Self.mostRedirects, var answer = await fetcher.fetch(url, fields: Self.accept) {
            if way.answers.last?.isVerified == false { answer.isVerified = false }
            way.route.append(url)
            way.answers.append(answer)
            next = nil
            if (300..<400).contains(answer.status), let location = answer.fields.first(where: { $0.name == "location" })?.value {
                next = url.resolving(location)
            }
        }
        return way
    }
}
