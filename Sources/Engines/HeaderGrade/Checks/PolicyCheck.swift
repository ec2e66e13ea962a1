/// The test of Content-Security-Policy: header and `<meta>` together.
struct PolicyCheck {
    /// What was found.
    let result: GradeResult
    /// True when a header's policy says who may frame the page.
    let governsFraming: Bool

    private static let broad: Set<String> = ["ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"]
    private static let inline: Set<String> = ["'unsafe-inline'", "data:"]

    init(_ capture: SiteCapture, _ page: PageElements?) {
        guard let response = capture.page else {
            result = .cspMissing
            governsFraming = false
            return
        }
        let name = "content-security-policy"
        let header = response.values(name).flatMap(Self.policies)
        let meta = (page?.equivalents ?? []).filter { $0.name == name }.flatMap { Self.policies($0.content) }
        guard let all = ParsedPolicy(header + meta) else {
            result = .cspInvalid
            governsFraming = false
            return
        }
        let ofHeader = ParsedPolicy(header)
        let ofMeta = ParsedPolicy(meta)?.sources.filter { !["frame-ancestors", "report-uri", "sandbox"].contains($0.key) } ?? [:]
        governsFraming = all.sources["frame-ancestors"] != nil
        if (ofHeader?.sources ?? [:]).isEmpty, ofMeta.isEmpty {
            result = response.joined("content-security-policy-report-only") == nil ? .cspMissing : .cspReportOnly
        } else {
            result = Self.judge(all, isSecure: response.url.scheme == "https")
        }
    }

    private static func policies(_ value: String) -> [String] {
        value.split(separator: ",", omittingEmptySubsequences: false).map { trim($0) }
    }

    private static func judge(_ policy: ParsedPolicy, isSecure: Bool) -> GradeResult {
        let standard = policy.sources["default-src"]
        var script = policy.sources["script-src"] ?? standard ?? ["*"]
        var style = policy.sources["style-src"] ?? standard ?? ["*"]
        let object = policy.sources["object-src"] ?? standard ?? ["*"]
        if isExact(script) { script.remove("'unsafe-inline'") }
        if isExact(style) { style.remove("'unsafe-inline'") }
        if script.contains("'strict-dynamic'") {
            guard isExact(script) else { return .cspInvalid }
            script = script.filter { source in !broad.contains { source.hasPrefix($0) } && source != "'self'" && source != "'unsafe-inline'"
            }
        }
        if !script.isDisjoint(with: broad.union(inline)) || !object.isDisjoint(with: broad) { return .cspUnsafeInline }
        let passive: Set<String> = ["img-src", "media-src"]
        let active = policy.sources.filter { !passive.contains($0.key) && $0.key != "script-src" }.values.reduce(script) { $0.union($1) }
        if isSecure, active.contains(where: isInsecure) { return .cspInsecureScheme }
        if script.contains("'unsafe-eval'") || style.contains("'unsafe-eval'") { return .cspUnsafeEval }
        let shown = passive.flatMap { policy.sources[$0] ?? standard ?? [] }
        if isSecure, shown.contains(where: isInsecure) { return .cspInsecurePassive }
        if !style.isDisjoint(with: broad.union(inline)) { return policy.repeatsReporting ? .cspDuplicateReporting : .cspUnsafeStyle }
        if policy.repeatsReporting { return .cspDuplicateReporting }
        return standard == ["'none'"] ? .cspDefaultNone : .cspNoUnsafe
    }

    private static func isExact(_ sources: Set<String>) -> Bool {
        sources.contains { source in ["'sha256-", "'sha384-", "'sha512-", "'nonce-"].contains { source.hasPrefix($0) } }
    }

    private static func isInsecure(_ source: String) -> Bool { source.hasPrefix("http:") || source.hasPrefix("ftp:") }
}

/// Several policies read as one: a source counts where every policy that has the directive has it.
struct ParsedPolicy {
    /// Directive to sources, both in lower case; an empty list is `'none'`.
    private(set) var sources: [String: Set<String>] = [:]
    /// True when `report-uri` or `report-to` is there twice in one policy.
    private(set) var repeatsReporting = false

    /// Reads policies; `nil` when one is too short to be one, or repeats a directive other than those for reports.
    init?(_ policies: [String]) {
        for (index, policy) in policies.enumerated() {
            guard policy.utf8.count >= 6, read(policy, isFirst: index == 0) else { return nil }
        }
        for (name, list) in sources where list.isEmpty { sources[name] = ["'none'"] }
    }

    private mutating func read(_ policy: String, isFirst: Bool) -> Bool {
        var seen: Set<String> = []
        for part in policy.split(separator: ";") {
            let words = part.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
            guard let name = words.first else { continue }
            if !seen.insert(name).inserted {
                guard name == "report-uri" || name == "report-to" else { return false }
                repeatsReporting = true
            }
            var list = Set(words.dropFirst())
            if list.isEmpty, name.hasSuffix("-src") { list = ["'none'"] }
            if isFirst {
                sources[name] = (sources[name] ?? []).union(Self.withoutLonger(list))
            } else {
                sources[name] = Self.shared(sources[name] ?? [], list)
            }
        }
        return true
    }

    /// Of two sources of which one begins with the other, the longer says nothing more.
    private static func withoutLonger(_ list: Set<String>) -> Set<String> {
        let sorted = list.sorted()
        return Set(sorted.enumerated().filter { index, source in index == 0 || !source.hasPrefix(sorted[index - 1]) }.map(\.element))
    }

    private static func shared(_ one: Set<String>, _ two: Set<String>) -> Set<String> { one.intersection(two) }
}
