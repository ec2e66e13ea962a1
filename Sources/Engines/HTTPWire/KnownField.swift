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
    static func find(_ name: Span<UInt8>) -> KnownField? { KnownFieldIndex.standard.field(of: name) }

    /// The field of a lower-case name, `nil` for names that are not in the list.
    static func find(_ name: String) -> KnownField? { KnownFieldIndex.standard.field(of: name.utf8Span.span) }

    static let names: [String] = [""] + allCases.map { wireName(of: "\($0)") }

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
