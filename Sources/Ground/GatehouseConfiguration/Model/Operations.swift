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
