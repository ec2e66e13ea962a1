public import GatehouseCore

extension Bool: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("truth value", example: "true", kind: .boolean) }
    /// `true` or `false`; `yes`, `on` and their like are refused, since YAML versions disagree about them.
    public static func configured(_ text: String) -> Bool? { Bool(text) }
    /// The word that reads back to it.
    public var configuredText: String { String(self) }
}

extension Int: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("whole number", example: "100", kind: .integer) }
    /// Decimal digits, perhaps behind a minus.
    public static func configured(_ text: String) -> Int? { text.hasPrefix("+") ? nil : Int(text) }
    /// The word that reads back to it.
    public var configuredText: String { String(self) }
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
}

extension ByteCount: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("byte count", example: "32KiB", pattern: "^[0-9]+([KMGT]i?B|kB|B)?$", looksNumeric: true)
    }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> ByteCount? { ByteCount(text: text) }
}

extension Rate: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm {
        ScalarForm("rate", example: "100/1m", pattern: "^[0-9]+/([0-9]+(ms|s|m|h|d|w)|ms|s|m|h|d|w)+$")
    }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> Rate? { Rate(text: text) }
}

extension CIDRBlock: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("network", example: "10.0.0.0/8", pattern: "^[0-9a-fA-F.:]+(/[0-9]{1,3})?$") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> CIDRBlock? { CIDRBlock(text: text) }
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
}

extension HostPattern: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("host", example: "*.example.com") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> HostPattern? { HostPattern(text) }
}

extension PathPrefix: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("path prefix", plural: "path prefixes", example: "/api", pattern: "^/") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> PathPrefix? { PathPrefix(text) }
}

extension PathPattern: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("path pattern", example: "/users/{id}", pattern: "^=?/") }
    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> PathPattern? { PathPattern(text: text) }
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
}

extension GuardMode: ConfigurationChoice {}
