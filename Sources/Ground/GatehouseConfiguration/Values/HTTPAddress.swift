internal import GatehouseCore

/// An `http` or `https` URL of another party (RFC 3986, RFC 9110 section 4.2), kept as written.
public struct HTTPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The URL as written.
    public let description: String
    /// True for `https`.
    public let isSecure: Bool
    /// The host, in lower case, an IPv6 address without brackets.
    public let host: String
    /// The port.
    public let port: Int
    /// Path and query; `/` where the URL has none.
    public let target: String

    /// A URL; nil where the text is none, or has a user, a fragment, or bytes that need escaping.
    public init?(_ text: String) {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C && $0 != 0x23 })
        else { return nil }
        let lower = text.prefix(8).lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        isSecure = scheme == "https://"
        guard !authority.contains("@"), let place = Self.place(String(authority), defaultPort: isSecure ? 443 : 80) else { return nil }
        (host, port) = place
        let target = rest.dropFirst(authority.count)
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
        description = text
    }

    private init() {
        (description, isSecure, host, port, target) = ("", true, "", 443, "/")
    }

    /// Stands for an address that was not given.
    public static let none = HTTPAddress()

    /// Host and port as a `Host` field has them.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Scheme and authority.
    public var origin: String { (isSecure ? "https://" : "http://") + authority }

    /// True for clear text that leaves this machine.
    public var isExposed: Bool {
        guard !isSecure, host != "localhost", !host.hasSuffix(".localhost") else { return false }
        return !Endpoint(host: host, port: port).isLoopback
    }

    private static func place(_ authority: String, defaultPort: Int) -> (String, Int)? {
        var name = authority
        var port = defaultPort
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            name = String(authority[..<colon])
        }
        if name.hasPrefix("["), name.hasSuffix("]") {
            name = String(name.dropFirst().dropLast())
            guard IPAddress(text: name)?.family == .v6 else { return nil }
        } else {
            guard let pattern = HostPattern(name), !pattern.isWildcard, !name.contains(":") else { return nil }
        }
        return (name.lowercased(), port)
    }

    static let clearTextReason = "anyone on the way may answer in its place"

    static let clearTextRisk = Risk<HTTPAddress>("`http` beyond loopback", because: clearTextReason) { $0.isExposed }
}

extension HTTPAddress: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("URL", example: "https://login.example.com", pattern: "^https?://[^#@\\s]+$")
    }
    /// Reads a URL.
    public static func configured(_ text: String) -> HTTPAddress? { HTTPAddress(text) }
    /// A missing scheme.
    public static func hint(for text: String) -> String? { HTTPAddress("https://" + text).map { "did you mean `\($0)`?" } }
}
