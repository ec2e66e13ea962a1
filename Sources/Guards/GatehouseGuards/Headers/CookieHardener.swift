internal import GatehouseConfiguration
internal import HTTPWire

/// Adds what is missing to the `Set-Cookie` lines of an answer (RFC 6265bis); the order of attributes and unknown ones stay.
struct CookieHardener: Sendable {
    private let settings: CookieHardening
    private let readable: Set<String>
    private let except: Set<String>

    init(_ settings: CookieHardening) {
        self.settings = settings
        readable = Set(settings.readable)
        except = Set(settings.except)
    }

    /// Hardens every line in its place among the other cookies.
    func harden(_ fields: inout FieldBlock, isSecure: Bool) {
        let values = fields.values(of: .setCookie)
        fields.remove(.setCookie)
        for value in values { fields.append(.setCookie, hardened(value, isSecure: isSecure)) }
    }

    /// The value of one line, hardened.
    func hardened(_ value: String, isSecure: Bool) -> String {
        var parts = value.split(separator: ";", omittingEmptySubsequences: false).map { String($0) }
        let name = trimmedText(String(parts[0].prefix { $0 != "=" }))
        let bare = Self.withoutPrefix(name)
        guard !name.isEmpty, !except.contains(name), !except.contains(bare) else { return value }
        let attributes = parts.dropFirst().map(CookieAttribute.init)
        let known = Set(attributes.map(\.name))
        if isSecure, settings.secure, !known.contains("secure") { parts.append(" Secure") }
        if settings.httpOnly, !known.contains("httponly"), !readable.contains(name), !readable.contains(bare) {
            parts.append(" HttpOnly")
        }
        setSameSite(&parts, attributes)
        let hasDomain = attributes.contains { $0.name == "domain" && !$0.value.isEmpty }
        if name.hasPrefix("__Host-"), !known.contains("path"), !hasDomain { parts.append(" Path=/") }
        let holdsSecure = known.contains("secure") || (isSecure && settings.secure)
        if settings.hostPrefix, isSecure, holdsSecure, bare == name, !hasDomain, attributes.last(where: { $0.name == "path" })?.value == "/"
        {
            parts[0] = "__Host-" + parts[0].drop { $0 == " " || $0 == "\t" }
        }
        return parts.joined(separator: ";")
    }

    /// Puts SameSite where there is none, or one that no browser knows.
    private func setSameSite(_ parts: inout [String], _ attributes: [CookieAttribute]) {
        let word =
            switch settings.sameSite {
            case .keep: ""
            case .lax: " SameSite=Lax"
            case .strict: " SameSite=Strict"
            }
        guard !word.isEmpty else { return }
        guard let index = attributes.lastIndex(where: { $0.name == "samesite" }) else { return parts.append(word) }
        if !["lax", "strict", "none"].contains(attributes[index].value.lowercased()) { parts[index + 1] = word }
    }

    /// Gives each `__Host-` cookie of a request also under its bare name, and drops bare ones of that name: those could have been
    /// planted by a neighbouring host.
    static func restoreNames(_ fields: inout FieldBlock) {
        guard let value = fields[.cookie], value.contains("__Host-") else { return }
        let pairs = fields.values(of: .cookie).flatMap { $0.split(separator: ";") }.map { trimmedText(String($0)) }
        let prefixed = Set(pairs.filter { $0.hasPrefix("__Host-") }.map { name(of: $0).dropFirst(7) }.map(String.init))
        var result: [String] = []
        for pair in pairs where !pair.isEmpty && !prefixed.contains(name(of: pair)) {
            if pair.hasPrefix("__Host-") { result.append(String(pair.dropFirst(7))) }
            result.append(pair)
        }
        fields.set(.cookie, result.joined(separator: "; "))
    }

    private static func name(of pair: String) -> String { String(pair.prefix { $0 != "=" }) }

    private static func withoutPrefix(_ name: String) -> String {
        for prefix in ["__Host-", "__Secure-"] where name.hasPrefix(prefix) { return String(name.dropFirst(prefix.count)) }
        return name
    }
}

/// One attribute of a cookie: its name in lower case and its value.
private struct CookieAttribute {
    let name: String
    let value: String

    init(_ part: String) {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        name = trimmedText(String(pair[0])).lowercased()
        value = pair.count > 1 ? trimmedText(String(pair[1])) : ""
    }
}
