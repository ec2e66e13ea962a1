/// An http or https address (RFC 3986), as far as grading needs its parts.
public struct GradedURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    public let scheme: String
    /// The host in lower case; IPv6 with its brackets.
    public let host: String
    /// The port, the scheme's own where none is named.
    public let port: Int
    /// Path and query; at least `/`.
    public let target: String

    /// Reads an address; `nil` for one without a host, or of another scheme. User information and fragment are left away.
    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        scheme = text[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[colon...].dropFirst(3).prefix { $0 != "#" }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "\\" } ?? rest.endIndex
        let authority = rest[..<end].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let portStart = authority.hasSuffix("]") ? nil : authority.lastIndex(of: ":")
        host = authority[..<(portStart ?? authority.endIndex)].lowercased()
        let digits = portStart.map { authority[$0...].dropFirst() } ?? ""
        guard !host.isEmpty, digits.isEmpty || Int(digits) != nil, (Int(digits) ?? 1) <= 65_535 else { return nil }
        port = Int(digits) ?? (scheme == "https" ? 443 : 80)
        let path = String(rest[end...])
        target = path.hasPrefix("/") ? path : "/" + path
    }

    /// The address that a Location or `src` names from here (RFC 3986, section 5.2, without dot segments).
    public func resolving(_ reference: String) -> GradedURL? {
        if let absolute = GradedURL(reference) { return absolute }
        guard !reference.prefix(while: { $0 != "/" && $0 != "?" && $0 != "#" }).contains(":") else { return nil }
        if reference.hasPrefix("//") { return GradedURL(scheme + ":" + reference) }
        let origin = "\(scheme)://\(host):\(port)"
        if reference.hasPrefix("/") { return GradedURL(origin + reference) }
        let path = target.prefix { $0 != "?" }
        if reference.hasPrefix("?") { return GradedURL(origin + path + reference) }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return GradedURL(origin + folder + reference)
    }

    /// The path without the query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// True when scheme, host and port are equal.
    public func isSameOrigin(as other: GradedURL) -> Bool { scheme == other.scheme && host == other.host && port == other.port }

    /// The address, the scheme's own port left away.
    public var description: String {
        let isDefault = port == (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(host)" + (isDefault ? "" : ":\(port)") + target
    }
}
