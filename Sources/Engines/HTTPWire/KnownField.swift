/// Field names that Gatehouse looks at, so that finding one compares a byte instead of a string.
public enum KnownField: UInt8, Sendable, CaseIterable {
    case accept = 1, acceptEncoding, acceptLanguage, accessControlAllowCredentials, accessControlAllowHeaders
    case accessControlAllowMethods, accessControlAllowOrigin, accessControlExposeHeaders, accessControlMaxAge
    case accessControlRequestHeaders, accessControlRequestMethod, age, allow, altSvc, authorization, cacheControl
    case connection, contentDisposition, contentEncoding, contentLanguage, contentLength, contentLocation
    case contentSecurityPolicy, contentSecurityPolicyReportOnly, contentType, cookie, crossOriginEmbedderPolicy
    case crossOriginOpenerPolicy, crossOriginResourcePolicy, date, dpop, etag, expect, expires, forwarded
    case gatehouseIdentity, host, http2Settings, ifMatch, ifModifiedSince, ifNoneMatch, keepAlive, lastModified
    case location, maxForwards, origin, originAgentCluster, permissionsPolicy, pragma, proxyAuthenticate
    case proxyAuthorization, proxyConnection, range, rateLimit, rateLimitPolicy, referer, referrerPolicy
    case reportingEndpoints, retryAfter, secFetchDest, secFetchMode, secFetchSite, secFetchUser, secWebSocketAccept
    case secWebSocketKey, secWebSocketProtocol, secWebSocketVersion, server, serverTiming, setCookie
    case strictTransportSecurity, te, traceparent, tracestate, trailer, transferEncoding, upgrade, userAgent, vary, via
    case wwwAuthenticate, xContentTypeOptions, xForwardedFor, xForwardedHost, xForwardedPort, xForwardedProto
    case xFrameOptions, xPermittedCrossDomainPolicies, xPoweredBy, xRealIP, xRequestID, xXSSProtection

    /// The name in lower case, as HTTP/2 demands and HTTP/1 allows.
    public var name: String { Self.names[Int(rawValue)] }

    /// The field of a lower-case name, `nil` for names that are not in the list.
    @inline(__always)
    static func find(_ name: Span<UInt8>) -> KnownField? {
        let count = name.count
        guard count > 1, count <= Self.longest else { return nil }
        var slot = hash(count, name[0], name[count / 2], name[count - 1])
        while true {
            let candidate = Self.table[slot]
            guard candidate != 0 else { return nil }
            if matches(candidate, name) { return KnownField(rawValue: candidate) }
            slot = (slot &+ 1) & 511
        }
    }

    private static func matches(_ candidate: UInt8, _ name: Span<UInt8>) -> Bool {
        let start = Int(offsets[Int(candidate)])
        guard Int(offsets[Int(candidate) + 1]) - start == name.count else { return false }
        for index in 0..<name.count where letters[start + index] != name[index] { return false }
        return true
    }

    @inline(__always)
    private static func hash(_ count: Int, _ first: UInt8, _ middle: UInt8, _ last: UInt8) -> Int {
        (count &* 31 &+ Int(first) &* 7 &+ Int(middle) &* 53 &+ Int(last) &* 131) & 511
    }

    private static let names: [String] = [""] + allCases.map { wireName(of: "\($0)") }
    private static let letters: [UInt8] = names.flatMap { Array($0.utf8) }
    private static let offsets: [UInt16] = names.reduce(into: [0]) { $0.append($0[$0.count - 1] + UInt16($1.utf8.count)) }
    private static let longest = names.reduce(0) { max($0, $1.utf8.count) }

    private static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 512)
        for field in allCases {
            let name = Array(field.name.utf8)
            var slot = hash(name.count, name[0], name[name.count / 2], name[name.count - 1])
            while table[slot] != 0 { slot = (slot + 1) & 511 }
            table[slot] = field.rawValue
        }
        return table
    }()

    /// `accessControlMaxAge` to `access-control-max-age`; names that break the rule are listed.
    private static func wireName(of caseName: String) -> String {
        switch caseName {
        case "http2Settings": return "http2-settings"
        case "etag", "te", "dpop", "traceparent", "tracestate": return caseName
        case "rateLimit": return "ratelimit"
        case "rateLimitPolicy": return "ratelimit-policy"
        case "secWebSocketAccept": return "sec-websocket-accept"
        case "secWebSocketKey": return "sec-websocket-key"
        case "secWebSocketProtocol": return "sec-websocket-protocol"
        case "secWebSocketVersion": return "sec-websocket-version"
        case "wwwAuthenticate": return "www-authenticate"
        case "xRealIP": return "x-real-ip"
        case "xRequestID": return "x-request-id"
        case "xXSSProtection": return "x-xss-protection"
        default: break
        }
        return caseName.reduce(into: "") { name, letter in
            if letter.isUppercase { name += "-" }
            name += letter.lowercased()
        }
    }
}
