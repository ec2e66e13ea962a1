/// A cookie as a browser keeps it.
struct StoredCookie: Equatable {
    /// `SameSite` as far as browsers know it.
    enum SameSite: String { case lax, strict, none }

    var name: String
    var domain: String
    var path: String
    var isSecure = false
    var isHTTPOnly = false
    var sameSite: SameSite?
    var isHostOnly = true
}

/// Keeps cookies by the rules of browsers (RFC 6265bis, section 5.7), so that one that browsers drop does not count.
struct CookieJar {
    /// The cookies that are kept.
    private(set) var cookies: [StoredCookie] = []
    /// Seconds since 1970.
    let time: Int64

    /// An empty jar.
    init(time: Int64) { self.time = time }

    /// Takes the cookies of an answer in.
    mutating func take(_ response: CapturedResponse) {
        for value in response.values("set-cookie") { take(value, from: response.url) }
    }

    private mutating func take(_ text: String, from url: GradedURL) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        guard let first = parts.first, let equals = first.firstIndex(of: "=") else { return }
        let name = trim(first[..<equals])
        guard !name.isEmpty else { return }
        var cookie = StoredCookie(name: name, domain: url.host, path: Self.defaultPath(of: url))
        var expiry: Int64?
        var maxAge: Int64?
        var namesPath = false
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { trim($0) }
            let value = pair.count > 1 ? pair[1] : ""
            switch pair[0].lowercased() {
            case "secure": cookie.isSecure = true
            case "httponly": cookie.isHTTPOnly = true
            case "samesite": cookie.sameSite = StoredCookie.SameSite(rawValue: value.lowercased())
            case "domain" where !value.isEmpty:
                cookie.domain = (value.hasPrefix(".") ? String(value.dropFirst()) : value).lowercased()
                cookie.isHostOnly = false
            case "path":
                namesPath = value.hasPrefix("/")
                cookie.path = namesPath ? value : Self.defaultPath(of: url)
            case "max-age": maxAge = Int64(value) ?? maxAge
            case "expires": expiry = CookieDate.seconds(value) ?? expiry
            default: break
            }
        }
        guard mayBeKept(cookie, from: url, namesPath: namesPath) else { return }
        cookies.removeAll { $0.name == cookie.name && $0.domain == cookie.domain && $0.path == cookie.path }
        let isGone = maxAge.map { $0 <= 0 } ?? expiry.map { $0 <= time } ?? false
        if !isGone { cookies.append(cookie) }
    }

    private func mayBeKept(_ cookie: StoredCookie, from url: GradedURL, namesPath: Bool) -> Bool {
        if !cookie.isHostOnly {
            guard url.host == cookie.domain || url.host.hasSuffix("." + cookie.domain),
                cookie.domain.contains(".") || url.host == cookie.domain
            else { return false }
        }
        let name = cookie.name.lowercased()
        if name.hasPrefix("__secure-") { return cookie.isSecure && url.scheme == "https" }
        if name.hasPrefix("__host-") {
            return cookie.isSecure && url.scheme == "https" && cookie.isHostOnly && namesPath && cookie.path == "/"
        }
        return true
    }

    private static func defaultPath(of url: GradedURL) -> String {
        let path = url.path
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}

/// The date of a cookie (RFC 6265, section 5.1.1).
enum CookieDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Seconds since 1970; `nil` for what is no date.
    static func seconds(_ text: String) -> Int64? {
        var time: [Int64]?
        var day: Int64?
        var month: Int64?
        var year: Int64?
        for token in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != ":" }) {
            let clock = token.split(separator: ":").compactMap { Int64($0) }
            if time == nil, clock.count == 3 {
                time = clock
            } else if month == nil, let index = months.firstIndex(of: token.prefix(3).lowercased()) {
                month = Int64(index) + 1
            } else if let number = Int64(token) {
                if day == nil, token.count <= 2 {
                    day = number
                } else if year == nil {
                    year = number < 70 ? number + 2000 : number < 100 ? number + 1900 : number
                }
            }
        }
        guard let time, let day, let month, let year, (1...31).contains(day), (1601...9999).contains(year), time[0] < 24 else { return nil }
        return days(year, month, day) * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]
    }

    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// The text without white space at its ends.
func trim(_ text: some StringProtocol) -> String {
    var slice = Substring(text)
    while let first = slice.first, first.isWhitespace { slice.removeFirst() }
    while let last = slice.last, last.isWhitespace { slice.removeLast() }
    return String(slice)
}
