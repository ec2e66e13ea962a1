public import GatehouseCore

/// The operator's own port: `/healthz`, `/readyz`, `/metrics`.
public struct Admin: Sendable, Equatable {
    /// Where it listens; nil: nowhere. Default `127.0.0.1:9901`. Beyond loopback is an unsafe choice.
    public var listen: Endpoint? = Endpoint(host: "127.0.0.1", port: 9901)

    /// On loopback.
    public init() {}
}

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

/// A file of events that rotates by size.
public struct EventFile: Sendable, Equatable {
    /// The file; older ones get `.1`, `.2` …
    public var path = FilePath("")
    /// The size at which a new one is begun; default 100 MiB.
    public var maxBytes = ByteCount.mebibytes(100)
    /// How many older files are kept; default 10.
    public var keep = 10

    /// No path yet.
    public init() {}
}

/// A syslog server.
public struct Syslog: Sendable, Equatable {
    /// How messages travel.
    public enum Transport: String, Sendable, CaseIterable {
        /// A datagram each (RFC 5426).
        case udp
        /// Octet-counted on a stream (RFC 6587).
        case tcp
    }

    /// The server; port 514.
    public var address = Endpoint(host: "127.0.0.1", port: 514)
    /// How messages travel; default UDP.
    public var transport = Transport.udp
    /// The facility number of RFC 5424; default 16 (local0).
    public var facility = 16

    /// The local server.
    public init() {}
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

/// The SQL store.
public struct Store: Sendable, Equatable {
    /// A connection string of PostgreSQL (`postgres://…`), by reference; nil: embedded SQLite in the data folder.
    public var postgres: Secret?
    /// A Redis or Valkey URL for counters and sessions that several nodes share, by reference; nil: in memory.
    public var redis: Secret?

    /// Embedded.
    public init() {}
}

extension Admin: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "admin" }
    /// What it is for.
    public static var about: String { "The operator's own port: `/healthz`, `/readyz` and `/metrics`." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Admin>] {
        [
            ConfigurationKey(
                "listen", \.listen, "Where it listens; `off` for nowhere.",
                risk: Risk("an address beyond loopback", because: "metrics and health are open to the network without a password") { $0?.isLoopback == false }),
        ]
    }
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
            ConfigurationKey("queue", \.queue, in: 16...1_000_000, "Events that may wait to be written; what is over is dropped and counted."),
            ConfigurationKey("redact", \.redact, "Names whose values are never written, beside the built-in ones.", defaultText: ""),
        ]
    }

    /// Lists a house without records.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard !stdout, file == nil, syslog == nil else { return }
        reader.unsafe("stdout: false", because: "no decision is recorded anywhere", at: node)
    }
}

extension EventFile: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "event file" }
    /// What it is for.
    public static var about: String { "A file of events; older ones are named `.1`, `.2` and so on." }
    /// The path alone.
    public static var shortForm: ValueForm? { FilePath.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<EventFile>] {
        [
            ConfigurationKey("path", \.path, "The file.", isRequired: true),
            ConfigurationKey("max_bytes", \.maxBytes, in: 4096...ByteCount(1 << 40), "The size at which a new one is begun."),
            ConfigurationKey("keep", \.keep, in: 0...1000, "How many older files are kept."),
        ]
    }

    /// Takes the path alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let path = FilePath.read(node, over: nil, with: &reader) else { return false }
        self.path = path
        return true
    }
}

extension Syslog.Transport: ConfigurationChoice {}

extension Syslog: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "syslog" }
    /// What it is for.
    public static var about: String { "A syslog server (RFC 5424)." }
    /// The address alone.
    public static var shortForm: ValueForm? { Endpoint.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<Syslog>] {
        [
            ConfigurationKey("address", \.address, "The server.", isRequired: true),
            ConfigurationKey("transport", \.transport, "How messages travel: a datagram each (RFC 5426), or counted on a stream (RFC 6587)."),
            ConfigurationKey("facility", \.facility, in: 0...23, "The facility number; 16 is local0."),
        ]
    }

    /// Takes the address alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let address = Endpoint.read(node, over: nil, with: &reader) else { return false }
        self.address = address
        return true
    }
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

extension Store: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "store" }
    /// What it is for.
    public static var about: String { "Where state is kept. By default embedded SQLite in the `data` folder and counters in memory." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Store>] {
        [
            ConfigurationKey("postgres", \.postgres, "The connection string of a PostgreSQL database, by reference.", defaultText: "none: embedded SQLite"),
            ConfigurationKey("redis", \.redis, "The URL of a Redis or Valkey server for counters and sessions that nodes share, by reference.", defaultText: "none: in memory"),
        ]
    }
}
