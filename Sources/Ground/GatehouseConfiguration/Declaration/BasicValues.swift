public import GatehouseCore

extension Bool: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("truth value", example: "true", kind: .boolean) }
    /// `true` or `false`; `yes`, `on` and their like are refused, since YAML versions disagree about them.
    public static func configured(_ text: String) -> Bool? { Bool(text) }
    /// The word that reads back to it.
    public var configuredText: String { String(self) }
    /// The YAML 1.1 words for it.
    public static func hint(for text: String) -> String? {
        switch text.lowercased() {
        case "yes", "on", "y", "1": "did you mean `true`?"
        case "no", "off", "n", "0": "did you mean `false`?"
        default: nil
        }
    }
}

extension Int: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("whole number", example: "100", kind: .integer) }
    /// Decimal digits, perhaps behind a minus.
    public static func configured(_ text: String) -> Int? { text.hasPrefix("+") ? nil : Int(text) }
    /// The word that reads back to it.
    public var configuredText: String { String(self) }
    /// Numbers with separators.
    public static func hint(for text: String) -> String? {
        let digits = text.filter { $0 != "_" && $0 != "," && $0 != "'" }
        return digits != text && Int(digits) != nil ? "did you mean `\(digits)`?" : nil
    }
}

extension String: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("text", example: "abc", looksNumeric: true) }
    /// Any text without control characters.
    public static func configured(_ text: String) -> String? { text.utf8.contains { $0 < 32 || $0 == 127 } ? nil : text }
    /// The word that reads back to it.
    public var configuredText: String { isEmpty ? "\"\"" : self }
}

extension Duration: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("duration", example: "10s", pattern: "^(0|([0-9]+(ms|s|m|h|d|w))+)$", looksNumeric: true)
    }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> Duration? { Duration(text: text) }
    /// The word that reads back to it.
    public var configuredText: String { text }
    /// Numbers without a unit, units in words, spaces.
    public static func hint(for text: String) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        let unit = text.dropFirst(digits.count).filter { $0 != " " }.lowercased()
        let units = [
            "": "s", "sec": "s", "second": "s", "min": "m", "minute": "m", "hour": "h", "hr": "h", "day": "d", "week": "w", "msec": "ms",
        ]
        guard let short = units[unit.hasSuffix("s") && unit.count > 2 ? String(unit.dropLast()) : unit] else { return nil }
        return "did you mean `\(digits)\(short)`?"
    }
}

extension ByteCount: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("byte count", example: "32KiB", pattern: "^[0-9]+([KMGT]i?B|kB|B)?$", looksNumeric: true)
    }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> ByteCount? { ByteCount(text: text) }
    /// Units in other spellings.
    public static func hint(for text: String) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).filter { $0 != " " }.lowercased()
        let units = [
            "k": "KiB", "kb": "KB", "kib": "KiB", "m": "MiB", "mb": "MB", "mib": "MiB", "g": "GiB", "gb": "GB", "gib": "GiB", "b": "B",
        ]
        guard !digits.isEmpty, let short = units[unit] else { return nil }
        return "did you mean `\(digits)\(short)`?"
    }
}

extension Rate: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("rate", example: "100/1m", pattern: "^[0-9]+/([0-9]+(ms|s|m|h|d|w)|ms|s|m|h|d|w)+$")
    }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> Rate? { Rate(text: text) }
    /// Units in words, `per` in place of the slash.
    public static func hint(for text: String) -> String? {
        let parts = text.replacing("per", with: "/").replacing("r/", with: "/").split(separator: "/").map { $0.filter { $0 != " " } }
        guard parts.count == 2, let count = Int(parts[0]) else { return nil }
        let unit = Duration.hint(for: parts[1].first?.isNumber == true ? parts[1] : "1" + parts[1])
        return unit.map { $0.replacing("`1", with: "`\(count)/1") }
    }
}

extension CIDRBlock: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("network", example: "10.0.0.0/8", pattern: "^[0-9a-fA-F.:]+(/[0-9]{1,3})?$") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> CIDRBlock? { CIDRBlock(text: text) }
    /// Networks with bits behind their prefix, and names.
    public static func hint(for text: String) -> String? {
        let parts = text.split(separator: "/")
        guard let address = IPAddress(text: parts.first ?? "") else { return nil }
        guard parts.count == 2, let length = Int(parts[1]), let block = CIDRBlock(address, prefixLength: length) else {
            return "the length is 0 to \(address.family.bitWidth)"
        }
        return "`\(block)` is the network, `\(address)` the host"
    }
}

extension Endpoint: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("host and port", plural: "hosts and ports", example: "127.0.0.1:8080", pattern: "^.*:[0-9]{1,5}$")
    }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> Endpoint? { Endpoint(text: text) }
    /// `off`.
    public static var wordsForNone: [String] { ["off"] }
    /// Missing or bare ports, IPv6 without brackets, URLs.
    public static func hint(for text: String) -> String? {
        if let port = Int(text), (1...65535).contains(port) { return "did you mean `127.0.0.1:\(port)`?" }
        if IPAddress(text: text)?.family == .v6 { return "IPv6 needs brackets and a port: `[\(text)]:8080`" }
        if let mark = text.firstRange(of: "://") { return "did you mean `\(text[mark.upperBound...].prefix { $0 != "/" })`?" }
        return text.contains(":") ? nil : "the port is missing: `\(text):8080`"
    }
}

extension HostPattern: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("host", example: "*.example.com") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> HostPattern? { HostPattern(text) }
    /// URLs, ports and paths.
    public static func hint(for text: String) -> String? {
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        let host = String(rest.prefix { $0 != "/" && $0 != ":" })
        return host != text && HostPattern(host) != nil ? "a host has no scheme, port or path: `\(host)`" : nil
    }
}

extension PathPrefix: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("path prefix", plural: "path prefixes", example: "/api", pattern: "^/") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> PathPrefix? { PathPrefix(text) }
    /// A missing slash.
    public static func hint(for text: String) -> String? {
        PathPrefix("/" + text).map { "a path begins with a slash: `\($0)`" }
    }
}

extension PathPattern: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("path pattern", example: "/users/{id}", pattern: "^=?/") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> PathPattern? { PathPattern(text: text) }
    /// A missing slash, and the parameters of other routers.
    public static func hint(for text: String) -> String? {
        if PathPattern(text: "/" + text) != nil { return "a path begins with a slash: `/\(text)`" }
        return text.contains("*") ? "a prefix takes everything below it; `{rest*}` at the end takes the rest by name" : nil
    }
}

extension FieldName: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("header name", example: "X-Api-Key", pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> FieldName? { FieldName(text) }
}

extension MethodName: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("method", example: "GET", pattern: "^[!#$%&'*+.^_`|~0-9A-Z-]+$") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> MethodName? { MethodName(text) }
    /// Lower case.
    public static func hint(for text: String) -> String? {
        MethodName(text.uppercased()).map { "did you mean `\($0)`?" }
    }
}

extension GuardMode: ConfigurationChoice {}
