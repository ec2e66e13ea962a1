/// A host and a port: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, or `:8080` for every address.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// An address or a name; IPv6 without its brackets.
    public let host: String
    /// 1...65535, or 0 where the system chooses a port.
    public let port: Int

    /// An endpoint of a host and a port as they are.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`; an empty host means every address (`::`).
    ///
    /// Refuses: a missing port, IPv6 without brackets, characters that no host name has.
    public init?(text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let (port, digits) = leadingNumber(of: text[text.index(after: colon)...].utf8),
            digits == text[text.index(after: colon)...].utf8.count, port <= 65535
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard IPAddress(text: host)?.family == .v6 || host.hasPrefix("::ffff:") else { return nil }
        } else {
            guard host.utf8.allSatisfy(isHostByte) else { return nil }
        }
        self.init(host: host.isEmpty ? "::" : host.lowercased(), port: Int(port))
    }

    /// The host as an address; nil for a name.
    public var address: IPAddress? { IPAddress(text: host) }

    /// True for a loopback address, `localhost` and names below it (RFC 6761, section 6.3).
    public var isLoopback: Bool { address?.isLoopback ?? (host == "localhost" || host.hasSuffix(".localhost")) }

    /// `HOST:PORT`, IPv6 in brackets.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

private func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        true
    default: false
    }
}
