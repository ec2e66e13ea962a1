/// A serialized Content Security Policy (CSP Level 3, section 2.2), for joining several into one.
struct ContentSecurityPolicy {
    /// Directives in order; a name that comes again is ignored, as browsers do.
    var directives: [(name: String, sources: [String])] = []

    /// Reads one policy.
    init(_ text: String) {
        for part in text.split(separator: ";") {
            let words = part.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            guard let name = words.first?.lowercased(), !directives.contains(where: { $0.name == name }) else { continue }
            directives.append((name, Array(words.dropFirst())))
        }
    }

    /// One value that allows only what every given value allows.
    ///
    /// A single policy where the intersection can be written as one; else a list of policies, each of which browsers enforce.
    static func intersection(_ values: [String]) -> String {
        let policies = values.flatMap { $0.split(separator: ",") }.map { ContentSecurityPolicy(String($0)) }
            .filter { !$0.directives.isEmpty }
        guard var merged = policies.first else { return "" }
        var rest: [ContentSecurityPolicy] = []
        for policy in policies.dropFirst() {
            if let both = merged.intersection(with: policy) { merged = both } else { rest.append(policy) }
        }
        return ([merged] + rest).map(\.text).joined(separator: ", ")
    }

    /// The text of the policy.
    var text: String { directives.map { ([$0.name] + $0.sources).joined(separator: " ") }.joined(separator: "; ") }

    private func intersection(with other: ContentSecurityPolicy) -> ContentSecurityPolicy? {
        var result = ContentSecurityPolicy("")
        let names = directives.map(\.name) + other.directives.map(\.name).filter { name in !directives.contains { $0.name == name } }
        for name in names {
            guard let sources = Self.meet(effective(name), other.effective(name), name) else { return nil }
            result.directives.append((name, sources))
        }
        result.dropWhatDefaultSays()
        return result
    }

    /// What the policy says of a directive: its own sources, or for loads those of its fallback.
    private func effective(_ name: String) -> [String]? {
        if let own = directives.first(where: { $0.name == name }) { return own.sources }
        for fallback in Self.fallbacks(of: name) {
            if let sources = directives.first(where: { $0.name == fallback })?.sources { return sources }
        }
        return nil
    }

    private static func meet(_ left: [String]?, _ right: [String]?, _ name: String) -> [String]? {
        guard let left else { return right }
        guard let right else { return left }
        if name.hasPrefix("report-") { return left }
        let (one, two) = (normalized(left), normalized(right))
        if one.isEmpty || two.isEmpty { return isSourceList(name) ? ["'none'"] : [] }
        if one == two { return left }
        guard !changesMeaning(one, two) else { return nil }
        if isWithin(one, two) { return left }
        return isWithin(two, one) ? right : nil
    }

    /// True when every load that the first list allows is allowed by the second.
    private static func isWithin(_ one: Set<String>, _ two: Set<String>) -> Bool {
        if one.isSubset(of: two) { return true }
        guard two.contains("*") else { return false }
        return one.subtracting(two).allSatisfy { $0 == "'self'" || ($0.first != "'" && !$0.hasSuffix(":")) }
    }

    /// `'strict-dynamic'`, and a nonce or hash beside `'unsafe-inline'`, switch other sources off (section 6.7.2.3, 6.7.3.2), so
    /// a longer list may allow less.
    private static func changesMeaning(_ one: Set<String>, _ two: Set<String>) -> Bool {
        let isExact = { (list: Set<String>) in list.contains { $0.hasPrefix("'nonce-") || $0.hasPrefix("'sha") } }
        return one.contains("'strict-dynamic'") || two.contains("'strict-dynamic'")
            || (one.contains("'unsafe-inline'") && two.contains("'unsafe-inline'") && isExact(one) != isExact(two))
    }

    /// The sources as a set; `'none'` is the empty one.
    private static func normalized(_ sources: [String]) -> Set<String> {
        Set(sources.map { $0.hasPrefix("'nonce-") || $0.hasPrefix("'sha") ? $0 : $0.lowercased() }).subtracting(["'none'"])
    }

    private mutating func dropWhatDefaultSays() {
        guard let standard = directives.first(where: { $0.name == "default-src" }), Self.normalized(standard.sources).isEmpty else {
            return
        }
        directives.removeAll {
            $0.name != "default-src" && Self.fallbacks(of: $0.name).contains("default-src") && Self.normalized($0.sources).isEmpty
        }
    }

    private static func isSourceList(_ name: String) -> Bool {
        name.hasSuffix("-src") || name.hasSuffix("-src-elem") || name.hasSuffix("-src-attr") || name == "frame-ancestors"
            || name == "base-uri" || name == "form-action"
    }

    /// CSP Level 3, section 6.8.3.
    private static func fallbacks(of name: String) -> [String] {
        switch name {
        case "script-src-elem", "script-src-attr": ["script-src", "default-src"]
        case "style-src-elem", "style-src-attr": ["style-src", "default-src"]
        case "worker-src": ["child-src", "script-src", "default-src"]
        case "frame-src": ["child-src", "default-src"]
        case "child-src", "connect-src", "font-src", "img-src", "manifest-src", "media-src", "object-src", "script-src",
            "style-src", "prefetch-src", "fenced-frame-src":
            ["default-src"]
        default: []
        }
    }
}
