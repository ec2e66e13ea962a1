/// How the service's own value of a header is joined with ours.
enum HeaderMerge: Sendable {
    /// Ours in place of all others.
    case replace
    /// The service's stays; several lines become one.
    case keep
    /// The stricter of the two by a ranking.
    case stricter(HeaderRanking)
    /// The intersection of the policies.
    case intersectPolicies
    /// The longer time; a flag of either.
    case longestHSTS
    /// Ours, and the features of the service's that ours does not name.
    case joinFeatures

    /// The one value that is sent.
    ///
    /// - Parameters:
    ///   - theirs: the values of the service's lines, one or more.
    ///   - ours: the value of the plan.
    func join(_ theirs: [String], _ ours: String) -> String {
        switch self {
        case .replace: ours
        case .keep: theirs.joined(separator: ", ")
        case .stricter(let ranking): ranking.strictest(theirs, ours)
        case .intersectPolicies: ContentSecurityPolicy.intersection(theirs + [ours])
        case .longestHSTS: HSTSValue.strictest(theirs + [ours]) ?? ours
        case .joinFeatures: PermissionsPolicyValue.join(ours, theirs)
        }
    }
}

/// The words that a header may say, strictest first.
struct HeaderRanking: Sendable {
    private let words: [String]
    private let takesLastKnown: Bool

    /// The strictest known word of all values. A value that no browser understands counts as not said.
    func strictest(_ theirs: [String], _ ours: String) -> String {
        var best = rank(ours) ?? words.count
        for value in theirs {
            if let rank = takesLastKnown ? lastKnown(value) : rank(value) { best = min(best, rank) }
        }
        return best < words.count ? words[best] : ours
    }

    private func rank(_ value: String) -> Int? {
        let word = trimmedText(value)
        return words.firstIndex { equalIgnoringCase($0, word) }
    }

    private func lastKnown(_ value: String) -> Int? {
        value.split(separator: ",").reversed().lazy.compactMap { rank(String($0)) }.first
    }

    /// Referrer Policy, section 4.1: of a list, the last known word counts.
    static let referrerPolicy = HeaderRanking(
        words: [
            "no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin", "origin",
            "origin-when-cross-origin", "no-referrer-when-downgrade", "unsafe-url",
        ], takesLastKnown: true)
    /// HTML, section 7.2.4.1.
    static let frameOptions = HeaderRanking(words: ["DENY", "SAMEORIGIN"], takesLastKnown: false)
    /// Fetch, section 3.7.
    static let resourcePolicy = HeaderRanking(words: ["same-origin", "same-site", "cross-origin"], takesLastKnown: false)
    /// HTML, section 7.1.3.
    static let openerPolicy = HeaderRanking(
        words: ["same-origin", "noopener-allow-popups", "same-origin-allow-popups", "unsafe-none"], takesLastKnown: false)
    /// HTML, section 7.1.4.
    static let embedderPolicy = HeaderRanking(words: ["require-corp", "credentialless", "unsafe-none"], takesLastKnown: false)
}

/// The value of Strict-Transport-Security (RFC 6797, section 6.1).
struct HSTSValue {
    var maxAge: Int64
    var includesSubdomains = false
    var preload = false

    /// Reads a value; `nil` for one that browsers ignore: without `max-age`, or with a directive twice.
    init?(_ text: String) {
        var seen: Set<String> = []
        var age: Int64?
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map { trimmedText(String($0)) }
            guard let name = pair.first?.lowercased(), !name.isEmpty else { continue }
            guard seen.insert(name).inserted else { return nil }
            switch name {
            case "max-age":
                guard pair.count == 2, let number = Int64(pair[1].replacing("\"", with: "")), number >= 0 else { return nil }
                age = number
            case "includesubdomains": includesSubdomains = true
            case "preload": preload = true
            default: break
            }
        }
        guard let age else { return nil }
        maxAge = age
    }

    /// The longest time of all values with the flags of any; `nil` when none can be read.
    static func strictest(_ texts: [String]) -> String? {
        let values = texts.compactMap { HSTSValue($0) }
        guard let longest = values.map(\.maxAge).max() else { return nil }
        let preload = values.contains(where: \.preload)
        let subdomains = values.contains(where: \.includesSubdomains)
        return "max-age=\(longest)" + (subdomains ? "; includeSubDomains" : "") + (preload ? "; preload" : "")
    }
}

/// The value of Permissions-Policy: a structured-field dictionary (Permissions Policy, section 5.2; RFC 9651, section 3.2).
enum PermissionsPolicyValue {
    /// Ours, then each feature of theirs that ours leaves open.
    static func join(_ ours: String, _ theirs: [String]) -> String {
        let named = Set(members(ours).map(key))
        var seen = named
        let more = theirs.flatMap(members).filter { isWhole($0) && seen.insert(key($0)).inserted }
        return ([ours] + more).joined(separator: ", ")
    }

    /// The parts between commas that stand outside of parentheses and quotes.
    private static func members(_ text: String) -> [String] {
        var parts: [String] = [""]
        var depth = 0
        var isQuoted = false
        for character in text {
            switch character {
            case "\"": isQuoted.toggle()
            case "(" where !isQuoted: depth += 1
            case ")" where !isQuoted: depth -= 1
            default: break
            }
            if character == ",", depth == 0, !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts.map(trimmedText).filter { !$0.isEmpty }
    }

    private static func key(_ member: String) -> String {
        trimmedText(String(member.prefix { $0 != "=" }))
    }

    /// A broken member would make browsers ignore the whole field, so it is left out.
    private static func isWhole(_ member: String) -> Bool {
        let name = key(member)
        guard let value = member.dropFirst(member.prefix { $0 != "=" }.count).dropFirst().first, !name.isEmpty else { return false }
        return name.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A).contains($0) } && (value == "(" || value == "*" || value == "s")
            && member.filter { $0 == "(" }.count == member.filter { $0 == ")" }.count
            && member.filter { $0 == "\"" }.count % 2 == 0
    }
}

/// The text without blanks at its ends.
func trimmedText(_ text: String) -> String {
    var slice = Substring(text)
    while let first = slice.utf8.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    while let last = slice.utf8.last, last == 0x20 || last == 0x09 { slice.removeLast() }
    return String(slice)
}

/// True when two texts are equal, ASCII letters compared without case.
func equalIgnoringCase(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
}
