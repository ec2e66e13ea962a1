/// Where events go and what is kept out of them.
public struct Events: Sendable, Equatable {
    /// One JSON line per event on standard output; default true.
    public var stdout = true
    /// A file that rotates.
    public var file: EventFile?
    /// A syslog server (RFC 5424).
    public var syslog: Syslog?
    /// Events that may wait to be written; what is over is dropped and counted. Default 8192.
    public var queue = 8192
    /// What is never written.
    public var redact = Redaction()

    /// Standard output.
    public init() {}
}

extension Events: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "events" }
    /// What it is for.
    public static var about: String { "Where events go, one JSON line each, and what is kept out of them." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Events>] {
        [
            ConfigurationKey("stdout", \.stdout, "Writes events to standard output."),
            ConfigurationKey("file", \.file, "Writes events to a file that rotates."),
            ConfigurationKey("syslog", \.syslog, "Sends events to a syslog server."),
            ConfigurationKey(
                "queue", \.queue, in: 16...1_000_000, "Events that may wait to be written; what is over is dropped and counted."),
            ConfigurationKey("redact", \.redact, "Names whose values are never written, beside the built-in ones.", defaultText: ""),
        ]
    }

    /// Lists a house without records.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard !stdout, file == nil, syslog == nil else { return }
        reader.unsafe("stdout: false", because: "no decision is recorded anywhere", at: node)
    }
}

/// Names whose values never reach an event, beside the built-in ones (Authorization, Cookie, Set-Cookie, tokens in URLs).
public struct Redaction: Sendable, Equatable {
    /// Further header fields.
    public var headers: [FieldName] = []
    /// Further query parameters.
    public var query: [String] = []
    /// Further members of JSON bodies and form fields, wherever a body is quoted.
    public var fields: [String] = []

    /// The built-in names alone.
    public init() {}
}

extension Redaction: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "redact" }
    /// What it is for.
    public static var about: String {
        "Names whose values are never written, beside the built-in ones (Authorization, Cookie, Set-Cookie, tokens in URLs)."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<Redaction>] {
        [
            ConfigurationKey("headers", \.headers, "Header fields."),
            ConfigurationKey("query", \.query, "Query parameters."),
            ConfigurationKey("fields", \.fields, "Members of JSON bodies and form fields, wherever a body is quoted."),
        ]
    }
}
