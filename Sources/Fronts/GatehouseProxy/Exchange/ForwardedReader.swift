internal import GatehouseCore
internal import HTTPWire

/// Reads what earlier proxies say of the client: `Forwarded` (RFC 7239), else `X-Forwarded-For` and `-Proto`.
enum ForwardedReader {
    /// One hop, the client's side.
    struct Hop {
        /// The address; `nil` for a name, an unknown or unreadable one.
        var address: IPAddress?
        /// `http` or `https`, lower case; `nil` where nothing is said.
        var scheme: String?
    }

    /// The hops from the first, farthest one to the last. At most 32 are read, the last ones.
    static func hops(_ fields: FieldBlock) -> [Hop] {
        let standard = fields.values(of: .forwarded)
        guard standard.isEmpty else {
            return standard.flatMap { split($0, at: ",") }.suffix(32).map(standardHop)
        }
        let addresses = fields.values(of: .xForwardedFor).flatMap { $0.split(separator: ",") }.suffix(32)
        let scheme = fields.values(of: .xForwardedProto).last.map { trimmed($0).lowercased() }
        return addresses.map { Hop(address: address(of: trimmed($0)), scheme: scheme) }
    }

    private static func standardHop(_ element: String) -> Hop {
        var hop = Hop()
        for pair in split(element, at: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = trimmed(parts[1]).filter { $0 != "\"" }
            switch trimmed(parts[0]).lowercased() {
            case "for": hop.address = address(of: value)
            case "proto": hop.scheme = value.lowercased()
            default: continue
            }
        }
        return hop
    }

    private static func address(of text: String) -> IPAddress? {
        if text.hasPrefix("[") { return IPAddress(text: String(text.dropFirst().prefix { $0 != "]" })) }
        if let address = IPAddress(text: text) { return address }
        return IPAddress(text: String(text.prefix { $0 != ":" }))
    }

    private static func split(_ text: String, at separator: Character) -> [String] {
        var parts = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == separator, !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts.map(trimmed)
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = Substring(text)
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
