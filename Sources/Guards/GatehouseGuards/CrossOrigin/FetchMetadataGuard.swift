public import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire

/// Resource isolation by Fetch Metadata (W3C Fetch Metadata Request Headers): what another site makes a browser send, with the
/// user's cookies, does not reach the service unless it is a plain navigation.
///
/// Refuses: cross-site loads without CORS, framing of posts, WebSockets opened by other sites, and cross-site posts that need no
/// preflight from origins that `cors` does not name.
/// Assumes: requests without `Sec-Fetch-Site` come from no browser, or from one that is years old.
public struct FetchMetadataGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "fetch_metadata"
    /// The phases that it wants.
    public let phases: GuardPhases = .requestHead

    private let settings: FetchMetadataGuardSettings
    private let origins: [OriginPattern]

    /// Compiles a policy.
    ///
    /// - Parameter cors: the route's cross-origin policy; its origins may post.
    public init(_ settings: FetchMetadataGuardSettings, cors: CORSGuardSettings = CORSGuardSettings()) {
        self.settings = settings
        origins = cors.origins
    }

    /// Judges by who started the request, how and for what.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        let fields = exchange.request.fields
        guard let index = fields.firstIndex(of: .secFetchSite) else { return .pass }
        let site = fields.valueBytes(at: index)
        if equals(site, "same-origin") || equals(site, "none") { return .pass }
        let isSameSite = equals(site, "same-site")
        if isSameSite, settings.allowsSameSite { return .pass }
        if isNavigation(exchange.request) || isLeftToCORS(exchange.request) || isExempt(exchange.request.path) { return .pass }
        let mode = fields[.secFetchMode] ?? "none"
        return .refuse(
            Refusal(
                Problem(status: 403), rule: isSameSite ? "same_site" : "cross_site",
                reason: "request that another site made a browser send", severity: .medium,
                evidence: [("mode", mode), ("destination", fields[.secFetchDest] ?? "none"), ("origin", fields[.origin] ?? "none")]))
    }

    /// A link or a typed form of another site that only reads, shown as a page of its own.
    private func isNavigation(_ request: RequestHead) -> Bool {
        guard settings.allowsNavigations, request.method == .get || request.method == .head,
            request.fields.has(.secFetchMode, "navigate")
        else { return false }
        return !request.fields.has(.secFetchDest, "object") && !request.fields.has(.secFetchDest, "embed")
    }

    /// Preflights, reads, and what had to be asked for by a preflight: there the browser obeys the answer's CORS fields.
    private func isLeftToCORS(_ request: RequestHead) -> Bool {
        guard request.fields.has(.secFetchMode, "cors") || request.method == .options else { return false }
        if request.method.isSafe || request.method != .post || !hasSimpleBody(request.fields) { return true }
        return request.fields[.origin].map { origin in origins.contains { $0.matches(origin) } } ?? false
    }

    /// True for the media types that forms can send (Fetch, section 2.2.2).
    private func hasSimpleBody(_ fields: FieldBlock) -> Bool {
        if fields.contains(.authorization) { return false }
        guard let index = fields.firstIndex(of: .contentType) else { return true }
        let type = fields.valueBytes(at: index)
        return startsWith(type, "text/plain") || startsWith(type, "application/x-www-form-urlencoded")
            || startsWith(type, "multipart/form-data")
    }

    private func isExempt(_ path: String) -> Bool { settings.exempt.contains { $0.covers(path) } }
}

/// True when the bytes are a lower-case word, letters compared without case.
func equals(_ bytes: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
    bytes.count == word.utf8CodeUnitCount && startsWith(bytes, word)
}
